"""Builds the test plugin from source: Debian's dpf-source and a C++ compiler are all it takes."""
import platform
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parent / "fault_gain"
DPF = Path("/usr/share/dpf")
GAIN, DELAY, FAULT = 1, 2, 3     # as pedalboard numbers them, behind one that the framework adds
NONE, ABORT, SEGV, HANG, NOT_A_NUMBER, EXIT, SLOW, SILENCE, JUMP, NOISE = range(10)
FAULTS = 10


def why_not():
    """What is missing to build it; "" when nothing is."""
    if sys.platform != "linux":
        return "the test plugin is built on Linux only"
    if not (DPF / "distrho").is_dir():
        return "the plugin framework DPF is not installed (Debian's package dpf-source)"
    return "" if shutil.which("g++") else "there is no g++ (Debian's package g++)"


def build(folder, name="FaultGain", *flags):
    """Compile it into folder/NAME.vst3; gives its path."""
    bundle = Path(folder) / f"{name}.vst3"
    target = bundle / "Contents" / f"{platform.machine()}-linux" / f"{name}.so"
    target.parent.mkdir(parents=True)
    subprocess.run(["g++", "-O2", "-fPIC", "-shared", "-std=gnu++14", "-fvisibility=hidden", "-DNDEBUG", "-DDISTRHO_PLUGIN_TARGET_VST3",
                    *flags, f"-I{SOURCE}", f"-I{DPF}/distrho", SOURCE / "FaultGain.cpp", DPF / "distrho" / "DistrhoPluginMain.cpp", "-o", target,
                    f"-Wl,--version-script={DPF}/utils/symbols/vst3.version", "-Wl,--no-undefined", "-ldl", "-lpthread"], check=True)
    return str(bundle)


def gain_value(db):
    """Where the gain's control stands for this many decibels."""
    return (db + 60) / 120


def delay_value(samples):
    return samples / 4096


def fault_value(fault):
    return fault / (FAULTS - 1)
