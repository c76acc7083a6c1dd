"""Sound files at the door: every kind of bad input gets a sentence, every good one its exact samples."""
import os
import struct
from contextlib import contextmanager, suppress

import numpy as np
import pytest
import soundfile

from mastering_rt.audio.files import open_audio
from mastering_rt.audio.song import load_song, state_of
from mastering_rt.errors import Cancelled, FileProblem
from tests import signals

RATE = 44100
EXACT = {
    "WAV": ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"],
    "RF64": ["PCM_24", "FLOAT"],
    "W64": ["PCM_16", "DOUBLE"],
    "AIFF": ["PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"],
    "FLAC": ["PCM_16", "PCM_24"],
    "CAF": ["PCM_24", "ALAC_16"],
}
WIDE = ("PCM_32", "DOUBLE")


def whole_numbers(bits, frames=5000, channels=2):
    """Random whole numbers over the full range, at the upper end of int32, as libsndfile keeps them."""
    x = np.random.default_rng(bits).integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (frames, channels))
    x[:2] = [[-(2 ** (bits - 1))] * channels, [2 ** (bits - 1) - 1] * channels]
    return (x << (32 - bits)).astype(np.int32)


def written(path, samples, rate=RATE, subtype="PCM_24", container="WAV"):
    soundfile.write(path, samples, rate, subtype, format=container)
    return path


def sample_file(tmp_path, frames=5000, name="mix.wav", **how):
    return written(tmp_path / name, signals.programme(frames).T, **how)


def data_offset(path):
    return path.read_bytes().index(b"data") + 8


def patched(path, place, data):
    with open(path, "r+b") as file:
        file.seek(place)
        file.write(data)
    return path


@contextmanager
def nobody():
    """As a user without rights, if the tests run as root."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.parametrize(("container", "subtype"), [(c, s) for c, subtypes in EXACT.items() for s in subtypes])
def test_samples_come_in_without_a_change(tmp_path, container, subtype):
    bits = {"PCM_U8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32, "ALAC_16": 16}.get(subtype)
    rng = np.random.default_rng(1)
    x = whole_numbers(bits) if bits else rng.standard_normal((5000, 2)).astype("float32" if subtype == "FLOAT" else "float64")
    written(tmp_path / "a", x, subtype=subtype, container=container)
    want = x.T / 2.0**31 if bits else x.T
    song = load_song(tmp_path / "a")
    assert np.array_equal(song.samples, want)
    assert song.samples.dtype == (np.float64 if subtype in WIDE else np.float32)
    assert song.samples.flags.c_contiguous
    assert song.samples.shape == (2, 5000)
    assert (song.sample_rate_hz, song.frames, song.notices) == (RATE, 5000, ())


@pytest.mark.parametrize(
    ("container", "subtype"),
    [("WAV", "PCM_24"), ("FLAC", "PCM_24"), ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III")],
)
def test_blocks_are_the_whole_file_in_any_cut(tmp_path, container, subtype):
    path = sample_file(tmp_path, 30000, subtype=subtype, container=container, rate=48000)
    whole = soundfile.read(path, always_2d=True)[0].T
    with open_audio(path) as file:
        assert np.array_equal(np.concatenate(list(file.blocks(1777)), axis=1), whole)
        for block in file.blocks(7000):
            assert block.flags.c_contiguous
            assert block.dtype == np.float64
        assert file.bits == {"PCM_24": 24}.get(subtype)


@pytest.mark.parametrize(("container", "subtype"), [("WAV", "PCM_24"), ("FLAC", "PCM_24"), ("W64", "DOUBLE")])
def test_any_part_can_be_read(tmp_path, container, subtype):
    path = sample_file(tmp_path, 30000, subtype=subtype, container=container)
    whole = soundfile.read(path)[0].T
    rng = np.random.default_rng(3)
    with open_audio(path) as file:
        for start, frames in rng.integers(0, 32000, (40, 2)):
            assert np.array_equal(file.read(int(start), int(frames)), whole[:, start : start + frames])


@pytest.mark.parametrize("rate", [8000, 44100, 96000, 384000])
def test_one_frame_at_any_rate(tmp_path, rate):
    song = load_song(written(tmp_path / "a.wav", np.full((1, 2), 0.5), rate=rate))
    assert song.samples.tolist() == [[0.5], [0.5]]
    assert song.sample_rate_hz == rate


def test_mono_plays_on_both_speakers_and_says_so(tmp_path):
    song = load_song(written(tmp_path / "a.wav", whole_numbers(24, channels=1)))
    assert np.array_equal(song.samples[0], song.samples[1])
    assert song.samples.any()
    assert "is mono; it is played on both speakers" in song.notices[0]
    assert song.source.channels == 1


def test_two_of_six_channels_can_be_taken(tmp_path):
    x = whole_numbers(24, channels=6)
    path = written(tmp_path / "a.wav", x)
    with pytest.raises(FileProblem, match=r"has 6 channels; Mastering RT opens mono and stereo.*channels=\(0, 1\)"):
        load_song(path)
    assert np.array_equal(load_song(path, channels=(4, 1)).samples, x.T[[4, 1]] / 2.0**31)
    with pytest.raises(FileProblem, match=r"has 6 channels, counted from 0; channels=\(0, 6\) cannot be taken"):
        load_song(path, channels=(0, 6))


@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_nan_is_repaired_counted_and_said(tmp_path, subtype):
    x = signals.noise(200000).T.astype("float32" if subtype == "FLOAT" else "float64")
    x[100000, 0], x[150000, 1], x[150001, 0] = np.nan, np.inf, -np.inf
    song = load_song(written(tmp_path / "a.wav", x, subtype=subtype))
    want = np.where(np.isfinite(x), x, 0).T
    assert np.array_equal(song.samples, want)
    assert "3 samples" in song.notices[0]
    assert "0:02.268" in song.notices[0]
    assert "silence" in song.notices[0]


def test_samples_scaled_as_whole_numbers_are_warned_of(tmp_path):
    x = signals.noise(1000).T * 32767
    song = load_song(written(tmp_path / "a.wav", x, subtype="FLOAT"))
    assert "Turn your speakers down" in song.notices[0]
    assert np.array_equal(song.samples, x.T.astype("float32"))
    assert load_song(written(tmp_path / "b.wav", signals.noise(1000).T * 4, subtype="FLOAT")).notices == ()


NAMES = [
    b"plain.wav",
    b"two words.wav",
    "Schöne Müllerin – 歌.wav".encode(),
    b"new\nline\ttab.wav",
    b"caf\xe9 \xff.wav",
    b"quote'\"$(x).wav",
    b"-rf.wav",
    ("歌" * 70 + ".wav").encode(),
]


@pytest.mark.skipif(os.name == "nt", reason="paths are text there")
@pytest.mark.parametrize("name", NAMES)
def test_a_path_may_have_any_character(tmp_path, name):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/" + name)
    with open(path, "wb") as file:
        soundfile.write(file, whole_numbers(16), RATE, "PCM_16", format="WAV")
    song = load_song(path)
    assert song.frames == 5000
    assert song.source.path == path
    assert state_of(song.source) == "same"
    missing = path + "x"
    with pytest.raises(FileProblem) as problem:
        load_song(missing)
    str(problem.value).encode("utf-8")
    assert str(problem.value).isprintable()


def test_the_source_knows_when_its_file_changes(tmp_path):
    path = sample_file(tmp_path)
    source = load_song(path).source
    assert state_of(source) == "same"
    os.utime(path, (1, 1))
    assert state_of(source) == "changed"
    path.unlink()
    assert state_of(source) == "missing"


def test_loading_tells_its_progress_and_can_be_cancelled(tmp_path):
    path = sample_file(tmp_path, 200000)
    seen = []
    load_song(path, progress=seen.append)
    assert seen == sorted(seen)
    assert len(seen) >= 3
    assert seen[-1] == 1.0

    def stop(_):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        load_song(path, progress=stop)


def refused(path, match, **how):
    with pytest.raises(FileProblem, match=match) as problem:
        load_song(path, **how)
    assert os.path.basename(path) in str(problem.value), "the sentence names the file"
    assert problem.value.exit_status == 1
    return str(problem.value)


def test_missing_folder_empty_and_garbage(tmp_path):
    refused(str(tmp_path / "nope.wav"), "it does not exist. Check its name")
    refused(str(tmp_path / "no" / "nope.wav"), "it does not exist")
    refused(str(tmp_path), "not a sound file but a folder")
    refused("/dev/null", "device or pipe")
    (tmp_path / "empty.wav").touch()
    refused(str(tmp_path / "empty.wav"), "is empty: it has 0 bytes")
    (tmp_path / "text.wav").write_text("once upon a time")
    refused(str(tmp_path / "text.wav"), "not a sound file that can be read.*Export it as WAV")
    (tmp_path / "random.flac").write_bytes(np.random.default_rng(1).bytes(10000))
    refused(str(tmp_path / "random.flac"), "not a sound file that can be read")
    with pytest.raises(FileProblem, match="no file can have this name"):
        load_song("a\0b.wav")
    refused(str(tmp_path / ("x" * 300)), "its name is too long")


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_no_permission(tmp_path):
    path = sample_file(tmp_path)
    path.chmod(0)
    with nobody():
        refused(str(path), "you have no permission for it")


def test_no_frames(tmp_path):
    refused(str(written(tmp_path / "a.wav", np.zeros((0, 2)))), "is empty: there is no sound in it")
    path = sample_file(tmp_path)
    patched(path, data_offset(path) - 4, struct.pack("<I", 0))
    refused(str(path), "is empty: its header says 0 frames, though 30000 bytes follow: the recording was never finished")


def test_formats_without_checks_are_refused(tmp_path):
    refused(
        str(sample_file(tmp_path, container="VOC", subtype="PCM_16")),
        "is a VOC file, which Mastering RT does not read. Export it as WAV",
    )


def test_a_codec_that_the_library_gets_wrong_is_refused(tmp_path):
    refused(str(sample_file(tmp_path, container="CAF", subtype="ALAC_24")), "Apple Lossless of 24 bits.*Export it as WAV or FLAC")


@pytest.mark.parametrize("rate", [4000, 7999, 384001, 768000])
def test_rates_that_no_one_masters_at(tmp_path, rate):
    refused(str(written(tmp_path / "a.wav", np.zeros((100, 2)), rate=rate)), f"sample rate of {rate} Hz.*8000 Hz to 384000 Hz")


@pytest.mark.parametrize("container", ["WAV", "RF64", "W64", "AIFF"])
def test_a_cut_file_says_how_much_is_there(tmp_path, container):
    path = sample_file(tmp_path, container=container)
    whole = soundfile.read(path)[0].T
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - 6 * 2000 - 3])
    refused(str(path), "is cut short: its header promises 5000 frames, but 2999 frames are there")
    song = load_song(path, partial=True)
    assert np.array_equal(song.samples, whole[:, :2999])
    assert "what can be read is used" in song.notices[0]
    assert song.source.frames == 2999


@pytest.mark.parametrize(("container", "subtype"), [("FLAC", "PCM_24"), ("MP3", "MPEG_LAYER_III")])
def test_a_cut_compressed_file_says_how_much_is_there(tmp_path, container, subtype, capfd):
    path = sample_file(tmp_path, 200000, container=container, subtype=subtype)
    whole = soundfile.read(path)[0].T
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    refused(str(path), r"is cut short: it should have 200000 frames \(0:04.535\), but can be read only up to \d+")
    song = load_song(path, partial=True)
    assert 60000 < song.frames < 140000
    assert np.array_equal(song.samples[:, :50000], whole[:, :50000].astype("float32"))
    assert "what is there is used" in song.notices[0]


def test_a_cut_ogg_is_doubted(tmp_path):
    path = sample_file(tmp_path, 200000, container="OGG", subtype="VORBIS")
    assert load_song(path).notices == ()
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert "may have been cut short" in load_song(path).notices[0]


@pytest.mark.parametrize("container", ["WAV", "RF64", "W64", "AIFF", "FLAC", "CAF", "OGG", "MP3"])
def test_cut_anywhere_is_a_sentence_or_a_notice(tmp_path, container, capfd):
    """Never a traceback, never a shorter song without a word. The bytes of the last chunk are sound, but for a pad."""
    subtype = {"OGG": "VORBIS", "MP3": "MPEG_LAYER_III"}.get(container, "PCM_24")
    path = sample_file(tmp_path, 3000, container=container, subtype=subtype)
    whole = load_song(path)
    data = path.read_bytes()
    rng = np.random.default_rng(5)
    for cut in sorted({*range(0, 200, 7), *rng.integers(0, len(data), 40).tolist(), len(data) - 1}):
        path.write_bytes(data[:cut])
        try:
            song = load_song(path)
        except FileProblem:
            continue
        assert song.notices or np.array_equal(song.samples, whole.samples), f"cut at {cut} of {len(data)}"


def test_scrambled_headers_never_raise_anything_else(tmp_path, capfd):
    rng = np.random.default_rng(11)
    for container in ("WAV", "RF64", "W64", "AIFF", "FLAC"):
        path = sample_file(tmp_path, 500, name=container, container=container)
        data = path.read_bytes()
        for _ in range(60):
            broken = bytearray(data)
            for place in rng.integers(0, min(len(data), 120), 3):
                broken[place] = rng.integers(0, 256)
            path.write_bytes(bytes(broken))
            with suppress(FileProblem):
                load_song(path, max_bytes=2**24)


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFF000])
def test_a_stream_without_length_is_taken_to_its_end(tmp_path, size):
    path = sample_file(tmp_path)
    whole = load_song(path).samples
    patched(path, data_offset(path) - 4, struct.pack("<I", size))
    song = load_song(path)
    assert np.array_equal(song.samples, whole)
    assert "does not say how long it is" in song.notices[0]


def test_odd_data_is_said(tmp_path):
    path = sample_file(tmp_path)
    patched(path, data_offset(path) - 4, struct.pack("<I", 6 * 5000 - 2))
    song = load_song(path)
    assert song.frames == 4999
    assert "4 bytes that make no whole frame" in song.notices[0]


def test_a_wav_over_4_gib_with_a_header_that_cannot_say_so(tmp_path):
    path = sample_file(tmp_path)
    os.truncate(path, data_offset(path) + 2**32 + 30000)
    refused(str(path), "too long for its kind of header")


def test_twenty_four_hours_are_refused_by_length_and_can_be_streamed(tmp_path):
    path = written(tmp_path / "day.rf64", np.zeros((10, 2)), subtype="PCM_16", container="RF64")
    frames = 24 * 3600 * RATE
    with open(path, "r+b") as file:
        head = file.read(200)
        place = head.index(b"data") + 8
        file.seek(20)
        file.write(struct.pack("<QQQ", place - 8 + 4 * frames, 4 * frames, frames))
    os.truncate(path, place + 4 * frames)
    message = refused(str(path), "Stream it from disk", max_bytes=4 * 2**30)
    assert "24:00:00.000" in message
    assert "28.4 GiB" in message
    with open_audio(path) as file:
        assert file.frames == frames
        assert file.read(frames - 5, 100).shape == (2, 5)
