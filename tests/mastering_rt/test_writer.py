"""Files out: exact, whole or not there at all, and never over the mix."""
import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from mastering_rt.audio.files import open_audio
from mastering_rt.audio.writer import AudioWriter
from mastering_rt.errors import FileProblem, MasteringError, RenderProblem, UsageProblem
from tests import signals
from tests.mastering_rt.test_files import NAMES, nobody, whole_numbers

RATE = 44100
HELD = {
    ".wav": ["8", "16", "20", "24", "32", "32f", "64f"],
    ".w64": ["8", "16", "20", "24", "32", "32f", "64f"],
    ".rf64": ["8", "16", "20", "24", "32", "32f", "64f"],
    ".aiff": ["8", "16", "20", "24", "32", "32f", "64f"],
    ".caf": ["8", "16", "20", "24", "32", "32f", "64f"],
    ".flac": ["8", "16", "20", "24"],
}
SUBTYPE = {"20": "PCM_24", "16": "PCM_16", "24": "PCM_24", "32": "PCM_32", "32f": "FLOAT", "64f": "DOUBLE"}


def write(path, x, bits="24", cuts=(0,), **how):
    with AudioWriter(path, RATE, x.shape[0], bits, **how) as writer:
        for start, stop in zip(cuts, (*cuts[1:], x.shape[1]), strict=True):
            writer.write(x[:, start:stop])
        writer.commit()
    return writer


def left_in(folder):
    return sorted(os.listdir(folder))


@pytest.mark.parametrize(("suffix", "bits"), [(s, b) for s, held in HELD.items() for b in held])
def test_samples_go_out_without_a_change(tmp_path, suffix, bits):
    rng = np.random.default_rng(1)
    x = rng.standard_normal((2, 5000)) if bits.endswith("f") else whole_numbers(int(bits)).T / 2.0**31
    path = tmp_path / f"master{suffix}"
    writer = write(path, x, bits, cuts=(0, 1, 1777), dither="none", frames=5000)
    info = soundfile.info(path)
    subtype = SUBTYPE.get(bits, "PCM_U8" if suffix in (".wav", ".w64", ".rf64") else "PCM_S8")
    assert (info.subtype, info.samplerate, info.channels, info.frames) == (subtype, RATE, 2, 5000)
    want = x.astype("float32") if bits == "32f" else x
    assert np.array_equal(soundfile.read(path)[0].T, want)
    assert writer.clipped == 0
    assert writer.frames == 5000
    assert left_in(tmp_path) == [path.name]


@pytest.mark.parametrize("frames", [None, 5000])
@pytest.mark.parametrize("bits", ["24", "32f"])
def test_the_same_render_gives_the_same_bytes(tmp_path, bits, frames):
    x = signals.programme(5000)
    for name in ("a.wav", "b.wav"):
        write(tmp_path / name, x, bits, frames=frames)
        os.utime(tmp_path / name, (1, 1))
    data = (tmp_path / "a.wav").read_bytes()
    assert data == (tmp_path / "b.wav").read_bytes()
    peak = data.find(b"PEAK", 0, 300)
    assert peak < 0 or data[peak + 12:peak + 16] == bytes(4), "libsndfile writes the time of day there"
    assert data[:4] == b"RIFF"
    write(tmp_path / "c.wav", x, bits, frames=frames, seed=1)
    assert ((tmp_path / "c.wav").read_bytes() == data) == (bits == "32f")


def test_clipping_is_counted_and_float_is_not_clipped(tmp_path):
    x = np.array([[1.5, -1.5, 0.5, -1.0], [0.0, 0.999, -0.25, 2.0]])
    assert write(tmp_path / "a.wav", x, "16", dither="none").clipped == 3
    assert soundfile.read(tmp_path / "a.wav", dtype="int16")[0].T[0, :2].tolist() == [32767, -32768]
    assert write(tmp_path / "b.wav", x, "32f").clipped == 0
    assert np.array_equal(soundfile.read(tmp_path / "b.wav")[0].T, x.astype("float32"))


@pytest.mark.parametrize("channels", [1, 2])
def test_mono_and_stereo(tmp_path, channels):
    x = signals.noise(1000)[:channels]
    write(tmp_path / "a.flac", x, "24")
    assert soundfile.info(tmp_path / "a.flac").channels == channels
    with pytest.raises(UsageProblem, match="a master has 1 or 2"):
        AudioWriter(tmp_path / "b.wav", RATE, 6, "24")


def test_nothing_under_the_name_before_commit_and_nothing_after_a_failure(tmp_path):
    path = tmp_path / "master.wav"
    writer = AudioWriter(path, RATE, 2, "24")
    writer.write(signals.noise(100000))
    assert not path.exists()
    assert len(left_in(tmp_path)) == 1
    with pytest.raises(KeyboardInterrupt), writer:
        raise KeyboardInterrupt
    assert left_in(tmp_path) == []
    with AudioWriter(path, RATE, 2, "24") as writer:
        writer.write(signals.noise(1000))
    assert left_in(tmp_path) == [], "leaving without commit is a cancel"
    path.write_bytes(b"the old master")
    writer = AudioWriter(path, RATE, 2, "24", overwrite=True)
    writer.write(signals.noise(1000))
    with pytest.raises(ZeroDivisionError), writer:
        raise ZeroDivisionError
    assert path.read_bytes() == b"the old master"
    assert left_in(tmp_path) == ["master.wav"]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300])
def test_nan_is_a_render_problem(tmp_path, bad):
    x = signals.noise(1000)
    x[1, 500] = bad
    with pytest.raises(RenderProblem, match="not a number"), AudioWriter(tmp_path / "a.wav", RATE, 2, "32f") as writer:
        writer.write(x)
    assert left_in(tmp_path) == []


def test_overwriting_only_when_asked(tmp_path):
    path = tmp_path / "master.wav"
    path.write_bytes(b"the old master")
    with pytest.raises(FileProblem, match=r"exists already. Choose another name, or ask to overwrite it"):
        AudioWriter(path, RATE, 2, "24")
    assert path.read_bytes() == b"the old master"
    write(path, signals.noise(100), overwrite=True)
    assert soundfile.info(path).frames == 100


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path):
    path = tmp_path / "master.wav"
    with AudioWriter(path, RATE, 2, "24") as writer:
        writer.write(signals.noise(100))
        path.write_bytes(b"somebody else's")
        with pytest.raises(FileProblem, match="exists already"):
            writer.commit()
    assert path.read_bytes() == b"somebody else's"
    assert left_in(tmp_path) == ["master.wav"]


@pytest.mark.parametrize("way", ["itself", "dots", "symlink", "hard link", "folder link"])
def test_the_mix_is_never_written_to(tmp_path, way):
    mix = tmp_path / "mix.wav"
    soundfile.write(mix, signals.noise(100).T, RATE)
    before = mix.read_bytes()
    target = {
        "itself": mix,
        "dots": tmp_path / "x" / ".." / "mix.wav",
        "symlink": tmp_path / "s.wav",
        "hard link": tmp_path / "h.wav",
        "folder link": tmp_path / "f" / "mix.wav",
    }[way]
    if way == "symlink":
        target.symlink_to(mix)
    elif way == "hard link":
        os.link(mix, target)
    elif way == "folder link":
        (tmp_path / "f").symlink_to(tmp_path)
    with pytest.raises(FileProblem, match="is the mix itself, and the mix is never written to"):
        AudioWriter(target, RATE, 2, "24", overwrite=True, sources=[mix])
    with AudioWriter(tmp_path / "new.wav", RATE, 2, "24", overwrite=True, sources=[mix]) as writer:
        writer.write(signals.noise(100))
        (tmp_path / "new.wav").symlink_to(mix)
        with pytest.raises(FileProblem, match="is the mix itself"):
            writer.commit()
    assert mix.read_bytes() == before


def test_a_deleted_mix_keeps_its_name(tmp_path):
    with pytest.raises(FileProblem, match="is the mix itself"):
        AudioWriter(tmp_path / "mix.wav", RATE, 2, "24", sources=[str(tmp_path / "mix.wav")])


def test_a_link_is_written_through(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a.wav").write_bytes(b"old")
    (tmp_path / "a.wav").symlink_to(tmp_path / "there" / "a.wav")
    write(tmp_path / "a.wav", signals.noise(100), overwrite=True)
    assert (tmp_path / "a.wav").is_symlink()
    assert soundfile.info(tmp_path / "there" / "a.wav").frames == 100


@pytest.mark.parametrize(("name", "bits", "sentence"), [
    ("a.flac", "32", "cannot hold 32 bits; a .flac file holds 8, 16, 20, 24. Choose one of these, or a .wav file"),
    ("a.flac", "32f", "cannot hold 32f bits"),
    ("a.mp3", "24", "masters are written as .wav, .*, not .mp3"),
    ("a", "24", "not without a suffix"),
    ("a.wav", "12", "cannot have '12' bits; choose one of 8, 16, 20, 24, 32, 32f, 64f"),
])
def test_what_a_container_cannot_hold(tmp_path, name, bits, sentence):
    with pytest.raises(UsageProblem, match=sentence):
        AudioWriter(tmp_path / name, RATE, 2, bits)
    assert left_in(tmp_path) == []


def test_an_unknown_dither(tmp_path):
    with pytest.raises(UsageProblem, match="no dither 'pow-r'; choose one of auto, none, tpdf"):
        AudioWriter(tmp_path / "a.wav", RATE, 2, "16", dither="pow-r")


@pytest.mark.parametrize(("bits", "dither", "sentence"), [
    ("24", "strong", "24 bits take plain TPDF dither only: .* Choose tpdf or none, or 16 bits"),
    ("32f", "tpdf", "32f is floating point, which is not dithered. Choose none, or whole numbers such as 24 bits"),
    ("64f", "light", "64f is floating point"),
])
def test_a_dither_that_does_not_fit_the_word_length(tmp_path, bits, dither, sentence):
    with pytest.raises(UsageProblem, match=sentence):
        AudioWriter(tmp_path / "a.wav", RATE, 2, bits, dither=dither)
    assert left_in(tmp_path) == []


def test_eight_bits_in_a_wav_count_from_0(tmp_path):
    write(tmp_path / "a.wav", np.array([[0.0, -1.0, 127 / 128, 1.5]]), "8", dither="none")
    assert (tmp_path / "a.wav").read_bytes().endswith(bytes([128, 0, 255, 255]))


@pytest.mark.parametrize("name", NAMES)
def test_a_path_may_have_any_character(tmp_path, name):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/" + name)
    write(path, signals.noise(100))
    with open_audio(path) as file:
        assert file.frames == 100


def test_folders_that_are_not_there_or_not_ours(tmp_path):
    with pytest.raises(FileProblem, match=r"there is no folder '.*no'. Make it, or choose another"):
        AudioWriter(tmp_path / "no" / "a.wav", RATE, 2, "24")
    (tmp_path / "a.wav").mkdir()
    with pytest.raises(FileProblem, match="it is a folder"):
        AudioWriter(tmp_path / "a.wav", RATE, 2, "24", overwrite=True)
    with pytest.raises(FileProblem, match="no file can have this name"):
        AudioWriter(str(tmp_path) + "/a\0.wav", RATE, 2, "24")
    with pytest.raises(FileProblem, match="its name is too long"):
        AudioWriter(tmp_path / ("x" * 300 + ".wav"), RATE, 2, "24")


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_folders_and_files_without_permission(tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(0o555)
    for folder in (tmp_path, tmp_path.parent):
        folder.chmod(0o755)
    with nobody(), pytest.raises(FileProblem, match="you have no permission"):
        AudioWriter(locked / "a.wav", RATE, 2, "24")


FILLER = """
import json, os, resource, sys
import numpy as np
from mastering_rt.audio.writer import AudioWriter
from mastering_rt.errors import FileProblem
path, bits = sys.argv[1:]
x = np.random.default_rng(1).uniform(-1, 1, (2, 50000))

def fill(limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    try:
        with AudioWriter(path, 44100, 2, bits) as writer:
            for start in range(0, x.shape[1], 5000):
                writer.write(x[:, start:start + 5000])
            writer.commit()
        return ""
    except FileProblem as problem:
        return str(problem)

assert fill(2**30) == ""
whole = os.path.getsize(path)
os.remove(path)
said = [(fill(limit), os.listdir(os.path.dirname(path))) for limit in (100, 5000, whole // 2, whole - 3000, whole - 1)]
resource.setrlimit(resource.RLIMIT_FSIZE, (2**30, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
print(json.dumps(said))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="resource limits of POSIX")
@pytest.mark.parametrize(("suffix", "bits"), [("wav", "16"), ("wav", "32f"), ("w64", "24"), ("aiff", "24"), ("flac", "24")])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path, suffix, bits):
    """The system refuses to let a file grow over a limit, at any point of the way: in a write, and in the last flush."""
    done = subprocess.run(
        [sys.executable, "-c", FILLER, str(tmp_path / f"master.{suffix}"), bits], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    for sentence, left in json.loads(done.stdout):
        assert (
            "cannot be written: the file would be larger than this system allows" in sentence or "is not complete" in sentence
        ), done.stdout
        assert "Nothing was left of it" in sentence
        assert left == []


def test_a_disk_that_stays_full_after_the_last_write(tmp_path, monkeypatch):
    """What lies on the disk is read back before it gets its name."""
    with AudioWriter(tmp_path / "a.flac", RATE, 2, "24") as writer:
        writer.write(signals.noise(20000))
        close = writer._sink.close

        def close_and_lose_the_end():
            close()
            for part in tmp_path.glob(".*.part"):
                os.truncate(part, part.stat().st_size - 100)

        monkeypatch.setattr(writer._sink, "close", close_and_lose_the_end)
        with pytest.raises(FileProblem, match="what lies on the disk is not complete"):
            writer.commit()
    assert left_in(tmp_path) == []


def test_an_aiff_over_4_gib_is_refused_before_it_wraps(tmp_path, monkeypatch):
    import mastering_rt.audio.writer as module

    monkeypatch.setattr(module, "FOUR_GIB", 2**16)
    with pytest.raises(FileProblem, match="larger than 4 GiB, which its kind of file cannot be"):
        write(tmp_path / "a.aiff", signals.noise(20000))
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(("frames", "head"), [(2**32 // 6, b"JUNK"), (None, b"JUNK"), (1000, b"fmt ")])
def test_a_wav_that_may_pass_4_gib_is_rf64_until_it_turns_out_short(tmp_path, frames, head):
    with AudioWriter(tmp_path / "a.wav", RATE, 2, "24", frames=frames) as writer:
        writer.write(signals.noise(100000))
        assert head in next(tmp_path.glob(".*.part")).read_bytes()[:20], "JUNK keeps the room that RF64 needs"
        writer.commit()
    assert (tmp_path / "a.wav").read_bytes()[:4] == b"RIFF"
    assert soundfile.info(tmp_path / "a.wav").frames == 100000


@pytest.mark.slow
def test_a_wav_over_4_gib_can_be_read_back(tmp_path):
    if shutil.disk_usage(tmp_path).free < 6 * 2**30:
        pytest.skip("not enough room")
    x = np.zeros((2, 2**20))
    x[:, -1] = 0.5
    count = 2**32 // (16 * 2**20) + 1
    with AudioWriter(tmp_path / "a.wav", RATE, 2, "64f", frames=count * 2**20) as writer:
        for _ in range(count):
            writer.write(x)
        writer.commit()
    with open_audio(tmp_path / "a.wav") as file:
        assert file.frames == count * 2**20
        assert (tmp_path / "a.wav").stat().st_size > 2**32
        assert file.read(file.frames - 2, 2).tolist() == [[0, 0.5], [0, 0.5]]
    (tmp_path / "a.wav").unlink()


def test_parts_of_killed_renders_are_swept_and_living_ones_are_not(tmp_path):
    path = tmp_path / "master [1].wav"
    old, young, other = (
        tmp_path / part for part in (".master [1].wav.0123abcd.part", ".master [1].wav.ffffffff.part", ".other.wav.0123abcd.part")
    )
    for part, age in ((old, 7200), (young, 60), (other, 7200)):
        part.touch()
        os.utime(part, (os.stat(part).st_mtime - age,) * 2)
    write(path, signals.noise(100))
    assert left_in(tmp_path) == sorted([path.name, young.name, other.name])


@pytest.mark.parametrize("hz", [0, -1])
def test_every_refusal_is_a_mastering_error(tmp_path, hz):
    with pytest.raises(MasteringError):
        AudioWriter(tmp_path / "a.wav", hz, 2, "24")
    assert left_in(tmp_path) == []
