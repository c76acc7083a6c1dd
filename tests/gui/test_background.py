"""Jobs behind the window: each is ended once, whenever it happens to be done."""
from gui.acts.background import Background


class Ends:
    """Done from the given look on."""

    def __init__(self, look):
        self.left = look

    @property
    def done(self):
        self.left -= 1
        return self.left < 0


def test_a_job_that_ends_while_jobs_are_counted_is_not_lost():
    for look in range(4):
        background, ended, job = Background(), [], Ends(look)
        background.add(job, ended.append)
        for _ in range(6):
            background.poll()
        assert ended == [job] and not background.busy
