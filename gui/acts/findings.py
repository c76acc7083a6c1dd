"""What was found in the mix, and in the master besides: its marks in the song, the sheet that lists it, and one quiet word when something grave is among it."""
from typing import TYPE_CHECKING

from gui.acts.part import Part
from gui.controls import access
from gui.dialogs.dialog import kept_on
from gui.dialogs.findings import FindingsDialog, Row, row_of, words_of
from gui.plots.song_data import Finding as Mark
from mastering_rt.desk.looking import new_in_master

if TYPE_CHECKING:
    from gui.acts.acts import Acts


class Findings(Part):
    """`follow` from every frame; `open` shows the sheet, `go` the place of one finding. `rows` is None while nothing is known."""

    dialog: FindingsDialog | None = None
    rows: list[Row] | None = None

    def __init__(self, acts: "Acts") -> None:
        super().__init__(acts)
        self._seen: tuple[object, object, str, object] = (None, None, "", None)
        self._last = 0

    def follow(self) -> None:
        """Takes findings that have come, and forgets those of another mix."""
        self._follow()
        self._show_count()

    def _follow(self) -> None:
        seen = (self.desk.song, self.desk.findings, self.desk.looking.problem, self.desk.master_findings)
        if all(now is before for now, before in zip(seen, self._seen, strict=True)):
            return
        if seen[0] is not self._seen[0]:
            self._last = 0
        of_another_mix = seen[:2] != self._seen[:2]
        self._seen = seen
        self._show_marks()
        if of_another_mix:
            self._tell_grave()
        if self.dialog is not None:
            self.dialog.answer("renew")
            self.open()

    def _show_count(self) -> None:
        """On the key in the song's header: how many there are, if that is known."""
        if self.desk.song is None:
            words = ""
        elif self.rows is not None and self.desk.findings is not None:
            words = f"{len(self.rows) or 'No'} finding{'' if len(self.rows) == 1 else 's'}"
        elif self.desk.looking.problem:
            words = "Not looked through"
        else:
            words = "Looking..."
        self.window.song.show_findings(words, "What was found in the mix and in the master, as a list, Shift+F")

    def _show_marks(self) -> None:
        song, mix = self.desk.song, self.desk.findings
        self.rows = None
        marks = []
        if song is not None and mix is not None:
            rate = song.sample_rate_hz
            master = new_in_master(mix, self.desk.master_findings or ())
            found = sorted([*((finding, False) for finding in mix), *((finding, True) for finding in master)], key=lambda pair: pair[0].time_s)
            self.rows = [row_of(finding, song.frames / rate, of_master) for finding, of_master in found]
            marks = [Mark(min(round(finding.time_s * rate), song.frames), row.text, finding.severity == "act")
                     for (finding, _), row in zip(found, self.rows, strict=True)]
        self.window.song.view.set_findings(marks)

    def _tell_grave(self) -> None:
        """Findings of a mix come once, and so does this; those of the master come with every change and are only shown."""
        grave = [row for row in self.rows or () if row.severity == "act"]
        if grave:
            count = "One thing" if len(grave) == 1 else f"{len(grave)} things"
            where = grave[0].placed if len(grave) == 1 else f"the first {grave[0].placed}"
            self.window.toasts.tell(f"{count} in the mix should be fixed.", f"{where[0].upper()}{where[1:]}: {grave[0].text}",
                                    [("Show", self.open)])

    def open(self) -> None:
        """The sheet, on the finding that was gone to last."""
        if self.desk.song is None or self.dialog is not None:
            return
        self.dialog = kept_on(self.window, FindingsDialog, self._make)
        problem = self.desk.looking.problem
        self.dialog.fill(*words_of(self.rows, problem), self.rows or () if not problem else (), self._last)
        self.dialog.open()

    def _make(self) -> FindingsDialog:
        dialog = FindingsDialog(self.window)
        dialog.answered.connect(lambda _answer: self._closed())
        dialog.chosen.connect(self.go)
        return dialog

    def _closed(self) -> None:
        self.dialog = None

    def go(self, index: int) -> None:
        """To the place of a finding; from there J and K go on."""
        marks = self.window.song.view.scene.findings
        if index < len(marks):
            self.acts.hearing.seek(marks[index].frame)
            self.window.song.view.setFocus()
            self.say(index)

    def say(self, index: int) -> None:
        """The sentence of a finding that was gone to, in the status line and spoken."""
        self._last = index
        rows = self.rows or []
        if index < len(rows):
            self.window.status.show_help(rows[index].spoken)
            access.announce(self.window.song.view, rows[index].spoken)
