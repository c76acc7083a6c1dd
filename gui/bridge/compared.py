"""What the compare bar says of references, snapshots and the match."""
from gui.acts.acts import Acts
from gui.bridge.match_words import match_words
from gui.bridge.once import Once
from gui.editors.frame import StageFrame
from gui.window.compared import ReferenceState
from mastering_rt.desk.references import Band, band_of
from mastering_rt.desk.sides import MASTER, MIX, Side
from mastering_rt.session.comparing import find_snapshot
from mastering_rt.session.model import LETTERS, Reference

BASES = {"loop": "over loop", "song": "whole song", "recent": "since the last change", "estimate": "estimate, still measuring",
         "drive": "drive taken back", "none": "not measured"}
MEASURED = ("loop", "song")      # what is left of a difference is only told where that was measured with the settings as they are
BRIEF = {"loop": "loop", "song": "song", "recent": "last change", "estimate": "estimate", "drive": "drive", "none": "not measured"}


class Compared:
    """`show` whenever something may have changed."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._once = Once()
        self.band: Band | None = None            # spectra and loudness of the set of references
        self._level = 0.0

    def show(self) -> None:
        desk, bar = self._acts.desk, self._acts.window.compare
        bar.references.show_references([self._reference(reference) for reference in desk.session.references])
        side = desk.compare.side
        bar.snapshots.show_snapshots({letter: self._snapshot(letter) for letter in LETTERS}, side.name if side.kind == "snapshot" else "",
                                     desk.gain_db(side))
        self._show_match()
        self._show_band()

    def dress(self, frame: StageFrame) -> None:
        """A new editor gets the band of the references."""
        if frame.editor.spectrum is not None and self.band is not None:
            low, middle, high = (db + self._level for db in (self.band.low_db, self.band.middle_db, self.band.high_db))
            frame.editor.spectrum.set_reference_band(self.band.hz, low, middle, high)

    def _show_band(self) -> None:
        """The set of references as a band, as loud as what is compared plays."""
        desk = self._acts.desk
        facts = [found for found in (desk.compare.references.facts(r.id) for r in desk.session.references) if found is not None]
        level = desk.compare.mix_lufs()
        level = None if level is None else round(level + desk.gain_db(MIX), 1)
        if not self._once.fresh("band", tuple(facts), level):
            return
        self.band = band_of(facts) if level is not None else None
        self._level = level or 0.0
        if self.band is None:
            self._acts.window.stage.each(lambda frame: frame.editor.spectrum.set_reference_band(None) if frame.editor.spectrum is not None else None)
        else:
            self._acts.window.stage.each(self.dress)

    def _reference(self, reference: Reference) -> ReferenceState:
        desk = self._acts.desk
        side, entry = Side("reference", reference.id), desk.compare.references[reference.id]
        under_way = desk.compare.references.under_way
        share = under_way[1] if under_way is not None and under_way[0] == reference.id else 0.0
        facts = entry.facts
        return ReferenceState(reference.id, reference.title, facts.integrated_lufs if facts is not None else None,
                              round(desk.gain_db(side), 1) if facts is not None and side == desk.compare.side else 0.0, entry.problem, None if facts is not None else share,
                              reference.locked, side == desk.compare.side)

    def _snapshot(self, letter: str) -> str:
        """What stands under the letter: empty, how much louder than the master it is where that is known, or its name."""
        desk = self._acts.desk
        snapshot = find_snapshot(desk.session, letter)
        if snapshot is None:
            return "empty"
        if snapshot.chain == desk.session.chain:
            return "as now"
        known = desk.loudness_beside(snapshot.chain)
        return snapshot.label[:8] or (f"{known:+.1f} LU".replace("-", "\N{MINUS SIGN}") if known is not None else "stored")

    def _show_match(self) -> None:
        """What the pair is matched over, and what the gains leave of the difference; while the match is off, who is louder."""
        desk = self._acts.desk
        compare, key = desk.compare, self._acts.window.compare.matched
        basis, difference = compare.basis(), compare.difference_lu()
        residual = compare.residual_lu() if desk.levelled and basis in MEASURED else None
        residual = None if residual is None else round(residual, 1) + 0.0
        why = match_words(desk)
        if not self._once.fresh("match", desk.levelled, basis, difference, compare.pair, residual, why):
            return
        sides = [compare.title(MASTER if side.kind == "delta" else side) for side in compare.pair]
        louder = "" if difference is None else sides[1] if difference > 0 else sides[0]
        key.show_match(desk.levelled, BASES[basis], brief=BRIEF[basis], residual_lu=residual, louder=louder, by_db=abs(difference or 0.0), why=why)


def shown_source(heard: str) -> str:
    """The colour of what is heard: mix, master or ref; another chain and a delta are masters."""
    return {"mix": "mix", "reference": "ref"}.get(heard, "master")

