"""The journal in the window: its sheet, notes, and the recall sheet as a file."""
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from gui.acts.part import Part
from gui.dialogs.dialog import kept_on
from gui.dialogs.journal import JournalDialog
from mastering_rt.atomic import write_atomically
from mastering_rt.errors import SessionProblem, reason, shown
from mastering_rt.session.recall import sheet_json, sheet_text

SHEETS = "Recall sheet for eyes (*.txt);;Recall sheet for machines (*.json)"


class Journal(Part):
    """`open` shows the sheet; `follow` lets it keep up."""

    dialog: JournalDialog | None = None

    def open(self) -> None:
        """What was done so far."""
        if self.dialog is not None:
            return
        self.dialog = kept_on(self.window, JournalDialog, self._make)
        self.dialog.fill(self.desk.journal.entries)
        self.dialog.open()

    def _make(self) -> JournalDialog:
        dialog = JournalDialog(self.window)
        dialog.noted.connect(self._note)
        dialog.answered.connect(self._closed)
        return dialog

    def _note(self, words: str) -> None:
        self.attempt(lambda: self.desk.note(words))
        self.follow()

    def follow(self) -> None:
        """Numbers come later than what they belong to."""
        if self.dialog is not None:
            self.dialog.show_entries(self.desk.journal.entries)

    def _closed(self, answer: str) -> None:
        self.dialog = None
        if answer == "export":
            self.export()

    def export(self) -> None:
        """The recall sheet, which rebuilds the session; for machines where its name ends with .json."""
        suggested = self.folder_for("save") / f"{self.acts.files.session_name()} recall.txt"
        path, _ = QFileDialog.getSaveFileName(self.window, "Export the recall sheet", str(suggested), SHEETS)
        if path:
            self.attempt(lambda: self._write(Path(path)))

    def _write(self, path: Path) -> None:
        make = sheet_json if path.suffix.lower() == ".json" else sheet_text
        try:
            write_atomically(path, make(self.desk.session, self.desk.journal.entries).encode("utf-8"))
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else str(error)
            raise SessionProblem(f"The recall sheet cannot be written as {shown(path)}: {why}. Choose another place.") from None
        self.tell(f"The recall sheet is written. It lies at {shown(path)}.")
