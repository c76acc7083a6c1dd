"""What the window remembers between runs: looks, splitters per screen, the audio device. One INI file in the user's folder."""
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

from gui.meters.loudness_face import KINDS, LUFS, USUAL_TARGET_LUFS, LoudnessFace
from gui.plots.song_data import LANES
from gui.theme.current import SCALES
from gui.theme.palettes import PALETTES
from gui.theme.sizes import DENSITIES
from mastering_rt.measure.scales import K_SYSTEM_DB, PPM_SCALES, VU_REFERENCES_DBFS
from mastering_rt.places import config_dir

AUTOMATIC = "automatic"
MOST_RECENT = 12
LOWEST_TARGET_LUFS = -36.0


@dataclass(frozen=True)
class Looks:
    """How the window is painted; density "automatic" follows the size of the window."""

    theme: str = "dark"
    density: str = AUTOMATIC
    scale: float = 1.0
    reduce_motion: bool = False


@dataclass(frozen=True)
class Habits:
    """How the program behaves. spectra_per_s: 0 leaves it to the density. autosave has no switch: a gesture is never lost."""

    spectra_per_s: float = 0.0
    matched: bool = True
    watch_mix: bool = True
    demo_first: bool = True


@dataclass(frozen=True)
class MeterScales:
    """How meters are marked: loudness (KINDS) with its target, K-20, K-14 or K-12, one of the programme scales, where a VU meter has its zero."""

    loudness: str = LUFS
    target_lufs: float = USUAL_TARGET_LUFS
    k_headroom_db: int = K_SYSTEM_DB[0]
    ppm: str = PPM_SCALES[0].id
    vu_reference_dbfs: float = VU_REFERENCES_DBFS[0]

    @property
    def face(self) -> LoudnessFace:
        """Of the loudness meter."""
        return LoudnessFace(self.loudness, self.target_lufs)


class Settings:
    """Reads and writes the file; whatever in it makes no sense counts as not set."""

    def __init__(self) -> None:
        self._store = QSettings(str(config_dir() / "window.ini"), QSettings.Format.IniFormat)

    def looks(self) -> Looks:
        """As they were left, or as they are at first."""
        usual = Looks()
        theme, density = str(self._value("looks/theme")), str(self._value("looks/density"))
        scale = number(self._value("looks/scale"), usual.scale)
        return Looks(theme if theme in PALETTES else usual.theme, density if density in DENSITIES else usual.density,
                     scale if SCALES[0] <= scale <= SCALES[1] else usual.scale, self._truth("looks/reduce_motion"))

    def keep_looks(self, looks: Looks) -> None:
        for name in ("theme", "density", "scale", "reduce_motion"):
            self._store.setValue(f"looks/{name}", getattr(looks, name))

    def splitters(self, screen: str) -> tuple[int, int]:
        """(song height, meters width) a hand has chosen on a screen of this size; 0 where none was chosen."""
        return round(number(self._value(f"splitters/{screen}/song"), 0)), round(number(self._value(f"splitters/{screen}/meters"), 0))

    def keep_splitters(self, screen: str, song: int, meters: int) -> None:
        self._store.setValue(f"splitters/{screen}/song", song)
        self._store.setValue(f"splitters/{screen}/meters", meters)

    def geometry(self, screen: str) -> QByteArray:
        """Place and size of the window on this screen; empty if it was never there."""
        found = self._store.value(f"geometry/{screen}")
        return found if isinstance(found, QByteArray) else QByteArray()

    def keep_geometry(self, screen: str, geometry: QByteArray) -> None:
        self._store.setValue(f"geometry/{screen}", geometry)

    def compact(self) -> bool:
        """Whether the window was left in compact mode."""
        return self._truth("compact/on")

    def keep_compact(self, on: bool) -> None:
        self._store.setValue("compact/on", on)

    def compact_geometry(self, screen: str) -> QByteArray:
        """Place and size of the window in compact mode on this screen; empty if it was never in it there."""
        found = self._store.value(f"compact/{screen}")
        return found if isinstance(found, QByteArray) else QByteArray()

    def keep_compact_geometry(self, screen: str, geometry: QByteArray) -> None:
        self._store.setValue(f"compact/{screen}", geometry)

    def device(self) -> tuple[str, str, int]:
        """(host API, name, frames per block) of the device chosen last; empty names for the system's own choice."""
        return str(self._value("device/api") or ""), str(self._value("device/name") or ""), round(number(self._value("device/frames"), 0))

    def keep_device(self, api: str, name: str, frames: int) -> None:
        for key, value in (("api", api), ("name", name), ("frames", frames)):
            self._store.setValue(f"device/{key}", value)

    def first_minute_hidden(self) -> bool:
        """Whether the four steps were hidden for good."""
        return self._truth("first_minute/hidden")

    def hide_first_minute(self, hidden: bool) -> None:
        self._store.setValue("first_minute/hidden", hidden)

    def song_lane(self) -> str:
        """What the lane under the wave shows."""
        kept = str(self._value("song/lane"))
        return kept if kept in LANES else LANES[0]

    def keep_song_lane(self, lane: str) -> None:
        self._store.setValue("song/lane", lane)

    def folder(self, what: str) -> str:
        """Where a file of this kind was opened or saved last."""
        return str(self._value(f"folders/{what}") or "")

    def keep_folder(self, what: str, folder: str) -> None:
        self._store.setValue(f"folders/{what}", folder)

    def habits(self) -> Habits:
        """As they were chosen, or as they are at first."""
        usual = Habits()
        rate = number(self._value("habits/spectra_per_s"), usual.spectra_per_s)
        switches = {name: self._truth(f"habits/{name}") if self._value(f"habits/{name}") is not None else getattr(usual, name)
                    for name in ("matched", "watch_mix", "demo_first")}
        return Habits(rate if 0 <= rate <= 60 else usual.spectra_per_s, **switches)

    def keep_habits(self, habits: Habits) -> None:
        for name in ("spectra_per_s", "matched", "watch_mix", "demo_first"):
            self._store.setValue(f"habits/{name}", getattr(habits, name))

    def scales(self) -> MeterScales:
        """As they were chosen, or as they are at first."""
        usual, value = MeterScales(), self._value
        loudness, ppm, target = str(value("meters/loudness")), str(value("meters/ppm")), number(value("meters/target_lufs"), usual.target_lufs)
        k, vu = round(number(value("meters/k_headroom_db"), usual.k_headroom_db)), number(value("meters/vu_reference_dbfs"), usual.vu_reference_dbfs)
        return MeterScales(loudness if loudness in KINDS else usual.loudness, target if LOWEST_TARGET_LUFS <= target <= 0 else usual.target_lufs,
                           k if k in K_SYSTEM_DB else usual.k_headroom_db, ppm if ppm in {scale.id for scale in PPM_SCALES} else usual.ppm,
                           vu if vu in VU_REFERENCES_DBFS else usual.vu_reference_dbfs)

    def keep_scales(self, scales: MeterScales) -> None:
        for name, value in asdict(scales).items():
            self._store.setValue(f"meters/{name}", value)

    def recent(self) -> list[str]:
        """Mixes and sessions that were opened or saved, the newest first."""
        return self._words("files/recent")

    def keep_recent(self, path: str) -> None:
        """This one is the newest now."""
        self._store.setValue("files/recent", [path, *(known for known in self.recent() if known != path)][:MOST_RECENT])

    def forget_recent(self) -> None:
        self._store.setValue("files/recent", [])

    def favourites(self) -> frozenset[str]:
        """Names of presets, in the same case all of them."""
        return frozenset(self._words("presets/favourites"))

    def keep_favourites(self, names: frozenset[str]) -> None:
        self._store.setValue("presets/favourites", sorted(names))

    def keys(self) -> dict[str, tuple[str, ...]]:
        """Commands by their ids whose keys were changed."""
        self._store.beginGroup("keys")
        ids = self._store.childKeys()
        self._store.endGroup()
        return {id: tuple(str(self._value(f"keys/{id}") or "").split()) for id in ids}

    def keep_keys(self, changed: Mapping[str, tuple[str, ...]]) -> None:
        self._store.remove("keys")
        for id, keys in changed.items():
            self._store.setValue(f"keys/{id}", " ".join(keys))

    def sync(self) -> None:
        """On the disk, now."""
        self._store.sync()

    def _value(self, key: str) -> Any:
        """As it was kept in this run, or as text from the file."""
        return self._store.value(key)

    def _words(self, key: str) -> list[str]:
        """A list of texts; a file gives a single one as itself and an empty list as nothing."""
        found = self._value(key)
        return [str(one) for one in (found if isinstance(found, list) else [found]) if one]

    def _truth(self, key: str) -> bool:
        return self._value(key) in (True, "true")


def number(value: Any, otherwise: float) -> float:
    """A number from a settings file that anybody may have edited."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return otherwise
