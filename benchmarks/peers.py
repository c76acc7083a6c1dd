"""Other programs' ways of running the same chains. Each job is a run that gives its processor time in seconds, and what came out of it.

Our own sources (benchmarks/lv2_host.c, faust_host.cpp, short_chain.dsp) are compiled into a folder that goes with the run.
"""
import importlib.util
import resource
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np

from benchmarks.chain_jobs import (
    ATTACK_MS,
    BAND_RATIO,
    BAND_THRESHOLD_DB,
    BELLS,
    CEILING_DB,
    CLIPPER_CEILING_DB,
    CLIPPER_DRIVE_DB,
    DRIVE_DB,
    DYNAMIC_HZ,
    DYNAMIC_RANGE_DB,
    DYNAMIC_THRESHOLD_DB,
    EIGHT_BELLS,
    HIGH_SHELF,
    LAST_DRIVE_DB,
    LIMITER_RELEASE_MS,
    LOW_CUT_HZ,
    LOW_SHELF,
    RATE,
    RATIO,
    RELEASE_MS,
    SPLITS_HZ,
    THRESHOLD_DB,
)

HERE = Path(__file__).parent
BLOCK_FRAMES = 1024                      # of the LV2 and Faust hosts
LSP = "http://lsp-plug.in/plugins/lv2/"
LSP_NO_OVERSAMPLING, LSP_FULL_4X = 0, 16
LSP_BELL, LSP_HIGH_PASS, LSP_HIGH_SHELF, LSP_LOW_SHELF = 1, 2, 3, 5


class NotInstalled(Exception):
    """Why a peer is left out."""


def gain_of(db):
    return 10 ** (db / 20)


def run_program(words):
    """Processor time of a finished program and its children, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise NotInstalled(f"{Path(str(words[0])).name} failed: {done.stderr.strip()[-300:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def compile_program(words, missing):
    try:
        subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise NotInstalled(missing) from None
    except subprocess.CalledProcessError as error:
        raise NotInstalled(f"{missing} ({error.stderr.strip()[-300:]})") from None


# pedalboard: float32, in this process

def pedalboard_job(board, mix, buffer_frames=8192):
    sound = mix.astype(np.float32)

    def run():
        start = time.process_time()
        out = board.process(sound, RATE, buffer_size=buffer_frames, reset=True)
        return time.process_time() - start, lambda: out.astype(np.float64)

    return run


def pedalboard_short(mix, buffer_frames):
    if importlib.util.find_spec("pedalboard") is None:
        raise NotInstalled("pedalboard is not installed (pip install pedalboard)")
    import pedalboard as p
    eq = [p.HighpassFilter(LOW_CUT_HZ), p.LowShelfFilter(*LOW_SHELF), *(p.PeakFilter(*bell) for bell in BELLS), p.HighShelfFilter(*HIGH_SHELF)]
    return pedalboard_job(p.Pedalboard([*eq, p.Compressor(THRESHOLD_DB, RATIO, ATTACK_MS, RELEASE_MS), p.Gain(DRIVE_DB),
                                        p.Limiter(CEILING_DB, LIMITER_RELEASE_MS)]), mix, buffer_frames)


def pedalboard_default(mix):
    """No dynamic EQ, no oversampled clipping, no true peak, no meters; bands split by its first-order filters."""
    if importlib.util.find_spec("pedalboard") is None:
        raise NotInstalled("pedalboard is not installed (pip install pedalboard)")
    import pedalboard as p
    edges = [None, *SPLITS_HZ, None]
    splits = [p.Pedalboard([*([p.HighpassFilter(low)] if low else []), *([p.LowpassFilter(high)] if high else []),
                            p.Compressor(BAND_THRESHOLD_DB, BAND_RATIO, ATTACK_MS, RELEASE_MS)])
              for low, high in zip(edges, edges[1:])]
    return pedalboard_job(p.Pedalboard([*(p.PeakFilter(*bell) for bell in EIGHT_BELLS), p.Mix(splits), p.Gain(CLIPPER_DRIVE_DB),
                                        p.Clipping(CLIPPER_CEILING_DB), p.Gain(LAST_DRIVE_DB), p.Limiter(CEILING_DB, LIMITER_RELEASE_MS)]), mix)


# ffmpeg: float64 in and out, less what it takes to pass the sound on

def ffmpeg_words(source, graph, *sink):
    return ["ffmpeg", "-v", "error", "-nostats", "-nostdin", "-y", "-threads", 1, "-f", "f64le", "-ar", RATE, "-ac", 2, "-i", source,
            "-filter_threads", 1, "-af", graph, "-c:a", "pcm_f64le", *sink]


def ffmpeg_job(graph, mix, folder):
    if not shutil.which("ffmpeg"):
        raise NotInstalled("ffmpeg is not installed (apt install ffmpeg)")
    source, made = Path(folder) / "mix.f64", Path(folder) / "ffmpeg.f64"
    if not source.exists():
        mix.T.tofile(source)

    def result():
        run_program(ffmpeg_words(source, graph, "-f", "f64le", made))
        return np.fromfile(made).reshape(-1, 2).T

    def run():
        passing, _ = run_program(ffmpeg_words(source, "anull", "-f", "null", "-"))
        whole, _ = run_program(ffmpeg_words(source, graph, "-f", "null", "-"))
        return whole - passing, result

    return run


def ffmpeg_limiter(times):
    limiter = f"alimiter=limit={gain_of(CEILING_DB):.6f}:level=false:attack=1.5:release={LIMITER_RELEASE_MS}"
    return limiter if times == 1 else f"aresample={times * RATE},{limiter},aresample={RATE}"


def ffmpeg_bell(hz, db, q):
    return f"equalizer=f={hz}:g={db}:t=q:w={q}"


def ffmpeg_short(times):
    return ",".join([f"highpass=f={LOW_CUT_HZ}", "bass=f={}:g={}:t=q:w={}".format(*LOW_SHELF), *(ffmpeg_bell(*bell) for bell in BELLS),
                     "treble=f={}:g={}:t=q:w={}".format(*HIGH_SHELF),
                     f"acompressor=threshold={THRESHOLD_DB}dB:ratio={RATIO}:attack={ATTACK_MS}:release={RELEASE_MS}",
                     f"volume={DRIVE_DB}dB", ffmpeg_limiter(times)])


def ffmpeg_default():
    """Its dynamic equaliser, multiband compander, oversampled clipper and ebur128 meters; split by its own crossovers."""
    dynamic = [f"adynamicequalizer=threshold={gain_of(DYNAMIC_THRESHOLD_DB):.6f}:dfrequency={hz}:tfrequency={hz}:dqfactor=1:tqfactor=1"
               f":range={-DYNAMIC_RANGE_DB}:attack=10:release=100:mode=cut" for hz in DYNAMIC_HZ]
    knee = BAND_THRESHOLD_DB - BAND_THRESHOLD_DB / BAND_RATIO
    companded = " | ".join(f"0.01\\,0.1 6 -90/-90\\,{BAND_THRESHOLD_DB}/{BAND_THRESHOLD_DB}\\,0/{knee:g} {hz}" for hz in (*SPLITS_HZ, 22000))
    return ",".join(["ebur128=peak=true", *(ffmpeg_bell(*bell) for bell in EIGHT_BELLS), *dynamic, f"mcompand=args={companded}",
                     f"volume={CLIPPER_DRIVE_DB}dB", f"asoftclip=type=hard:threshold={gain_of(CLIPPER_CEILING_DB):.6f}:oversample=4",
                     f"volume={LAST_DRIVE_DB}dB", ffmpeg_limiter(4), "ebur128=peak=true"])


# LSP plugins in our own LV2 host: float32

def lv2_host(folder):
    program = Path(folder) / "lv2_host"
    if not program.exists():
        missing = "liblilv is not installed (apt install liblilv-dev)"
        try:
            flags = subprocess.run(["pkg-config", "--cflags", "--libs", "lilv-0"], check=True, capture_output=True, text=True).stdout.split()
        except (FileNotFoundError, subprocess.CalledProcessError):
            raise NotInstalled(missing) from None
        compile_program(["cc", "-O2", HERE / "lv2_host.c", "-o", program, *flags], missing)
    return program


def host_job(program, mix, folder, kind, words=(), name="host"):
    """A program of ours that takes RATE IN OUT BLOCK and prints its seconds."""
    source, made = Path(folder) / f"mix.{kind.__name__}", Path(folder) / f"{name}.out"
    if not source.exists():
        mix.astype(kind).tofile(source)

    def run():
        _, printed = run_program([program, RATE, source, made, BLOCK_FRAMES, *words])
        return float(printed), lambda: np.fromfile(made, kind).reshape(2, -1).astype(np.float64)

    return run


def lsp_short(mix, folder, oversampling):
    filters = [(LSP_HIGH_PASS, LOW_CUT_HZ, 0, 0.71), (LSP_LOW_SHELF, *LOW_SHELF), *((LSP_BELL, *bell) for bell in BELLS), (LSP_HIGH_SHELF, *HIGH_SHELF)]
    eq = [f"{key}_{k}={value}" for k, (kind, hz, db, q) in enumerate(filters)
          for key, value in (("ft", kind), ("f", hz), ("g", gain_of(db)), ("q", q))]
    compressor = [f"al={gain_of(THRESHOLD_DB)}", f"at={ATTACK_MS}", f"rt={RELEASE_MS}", f"cr={RATIO}", f"mk={gain_of(DRIVE_DB)}"]
    limiter = [f"th={gain_of(CEILING_DB)}", "boost=0", "lk=1.5", "at=1.5", "rt=20", f"ovs={oversampling}"]
    quiet = ["pause=1"]
    words = [LSP + "para_equalizer_x16_stereo", "fft=0", *eq, "--", LSP + "compressor_stereo", *quiet, *compressor, "--",
             LSP + "limiter_stereo", *quiet, *limiter]
    job = host_job(lv2_host(folder), mix, folder, np.float32, words, f"lsp{oversampling}")
    job()                                # NotInstalled now, not in the middle of the rounds
    return job


# Faust

def faust_definitions():
    shapes = {"LOW_SHELF": LOW_SHELF, "BELL1": BELLS[0], "BELL2": BELLS[1], "HIGH_SHELF": HIGH_SHELF}
    values = {f"{name}_{key}": value for name, shape in shapes.items() for key, value in zip(("HZ", "DB", "Q"), shape)}
    values |= dict(LOW_CUT_HZ=LOW_CUT_HZ, RATIO=RATIO, THRESHOLD_DB=THRESHOLD_DB, ATTACK_MS=ATTACK_MS, RELEASE_MS=RELEASE_MS, DRIVE_DB=DRIVE_DB,
                   CEILING_DB=CEILING_DB, LIMITER_RELEASE_MS=LIMITER_RELEASE_MS)
    return "".join(f"{name} = {value};\n" for name, value in values.items())


def faust_short(mix, folder, kind, vectors=False):
    precise = kind is np.float64
    name = f"faust_{kind.__name__}{'_vec' if vectors else ''}"
    dsp, source, program = (Path(folder) / f"{name}{end}" for end in (".dsp", ".cpp", ""))
    dsp.write_text(faust_definitions() + (HERE / "short_chain.dsp").read_text())
    compile_program(["faust", "-double" if precise else "-single", *(["-vec", "-vs", 128] if vectors else []), "-a", HERE / "faust_host.cpp",
                     "-o", source, dsp], "Faust is not installed (apt install faust)")
    compile_program(["c++", "-O3", "-march=native", f"-DFAUSTFLOAT={'double' if precise else 'float'}", source, "-o", program],
                    "a C++ compiler is not installed")
    return host_job(program, mix, folder, kind, (), name)
