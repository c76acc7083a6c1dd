"""Builds the test plugin from source: Debian's dpf-source and a C++ compiler are all it takes. Whoever builds one allows it to be loaded."""
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from mastering_rt.plugins.allowed import allow_here

SOURCE = Path(__file__).parent / "fault_gain"
DPF = Path("/usr/share/dpf")
GAIN, DELAY, FAULT, PEAK, MODEL, LEVEL = 1, 2, 3, 4, 5, 6    # as pedalboard numbers them, behind one that the framework adds
NONE, ABORT, SEGV, HANG, NOT_A_NUMBER, EXIT, SLOW, SILENCE, JUMP, NOISE = range(10)
FAULTS = 10
MOST_DELAY, MOST_DELAY_OF_LATE = 4096, 409600
APART = ("OpenGL", "pugl")       # of the framework's toolkit; the rest compiles as one
TOOLKIT = ("SubWidget", "Application", "ApplicationPrivateData", "Color", "EventHandlers", "Geometry", "ImageBase", "Layout", "Resources",
           "SubWidgetPrivateData", "TopLevelWidget", "TopLevelWidgetPrivateData", "Widget", "WidgetPrivateData", "Window", "WindowPrivateData")


def why_not():
    """What is missing to build it; "" when nothing is."""
    if sys.platform != "linux":
        return "the test plugin is built on Linux only"
    if not (DPF / "distrho").is_dir():
        return "the plugin framework DPF is not installed (Debian's package dpf-source)"
    return "" if shutil.which("g++") else "there is no g++ (Debian's package g++)"


def why_no_window():
    """What is missing to build it with a window of its own; "" when nothing is."""
    headers = [Path("/usr/include", name) for name in ("GL/glx.h", "X11/Xlib.h")]
    missing = [str(header) for header in headers if not header.exists()]
    return why_not() or (f"there is no {missing[0]} (Debian's packages libgl-dev and libx11-dev)" if missing else "")


def build(folder, name="FaultGain", *flags):
    """Compile it into folder/NAME.vst3; gives its path."""
    return compiled(folder, name, [SOURCE / "FaultGain.cpp", DPF / "distrho" / "DistrhoPluginMain.cpp"], [*flags, "-O2"], [])


def build_with_window(folder, name="FaultGainWindow", *more):
    """The same with a window, which takes the framework's toolkit."""
    whole = Path(folder) / "toolkit.cpp"
    whole.write_text("".join(f'#include "{DPF}/dgl/src/{part}.cpp"\n' for part in TOOLKIT))
    sources = [SOURCE / "FaultGain.cpp", SOURCE / "FaultGainUI.cpp", *(DPF / "distrho" / f"Distrho{part}Main.cpp" for part in ("Plugin", "UI")),
               *(DPF / "dgl" / "src" / f"{part}.cpp" for part in APART), whole]
    flags = [*more, "-O0", "-DWINDOW=1", "-DHAVE_X11", "-DHAVE_DGL", "-DHAVE_OPENGL", "-DDGL_OPENGL", "-DDGL_FILE_BROWSER_DISABLED", f"-I{DPF}/dgl",
             f"-I{DPF}/dgl/src/pugl-upstream/include"]
    return compiled(folder, name, sources, flags, ["-lGL", "-lX11", "-lXext"])


def compiled(folder, name, sources, flags, libraries):
    bundle = Path(folder) / f"{name}.vst3"
    target = bundle / "Contents" / f"{platform.machine()}-linux" / f"{name}.so"
    target.parent.mkdir(parents=True)
    subprocess.run(["g++", "-fPIC", "-shared", "-std=gnu++14", "-fvisibility=hidden", "-DNDEBUG", "-DDISTRHO_PLUGIN_TARGET_VST3", *flags, f"-I{SOURCE}",
                    f"-I{DPF}/distrho", *sources, "-o", target, f"-Wl,--version-script={DPF}/utils/symbols/vst3.version", "-Wl,--no-undefined",
                    *libraries, "-ldl", "-lpthread"], check=True)
    allow_here(str(bundle))
    return str(bundle)


def gain_value(db):
    """Where the gain's control stands for this many decibels."""
    return (db + 60) / 120


def delay_value(samples, most=MOST_DELAY):
    return samples / most


def fault_value(fault):
    return fault / (FAULTS - 1)
