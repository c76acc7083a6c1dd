"""Song, legend and numbers follow what is heard: another chain's picture in the master's place, a reference in its own time and colour."""
from gui.acts.acts import Acts
from gui.bridge.heard_song import HeardSong, reference_at, short_title
from gui.bridge.once import Once
from gui.bridge.song import WholeSong
from gui.meters.reading import SongNumbers

UNKNOWN = SongNumbers()
DELTA_LEVELLED = "gain taken out"


class Shown:
    """`show` whenever something may have changed, after the session's own song has been shown."""

    def __init__(self, acts: Acts, song: WholeSong) -> None:
        self._acts = acts
        self._song = song
        self._once = Once()
        self._heard = HeardSong(acts)

    def show(self) -> None:
        """Everything of the whole song that depends on what is heard."""
        self._heard.follow()
        self._show_song()
        self._show_reference()
        self._show_numbers()

    def _show_song(self) -> None:
        """Wave, loudness and reduction of the chain that is heard; of one that is not measured yet nothing."""
        heard = self._heard
        self._song.show_instead(heard.is_chain, heard.chain)
        zone, side = self._acts.window.song, heard.side
        master = self._acts.desk.compare.title(side) if heard.is_chain else "Master"
        reference = self._acts.desk.compare.title(side) if heard.is_reference else "Reference"
        zone.show_names(master, reference)

    def _show_reference(self) -> None:
        """Its own wave, time and loop; the song comes back with everything else."""
        desk, zone = self._acts.desk, self._acts.window.song
        reference = reference_at(desk.session, desk.heard, desk.compare.side)
        found = self._heard.reference
        if not self._once.fresh("reference", reference, found, desk.session.loop, desk.song):
            return
        zone.show_guest(reference is not None)
        if reference is None:
            self._acts.window.song.transport.show_song(desk.song.frames / desk.song.sample_rate_hz if desk.song is not None else 0.0)
            return
        rate, view = reference.source.sample_rate_hz, zone.guest
        if self._once.fresh("guest", reference.id, reference.source):
            view.set_song(reference.source.frames, rate)
        view.set_overview("ref", found.facts.overview if found is not None else None)
        view.set_loudness("ref", found.loudness if found is not None else None)
        view.set_psr("ref", found.psr if found is not None else None)
        loop = reference.loop
        view.set_loop((loop.start_frame, loop.stop_frame) if loop is not None else None, loop is not None and loop.on and not reference.locked)
        zone.transport.show_song(reference.source.frames / rate, "locked to the song" if reference.locked else "its own time")

    def _show_numbers(self) -> None:
        """The table has the heard source's numbers in the stronger column."""
        heard, meters, desk = self._heard, self._acts.window.meters, self._acts.desk
        known = heard.chain.master if heard.chain is not None else heard.reference.numbers if heard.reference is not None else UNKNOWN
        if not self._once.fresh("numbers", heard.side, known, desk.heard, desk.session.references):
            return
        if heard.is_reference:
            meters.show_columns((("master", "Master"), ("ref", "Ref")))
            meters.show_song("ref", known)
            meters.show_instead(None)
        elif heard.is_chain:
            meters.show_columns((("mix", "Mix"), ("master", short_title(heard.side))))
            meters.show_instead(known)
        else:
            meters.show_columns((("mix", "Mix"), ("master", "Master")))
            meters.show_instead(UNKNOWN if desk.heard == "delta" else None, table=False)


def words_of(acts: Acts) -> str:
    """What is heard, as a person calls it."""
    desk = acts.desk
    if desk.heard == "blind":
        return "Master"
    words = desk.compare.title(desk.compare.side)
    return f"{words}, {DELTA_LEVELLED}" if desk.heard == "delta" and acts.hearing.delta_levelled else words
