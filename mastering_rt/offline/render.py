"""The master as a file: the chain that is heard, run offline, written, and read back from the disk."""
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np
from msgspec import Struct, to_builtins
from msgspec.structs import asdict

from dsp_core.engine.chain import Chain
from dsp_core.params import LABELS, STAGES
from mastering_rt.audio.files import AudioFile, open_audio
from mastering_rt.audio.mix import file_blocks, open_source_file
from mastering_rt.audio.resample import Resampler, resampled_length
from mastering_rt.audio.song import state_of
from mastering_rt.audio.writer import AudioWriter
from mastering_rt.errors import Cancelled, Check, NotReadBack, UsageProblem, clock, fault_sentences, grouped, shown
from mastering_rt.measure.analysis import analyze_file
from mastering_rt.measure.report import FileReport
from mastering_rt.offline.exact import Exact, ExactReport, gain_of
from mastering_rt.offline.loudness_target import reach_loudness
from mastering_rt.offline.run import Planes, build_stages, chunks_within, faults_of, run_chain
from mastering_rt.plugins.units import versions_said
from mastering_rt.session.model import Bits, Session, Slot

Progress = Callable[[str, float], None]
HASH_BYTES = 1 << 20
LISTENING = ("solo", "mute", "listen")
OVER_DB = 0.005                  # a true peak is printed with two decimals
LEFT_OVER_DB = 0.01              # what the exact mode promises at most


@dataclass(frozen=True)
class RenderOptions:
    """What the file is to be. sample_rate_hz None: the mix's own. range_s: seconds of the song, (start, stop), stop None for its end.

    target_lufs: the limiter's drive is set so that the whole song reads this loudness. exact: what still passes the ceiling behind the
    limiter at the end of the chain is found and taken off (`mastering_rt.offline.exact`).
    """

    bits: Bits = "24"
    dither: str = "auto"
    sample_rate_hz: int | None = None
    range_s: tuple[float, float | None] | None = None
    target_lufs: float | None = None
    overwrite: bool = False
    exact: bool = False


class RenderReport(Struct, frozen=True, kw_only=True):
    """What was read back from the written file, and how it came about. `notices`: sentences on what differs from what was asked.

    container and subtype are libsndfile's names for what lies on the disk; bits is what was asked for.
    """

    file: FileReport
    gain_reduction_max_db: float
    gain_reduction_mean_db: float
    latency_samples: int
    sha256: str
    realtime_factor: float
    bits: str
    container: str
    subtype: str
    dither: str
    quantizer_clipped_samples: int
    ceiling_dbtp: float | None
    exact: ExactReport | None
    notices: tuple[str, ...]
    chain: tuple[Slot, ...]

    def as_json(self) -> dict[str, object]:
        """The keys of the command line's --json."""
        own = {**asdict(self), "exact": to_builtins(self.exact)}
        return {**asdict(own.pop("file")), **{key: value for key, value in own.items() if key != "chain"}}


class _Reduction:
    """Largest and mean gain reduction of all stages together, block by block."""

    def __init__(self) -> None:
        self.most_db, self._sum, self._chunks = 0.0, 0.0, 0

    def take(self, reduction_db: np.ndarray) -> None:
        together = reduction_db.sum(axis=0)
        self.most_db = max(self.most_db, float(together.max(initial=0.0)))
        self._sum, self._chunks = self._sum + float(together.sum()), self._chunks + together.shape[0]

    @property
    def mean_db(self) -> float:
        return self._sum / self._chunks if self._chunks else 0.0


def render(source: str, out: str, session: Session, options: RenderOptions = RenderOptions(), *,
           progress: Progress | None = None, cancelled: Callable[[], bool] | None = None) -> RenderReport:
    """Run `source` through the session's chain and write the master to `out`.

    `progress` is told what is being done and the share of it. Nothing appears under the final name until all of it is written;
    the source is never touched. Raises MasteringError (UsageProblem, FileProblem, RenderProblem, Cancelled).
    """
    check = _stopper(cancelled)
    tell = _teller(progress, check)
    began = time.perf_counter()
    with _opened(source, session) as file:
        rate = options.sample_rate_hz or file.sample_rate_hz
        frames = resampled_length(file.frames, file.sample_rate_hz, rate)
        first, last = _range_frames(options.range_s, frames, rate)
        notices = [*_changed_since(source, session), *_first_notices(file, rate), *_parts_heard(session.chain)]
        chain = session.chain
        if options.exact:
            _ceiling_to_hold(chain)
        if options.target_lufs is not None:
            reached = reach_loudness(chain, options.target_lufs, lambda: _converted(file, rate), frames, rate, tell, check)
            chain = reached.chain
            notices += [reached.notice] if reached.notice else []
        runner = _runner(chain, rate, check)
        notices += versions_said(chain, runner.stages)
        reduction = _Reduction()
        with AudioWriter(out, rate, 2, options.bits, overwrite=options.overwrite, frames=last - first, dither=options.dither,
                         sources=[source]) as writer:
            exact = Exact(rate, gain_of(_ceiling_to_hold(chain)), writer.noise_peak, first / rate) if options.exact else None
            at = 0
            for master, reduced in run_chain(runner, _converted(file, rate), frames, check):
                reduction.take(chunks_within(reduced, at if at else -runner.latency_frames, first, last))
                piece = np.ascontiguousarray(master[:, max(0, first - at):max(0, last - at)])
                writer.write(exact.process(piece) if exact else piece)
                at += master.shape[1]
                tell("Rendering", at / frames)
                if at >= last:
                    break
            if exact:
                writer.write(exact.finish())
            path = writer.commit()
        took = time.perf_counter() - began
        notices += [file.repair_notice()] if file.repair_notice() else []
        notices += fault_sentences(faults_of(runner.stages))
        tell = _teller(progress, _stopper(cancelled, NotReadBack,
                                          f"{shown(path)} is written and complete; reading it back was stopped, so it was not measured."))
        return _report(path, writer, options, chain, runner, reduction, notices, at / rate / took, exact.report() if exact else None, tell)


def _opened(path: str, session: Session) -> AudioFile:
    """The mix as the session uses it, where the session is about this mix."""
    source = session.source
    same = source is not None and os.path.abspath(path) == source.path
    return open_source_file(source) if source is not None and same else open_audio(path)


def _stopper(cancelled: Callable[[], bool] | None, kind: type[Cancelled] = Cancelled,
             sentence: str = "The render was stopped; nothing was written.") -> Check:
    def check() -> None:
        if cancelled and cancelled():
            raise kind(sentence)
    return check


def _teller(progress: Progress | None, check: Check) -> Progress:
    def tell(what: str, share: float) -> None:
        check()
        if progress:
            progress(what, min(1.0, share))
    return tell


def _runner(chain: tuple[Slot, ...], rate: int, check: Check) -> Chain:
    try:
        return Chain(rate, build_stages(chain, rate, check=check))
    except ValueError as error:
        raise UsageProblem(f"The chain cannot run: {error}.") from None


def _ceiling_to_hold(chain: tuple[Slot, ...]) -> float:
    """The ceiling of the exact mode, in dBTP."""
    ceiling = ceiling_of(chain)
    if ceiling is None:
        raise UsageProblem("The exact mode holds the ceiling of a limiter that ends the chain, with mix at 100 % and placed on stereo; this chain "
                           "has none. Put a limiter last, or render without the exact mode.")
    return ceiling


def _changed_since(path: str, session: Session) -> Iterator[str]:
    """A session that knows this mix as it was before."""
    source = session.source
    if source is not None and os.path.abspath(path) == source.path and state_of(source) == "changed":
        yield f"{shown(path)} has changed since the session was saved; what is rendered is the mix as it is now."


def _parts_heard(chain: tuple[Slot, ...]) -> Iterator[str]:
    """Solos, mutes and detectors that are listened to: they are in the sound, and seldom meant for a file."""
    for slot in chain:
        for param in STAGES[slot.kind] if not slot.bypassed else ():
            if param.id.rsplit("_", 1)[-1] in LISTENING and slot.value(param.id):
                yield (f"{LABELS[slot.kind]}: {param.id.replace('_', ' ')} is on, so the file holds what is heard then. "
                       "Switch it off to render the whole sound.")


def _first_notices(file: AudioFile, rate: int) -> Iterator[str]:
    yield from file.notices
    if file.channels == 1:
        yield f"{shown(file.path)} is mono; the master has two channels, which makes it 3.01 LU louder than the mono file measures."
    if rate != file.sample_rate_hz:
        yield f"The mix was converted from {file.sample_rate_hz} Hz to {rate} Hz before the chain, so that the ceiling holds in the written file."


def _converted(file: AudioFile, rate: int) -> Iterator[Planes]:
    """The mix in stereo blocks at the rate of the render."""
    converter = Resampler(2, file.sample_rate_hz, rate)
    for block in file_blocks(file):
        yield converter.process(block)
    yield converter.finish()


def _range_frames(range_s: tuple[float, float | None] | None, frames: int, rate: int) -> tuple[int, int]:
    if range_s is None:
        return 0, frames
    start, stop = range_s
    first, last = round(start * rate), frames if stop is None else min(frames, round(stop * rate))
    if not (isfinite(start) and 0 <= first < last):
        raise UsageProblem(f"There is nothing to render from {clock(start)} to {clock(stop) if stop is not None else 'the end'}; "
                           f"the song lasts {clock(frames / rate)}.")
    return first, last


def _report(path: Path, writer: AudioWriter, options: RenderOptions, chain: tuple[Slot, ...], runner: Chain, reduction: _Reduction,
            notices: list[str], speed: float, exact: ExactReport | None, tell: Progress) -> RenderReport:
    with open_audio(path) as written:
        container, subtype = written.container, written.subtype
    found = analyze_file(path, progress=lambda share: tell("Reading back", share))
    ceiling = ceiling_of(chain)
    if ceiling is not None and found.true_peak_dbtp is not None and found.true_peak_dbtp > ceiling + OVER_DB:
        remedy = "Render in exact mode" if found.true_peak_exact and not exact else "Lower the ceiling, or render with more bits"
        notices.append(f"The true peak of the written file, {found.true_peak_dbtp:+.2f} dBTP, passes the ceiling of {ceiling:.2f} dBTP. {remedy}.")
    if exact and exact.left_over_db > LEFT_OVER_DB:
        notices.append(f"The exact mode left {exact.left_over_db:.2f} dB over its limit after {exact.passes} passes. Lower the drive of the limiter.")
    if options.bits == "20":
        notices.append("20 bits are written in words of 24, of which the lowest 4 bits are 0.")
    if writer.clipped:
        notices.append(f"{grouped(writer.clipped)} samples were cut at full scale. Put a limiter at the end of the chain, or turn the last stage down.")
    return RenderReport(file=found, gain_reduction_max_db=reduction.most_db, gain_reduction_mean_db=reduction.mean_db,
                        latency_samples=runner.latency_frames, sha256=file_hash(path), realtime_factor=speed, bits=options.bits,
                        container=container, subtype=subtype, dither=writer.dither, quantizer_clipped_samples=writer.clipped,
                        ceiling_dbtp=ceiling, exact=exact, notices=tuple(notices), chain=chain)


def ceiling_of(chain: tuple[Slot, ...]) -> float | None:
    """The ceiling the master promises: that of a limiter at the end of the chain, wholly in the path; else None."""
    heard = [slot for slot in chain if not slot.bypassed]
    if not heard or heard[-1].kind != "limiter" or heard[-1].value("mix") != 100 or heard[-1].value("placement") != 0:
        return None
    return heard[-1].value("ceiling")


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(HASH_BYTES):
            digest.update(piece)
    return digest.hexdigest()
