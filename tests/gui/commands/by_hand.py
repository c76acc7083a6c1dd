"""A command is run as a hand does it, and a function says what it does."""

RATE = 48000


def does(*ids):
    """The function below says what these commands do; it is given the rig and `press`, which runs the command once."""
    def keep(check):
        check.commands = ids
        return check
    return keep


class Press:
    """Runs one command by its first key, or from the menu where it has none."""

    def __init__(self, rig, command):
        self.rig, self.command = rig, command

    def __call__(self):
        if self.command.keys:
            self.rig.key(self.command.keys[0])
        else:
            self.rig.program.keyboard.run(self.command)

    @property
    def on(self):
        """Whether the menu would show it as in force."""
        return self.command.on(self.rig.acts)


def rows_of(menu):
    """All rows of a menu and of those inside it that do something."""
    for action in menu.actions():
        if action.menu() is not None:
            yield from rows_of(action.menu())
        elif action.text():
            yield action
