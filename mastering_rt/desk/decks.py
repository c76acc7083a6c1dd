"""Where the references of a comparison play: a deck for each, at the place where its playhead was left."""
from collections.abc import Sequence

from mastering_rt.audio.mix import LongSong
from mastering_rt.desk.references import References, streamed
from mastering_rt.errors import UsageProblem
from mastering_rt.playback.beside import DECK_NAMES, DECKS, DeckHead, DeckWish
from mastering_rt.playback.player import Player
from mastering_rt.playback.sources import StreamedSong
from mastering_rt.session.comparing import find_reference
from mastering_rt.session.edits import SHORTEST_LOOP_S
from mastering_rt.session.model import Reference, Session


class Decks:
    """For the desk's thread only. `follow` whenever the session has changed, then `refresh`; `poll` with every picture."""

    def __init__(self, player: Player, references: References) -> None:
        self._player, self._references = player, references
        self._session = Session()
        self._ids: list[str] = [""] * DECKS      # whose each deck is; "" for nobody's
        self._streams: list[StreamedSong | None] = [None] * DECKS
        self._places: dict[str, int] = {}        # reference -> where its playhead was left, in frames of its file

    @property
    def ids(self) -> list[str]:
        """The references that have a deck."""
        return [id for id in self._ids if id]

    def source_of(self, id: str) -> str:
        """Which source of the player a reference with a deck is."""
        return DECK_NAMES[self._ids.index(id)]

    def follow(self, session: Session) -> None:
        """The session has changed."""
        self._session = session

    def give_to(self, ids: Sequence[str]) -> None:
        """A deck for each of these references; whoever is not among them lets go."""
        for k, id in enumerate(self._ids):
            if id and id not in ids:
                self._leave(k)
        for id in ids:
            if id not in self._ids:
                self._ids[self._ids.index("")] = id
        self._references.keep(ids)

    def refresh(self, heard: str) -> None:
        """Every deck as the session has its reference now. heard: the reference that sounds, "" for none."""
        for k, id in enumerate(self._ids):
            if id:
                self._refresh(k, find_reference(self._session, id), heard)

    def poll(self, heard: str) -> list[str]:
        """Take what was read of the files. Gives sentences."""
        said: list[str] = []
        for k, id in enumerate(self._ids):
            stream = self._streams[k]
            if id and stream is not None:
                said += stream.take_problem()
            if id and self._references[id].ready:
                self._refresh(k, find_reference(self._session, id), heard)
        return said

    def attach(self) -> None:
        """The player has another engine, which reads where the decks are."""
        for k, stream in enumerate(self._streams):
            if stream is not None:
                stream.attach(DeckHead(self._player.engine, k))

    def forget_places(self) -> None:
        """Another session: nothing was left anywhere."""
        self._places.clear()

    def frame_of(self, id: str) -> int:
        """Where the playhead of a reference is, in frames of its file."""
        reference = find_reference(self._session, id)
        if id in self._ids and self._player.wishes.decks[self._ids.index(id)] is not None:
            return self._from_engine(reference, self._player.beside.deck_frame(self._ids.index(id)))
        return self._places.get(id, reference.cues[0] if reference.cues else 0)

    def seek(self, id: str, frame: int) -> None:
        """Let a reference with its own playhead go to a frame of its file. A locked one stands where the song stands."""
        reference = find_reference(self._session, id)
        if reference.locked:
            raise UsageProblem(f"{reference.title} is locked to the song; seek the song, or free it first.")
        frame = min(max(frame, 0), reference.source.frames - 1)
        self._places[id] = frame
        if id in self._ids:
            k, at = self._ids.index(id), self._to_engine(reference, frame)
            stream = self._streams[k]
            if stream is not None:
                stream.expect(at, None)
            self._player.beside.go(k, at)

    def close(self) -> None:
        """Let go of the disk."""
        for k in range(DECKS):
            self._close_stream(k)

    def _leave(self, k: int) -> None:
        reference = next((r for r in self._session.references if r.id == self._ids[k]), None)
        if reference is not None and self._player.wishes.decks[k] is not None:
            self._places[reference.id] = self._from_engine(reference, self._player.beside.deck_frame(k))
        self._ids[k] = ""
        self._player.set_deck(k, None)
        self._close_stream(k)

    def _close_stream(self, k: int) -> None:
        stream, self._streams[k] = self._streams[k], None
        if stream is not None:
            stream.close()

    def _refresh(self, k: int, reference: Reference, heard: str) -> None:
        playing, rate = self._player.wishes.decks[k], self._player.rate_hz
        stale = playing is None or playing.source.rate != rate
        from_disk = self._streams[k] is not None and self._references[reference.id].memory is not None and heard != reference.id    # not under the ear
        source = self._source_for(k, reference.id) if stale or from_disk else playing.source if playing is not None else None
        if source is None:
            return
        locked = reference.locked
        at = self._offset(reference) if locked else self._to_engine(reference, self._place(k, reference, playing))
        span = None if locked else self._span(reference)
        if playing is None or (source, locked, span) != (playing.source, playing.locked, playing.loop) or (locked and at != playing.at):
            stream = self._streams[k]
            self._player.set_deck(k, DeckWish(source, at, locked, span))
            if stream is not None:
                stream.expect(at, span)
            self.attach()

    def _span(self, reference: Reference) -> tuple[int, int] | None:
        """Its loop as the engine counts; one of a strange session that is too short to be heard as a loop is not played."""
        loop = reference.loop
        if loop is None or not loop.on:
            return None
        start, stop = self._to_engine(reference, loop.start_frame), self._to_engine(reference, loop.stop_frame)
        return (start, stop) if stop - start >= SHORTEST_LOOP_S * self._player.rate_hz - 1 else None

    def _source_for(self, k: int, id: str) -> object:
        self._close_stream(k)
        source = self._references.source(id)
        if isinstance(source, LongSong):
            stream = self._streams[k] = streamed(source, self._player.rate_hz)
            return stream.source
        return source

    def _place(self, k: int, reference: Reference, playing: DeckWish | None) -> int:
        """Where it goes on, in frames of its file: where it was left, else its first cue or its loop."""
        if playing is not None and playing.source.rate == self._player.rate_hz:
            return self._from_engine(reference, self._player.beside.deck_frame(k))
        first = reference.loop.start_frame if reference.loop is not None and reference.loop.on else 0
        return self._places.get(reference.id, reference.cues[0] if reference.cues else first)

    def _to_engine(self, reference: Reference, frame: int) -> int:
        return round(frame * self._player.rate_hz / reference.source.sample_rate_hz)

    def _from_engine(self, reference: Reference, frame: int) -> int:
        return min(round(frame * reference.source.sample_rate_hz / self._player.rate_hz), reference.source.frames - 1)

    def _offset(self, reference: Reference) -> int:
        return round(reference.offset_frames * self._player.rate_hz / self._player.song_rate_hz)
