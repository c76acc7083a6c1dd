"""The compare bar's keys: sources, the match, snapshots. The heard source is the one large solid colour of the window."""
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, Signal
from PySide6.QtGui import QAccessible, QContextMenuEvent, QPainter
from PySide6.QtWidgets import QWidget

from gui.controls.buttons import Key
from gui.theme import icons, numbers, paint, theme

BAR = 4
LOCK_ROOM = 16
NARROW, SLIM = 40, 64
SOURCES = ("mix", "master", "ref")


class TwoLineKey(Key):
    """A key of the compare bar: name and key hint above, a second line below. `width_of` names its width in `sizes`."""

    def __init__(self, words: str, hint: str, width_of: str, parent: QWidget | None, ground: str, indent: int) -> None:
        super().__init__(parent)
        self._hint = hint
        self._width_of = width_of
        self._indent = indent
        self.setText(words)
        self.set_up(words, ground)

    def show_hint(self, hint: str) -> None:
        """Another key that does the same."""
        if hint != self._hint:
            self._hint = hint
            self.update()

    def measure(self) -> None:
        self.setFixedSize(theme.px(getattr(theme.sizes, self._width_of)), theme.px(theme.sizes.key_height))

    def show_name(self, words: str) -> None:
        """Another name."""
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
            self.update()

    def line(self, number: int) -> QRect:
        """The room of the first or second line of text."""
        offset, height = ((6, 20), (24, 20)) if theme.density == "comfortable" else ((3, 18), (20, 18))
        y, high = (offset, height)[number]
        left, right = theme.px(self._indent), theme.px(10)
        return QRect(left, theme.px(y), self.width() - left - right, theme.px(high))

    def draw_name(self, painter: QPainter, color: str, hint_color: str) -> None:
        """Name, and the key hint at the right."""
        line = self.line(0)
        if self._hint:
            paint.text(painter, line, self._hint, "scale", hint_color, paint.RIGHT)
            line.setRight(line.right() - paint.text_width(self._hint, "scale") - theme.px(4))
        paint.text(painter, line, self.text(), "name", color)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.RadioButton


class SourceKey(TwoLineKey):
    """Mix, master or a reference. `chosen` comes when the key goes down, because a comparison does not wait for the finger to leave."""

    chosen = Signal()

    def __init__(self, source: str, words: str, hint: str = "", parent: QWidget | None = None, *, ground: str = "panel") -> None:
        if source not in SOURCES:
            raise ValueError(f"there is no source {source!r}; choose one of: {', '.join(SOURCES)}")
        self.source = source
        self.heard = False
        self.loudness_lufs: float | None = None
        self.measuring = False
        self.turned_down_db = 0.0
        self.fault = ""
        self.note = ""
        self.narrow = False
        self.locked = False
        self._wide = 0
        super().__init__(words, hint, {"mix": "mix_key", "master": "master_key", "ref": "reference_key"}[source], parent, ground, 14)
        self.pressed.connect(self.chosen)

    def show_width(self, wide: int) -> None:
        """Make do with so many pixels, 0 for what it wants; where there is no room for a name its number stands in its place."""
        narrow = 0 < wide < theme.px(SLIM)
        if (wide, narrow) != (self._wide, self.narrow):
            self._wide, self.narrow = wide, narrow
            self.measure()
            self.update()

    def show_locked(self, locked: bool) -> None:
        """A reference that goes along with the song has a lock."""
        if locked != self.locked:
            self.locked = locked
            self._tell()

    def measure(self) -> None:
        super().measure()
        if self._wide:
            self.setFixedWidth(self._wide)

    def show_heard(self, heard: bool) -> None:
        """Whether this is what sounds now."""
        if heard != self.heard:
            self.heard = heard
            self.update()

    def show_loudness(self, lufs: float | None, *, measuring: bool = False, turned_down_db: float = 0.0) -> None:
        """Integrated loudness, whether that is still an estimate, and by how much the match turns this source down (0 or less)."""
        if (lufs, measuring, turned_down_db) != (self.loudness_lufs, self.measuring, self.turned_down_db):
            self.loudness_lufs, self.measuring, self.turned_down_db = lufs, measuring, turned_down_db
            self._tell()

    def show_fault(self, sentence: str) -> None:
        """What is wrong with the source in a few words, "file is missing"; nothing when all is well."""
        self.fault = sentence
        self._tell()

    def show_note(self, words: str) -> None:
        """Words in place of the loudness, "reading 40 %" or "without EQ"."""
        if words != self.note:
            self.note = words
            self._tell()

    def _tell(self) -> None:
        self.setAccessibleDescription(self.spoken_value())
        self.update()

    def loudness_text(self, unit: str = "LUFS") -> str:
        """The second line without the match: "−12.1 LUFS", "about −12 LUFS", "–"."""
        if self.note:
            return self.note
        return numbers.about(self.loudness_lufs, unit).strip() if self.measuring else numbers.quantity(self.loudness_lufs, unit)

    def match_text(self) -> str:
        """"plays −5.4 dB" where the match turns the source down, else nothing."""
        return f"plays {numbers.quantity(self.turned_down_db, 'dB')}" if round(self.turned_down_db, 1) < 0 else ""

    def match_forms(self) -> tuple[str, ...]:
        """The same in less and less room."""
        number = numbers.number(self.turned_down_db)
        return (self.match_text(), f"plays {number}", numbers.quantity(self.turned_down_db, "dB"), number) if self.match_text() else ()

    def draw(self, painter: QPainter, area: QRect) -> None:
        if not self.isEnabled():
            colors = ("off", "off", "off")
        elif self.heard:
            paint.rounded(painter, self.rect(), f"{self.source}_key")
            colors = (f"on_{self.source}",) * 3
        else:
            plane = "control" if self.isDown() else self.plane("raised")
            paint.rounded_with_edge(painter, self.rect(), plane, self.source, "left", theme.px(BAR))
            colors = ("text", "text2" if self.hover_share or not self._hint else "text3", "danger_text" if self.fault else "text2")
        if self.narrow:
            self._draw_narrow(painter, "danger_text" if self.fault and not self.heard else colors[0], colors[2])
            return
        self.draw_name(painter, colors[0], colors[1])
        self._draw_second_line(painter, colors[2])

    def _draw_narrow(self, painter: QPainter, name_color: str, color: str) -> None:
        """Number over loudness or what is taken off, without a unit."""
        bar = theme.px(BAR)
        first, second = (QRect(bar, self.line(number).y(), self.width() - bar, self.line(number).height()) for number in (0, 1))
        paint.text(painter, first, self._hint or self.text()[:1], "name", name_color, paint.CENTER)
        forms = self.match_forms()
        words = "!" if self.fault else forms[-1] if forms else "..." if self.note else self.loudness_text("").strip()
        paint.text(painter, second, words, "scale", color, paint.CENTER, weight=600 if forms else None)

    def _draw_second_line(self, painter: QPainter, color: str) -> None:
        line = self.line(1)
        if self.locked:
            line.setRight(line.right() - theme.px(LOCK_ROOM))
            icons.draw(painter, "lock", QPointF(line.right() + theme.px(LOCK_ROOM) - theme.px(5), line.center().y() + 1), color)
        forms = self.match_forms() if self.isEnabled() and not self.fault else ()
        words = self.fault or self.loudness_text()
        role = "text"
        if forms:
            beside = self._beside(words, forms if self.note else forms[:1], line.width())
            if beside:
                paint.text(painter, line, beside, "text_strong", color, paint.RIGHT)
            elif not self.note:
                words, role = next((form for form in forms if paint.text_width(form, "text_medium") <= line.width()), forms[-1]), "text_medium"
        elif paint.text_width(words, "text") > line.width() and not self.fault:
            words = self.loudness_text("")
        paint.text(painter, line, words, role, color)

    @staticmethod
    def _beside(words: str, forms: Sequence[str], room: int) -> str:
        """The first of the forms for which there is room beside the words."""
        taken = paint.text_width(words, "text") + theme.px(12)
        return next((form for form in forms if taken + paint.text_width(form, "text_strong") <= room), "")

    def spoken_value(self) -> str:
        parts = (self.fault or self.loudness_text(), "" if self.fault else self.match_text(), "locked to the song" if self.locked else "",
                 "heard" if self.heard else "")
        return ", ".join(part for part in parts if part)

    def spoken_state(self, state: QAccessible.State) -> None:
        """Adds to what Qt knows: which source is heard."""
        state.checkable = 1
        state.checked = int(self.heard)


class MatchedKey(TwoLineKey):
    """Loudness match on or off. On, it names what it is matched over; off, it says in red which source is louder."""

    edited = Signal(bool)
    menu_asked = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None, *, words: str = "Matched", hint: str = "M", ground: str = "panel") -> None:
        self.on = True
        self.basis = ""
        self.forms: tuple[str, ...] = ("",)
        self.warning = ""
        self.why: tuple[str, ...] = ()
        self._short_warnings: tuple[str, ...] = ()
        super().__init__(words, hint, "matched_key", parent, ground, 12)
        self.clicked.connect(lambda: self.edited.emit(not self.on))

    def show_match(self, on: bool, basis: str = "", *, brief: str = "", residual_lu: float | None = None, louder: str = "", by_db: float = 0.0,
                   why: tuple[str, ...] = ()) -> None:
        """`basis` as "over loop" (`brief`: "loop"), with what is left of the difference; when off, the name of the `louder` source and by how much it is.
        `why`: by which passages and with which numbers, for who asks."""
        self.why = why
        self.on = on
        left = "" if residual_lu is None else numbers.quantity(residual_lu, "LU", plus=True) if round(abs(residual_lu), 1) else f"±{numbers.quantity(0.0, 'LU')}"
        self.basis = f"{basis}, {left}" if left else basis
        brief = brief or basis.split(",")[0]
        self.forms = tuple(form for form in (self.basis, f"{brief}, {left}", f"{brief} {left}", f"{brief} {left.removesuffix(' LU')}", left) if left) \
            or (basis, basis.split(",")[0], brief)
        self.warning = f"{louder} is {numbers.quantity(by_db, 'dB')} louder" if louder and round(by_db, 1) > 0 else "same loudness"
        self._short_warnings = (f"{louder} {numbers.quantity(by_db, 'dB', plus=True)}", f"{numbers.quantity(by_db, 'dB')} louder")
        told, reason = f"Matched {self.basis}" if on else self.warning, ": ".join(filter(None, why))
        self.setStatusTip(told if not reason else reason if on else f"{told}. {reason}")
        self.setAccessibleDescription(self.statusTip() if reason else self.spoken_value())
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    def draw(self, painter: QPainter, area: QRect) -> None:
        if not self.isEnabled():
            self.draw_name(painter, "off", "off")
            return
        plane = "control" if self.isDown() else self.plane("raised")
        if self.on:
            paint.rounded_with_edge(painter, self.rect(), plane, "select", "bottom", theme.px(2))
        else:
            paint.rounded(painter, self.rect(), plane)
        self.draw_name(painter, "text" if self.on else "text2", "text2" if self.hover_share else "text3")
        self._draw_second_line(painter)

    def _draw_second_line(self, painter: QPainter) -> None:
        line = self.line(1)
        forms = self.forms if self.on else (self.warning, *self._short_warnings)
        words = next((form for form in forms if paint.text_width(form, "text") <= line.width()), forms[-1])
        color = "text2" if self.on or words == "same loudness" else "danger_text"
        paint.text(painter, line, words, "text", color)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.CheckBox

    def spoken_value(self) -> str:
        return self.basis if self.on else self.warning

    def spoken_state(self, state: QAccessible.State) -> None:
        """Adds whether the match is on."""
        state.checkable = 1
        state.checked = int(self.on)


class SnapshotKey(Key):
    """A letter A to D in neutral, with what it holds: "edited", its loudness difference, or "empty"."""

    def __init__(self, letter: str, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.current = False
        self.note = "empty"
        self.down_db = 0.0
        self.setText(letter)
        self.set_up(f"Snapshot {letter}", ground)
        self.setAccessibleDescription(self.note)

    def measure(self) -> None:
        self.setFixedSize(theme.px(theme.sizes.snapshot_key), theme.px(theme.sizes.key_height))

    def show_state(self, note: str = "empty", *, current: bool = False, down_db: float = 0.0) -> None:
        """What stands under the letter; `current` is the one that is heard, and what the match takes off it (0 or less)."""
        self.note, self.current, self.down_db = note, current, round(down_db, 1)
        plays = f"plays {numbers.quantity(self.down_db, 'dB')}" if current and self.down_db < 0 else ""
        self.setAccessibleDescription(f"{note}, {plays}" if plays else note)
        self.update()

    def forms(self) -> tuple[str, ...]:
        """The second line in less and less room: what is taken off while it is heard, else how loud it is beside the master."""
        if self.current and self.down_db < 0:
            number = numbers.number(self.down_db)
            return f"plays {numbers.quantity(self.down_db, 'dB')}", f"plays {number}", f"{number} dB", number
        return (self.note, self.note.removesuffix(" LU"), "") if self.note != "empty" or theme.density == "comfortable" else ("",)

    def draw(self, painter: QPainter, area: QRect) -> None:
        empty = self.note == "empty"
        plane = "control" if self.isDown() else self.plane(self.ground if empty else "raised")
        if self.current:
            paint.rounded_with_edge(painter, self.rect(), plane, "select", "bottom", theme.px(2))
        elif not empty or self.hover_share or self.isDown():
            paint.rounded(painter, self.rect(), plane)
        color = "off" if not self.isEnabled() or (empty and not self.hovered) else "text" if self.current else "text2"
        wide = self.width()
        second = next(form for form in self.forms() if paint.text_width(form, "scale") <= wide - theme.px(2))
        if not second:
            paint.text(painter, self.rect(), self.text(), "name", color, paint.CENTER)
            return
        first, below = ((6, 22), (26, 18)) if theme.density == "comfortable" else ((3, 18), (20, 18))
        paint.text(painter, QRect(0, theme.px(first[0]), wide, theme.px(first[1])), self.text(), "name", color, paint.CENTER)
        paint.text(painter, QRect(0, theme.px(below[0]), wide, theme.px(below[1])), second, "scale", color, paint.CENTER)
