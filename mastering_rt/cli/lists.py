"""`mastering-rt devices`, `presets`, `params`: what there is."""
import argparse
from dataclasses import asdict

import msgspec

from mastering_rt.cli.terminal import print_json, tell


def devices(arguments: argparse.Namespace) -> int:
    """The audio devices, the default one first."""
    from mastering_rt.playback.device import list_devices, portaudio

    found = list_devices()
    if arguments.json:
        print_json([asdict(device) for device in found])
        return 0
    if portaudio()[0] is None:
        tell(f"{portaudio()[1]}.")
    for device in found:
        mark = "*" if device.is_default else " "
        print(f"{mark} {device.host_api}: {device.name}   {device.outputs} out, {device.inputs} in, {device.default_rate_hz:g} Hz")
    return 0


def presets(arguments: argparse.Namespace) -> int:
    """The presets, or the chain of one."""
    from mastering_rt.session.model import table_of
    from mastering_rt.session.presets import find_preset, list_presets

    if arguments.name:
        preset = find_preset(arguments.name)
        if arguments.json:
            print_json(msgspec.to_builtins(preset))
            return 0
        print(f"{preset.name}: {preset.description}")
        for slot in preset.chain:
            table = table_of(slot.kind)
            print(f"  {slot.title}: " + (", ".join(f"{table[key].label} {table[key].text(value)}" for key, value in slot.values.items()) or "as it comes"))
        return 0
    listing = list_presets()
    for sentence in listing.broken:
        tell(sentence)
    if arguments.json:
        print_json([{"name": e.preset.name, "description": e.preset.description, "path": str(e.path) if e.path else None} for e in listing.entries])
        return 0
    widest = max(len(entry.preset.name) for entry in listing.entries)
    for entry in listing.entries:
        print(f"{entry.preset.name:{widest}}  {entry.preset.description}")
    return 0


def params(arguments: argparse.Namespace) -> int:
    """The parameter table."""
    from mastering_rt.session.schema import param_rows

    rows = param_rows(arguments.kind)
    if arguments.json:
        print_json(rows)
        return 0
    for kind in dict.fromkeys(row["kind"] for row in rows):
        print(f"{kind}")
        for row in (row for row in rows if row["kind"] == kind):
            print(f"  {row['id']:18} {row['default_text']:>12}   {row['range_text']}")
            print(f"  {'':18} {'':>12}   {row['help']}")
    return 0
