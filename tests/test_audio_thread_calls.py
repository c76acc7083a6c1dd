"""What may the audio thread call? Read from the machine code of every native module of dsp_core.

Roots are all methods a class declares `nogil` (a virtual call can reach any of them), free functions with the name of an audio
verb or a callback, and kernel functions whose address is taken. From there every reference is followed, through clones and
outlined parts, until it leaves the module. What it may leave to is listed here; Python, memory, locks and exceptions are not.
"""
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

CORE = Path(__file__).parents[1] / "dsp_core"
OFFLINE = CORE / "offline"
MATHEMATICS = re.compile(
    r"(a?(cos|sin|tan)h?|atan2|cbrt|ceil|copysign|erf|exp|exp2|expm1|fabs|floor|fma|fmax|fmin|fmod|frexp|hypot|ldexp|log|log10|"
    r"log1p|log2|l?l?r(int|ound)|modf|nearbyint|pow|remainder|scalbn|sincos|sqrt|trunc)f?")
MEMORY = re.compile(r"mem(cpy|set|move|cmp)|__mem(cpy|set|move)_chk|__stack_chk_fail|__cpu_model")
VERB = re.compile(r"_(process|tick|reset|latency|run\w*|\w*callback)$")
FUNCTION = re.compile(r"^([0-9a-f]+) <(.+)>:$")
REFERENCE = re.compile(r"<([^>+]+)(?:\+0x[0-9a-f]+)?>")
GLOBAL_SLOT = re.compile(r"# ([0-9a-f]+) <")
LOADED = re.compile(r"# [0-9a-f]+ <([^>+]+)>")           # with an offset it is data behind the symbol


def allowed(imported):
    return bool(MATHEMATICS.fullmatch(imported) or MEMORY.fullmatch(imported))


def plain(symbol):
    """The C name inside a C++ symbol, without the compiler's clone suffix; any other symbol as it is."""
    mangled = re.match(r"_ZL?(\d+)", symbol)
    return symbol[mangled.end():mangled.end() + int(mangled[1])] if mangled else symbol.split(".")[0]


def cython_name(module, *names):
    """What Cython calls a cdef function in C: lengths before all names but the last."""
    *scope, last = [*module.split("."), *names]
    return "__pyx_f_" + "".join(f"{len(name)}{name}_" for name in scope) + last


def nogil_methods(source):
    """(class, method) of every cdef method with a body that needs no GIL."""
    found, owner, head = [], None, ""
    for line in source.splitlines():
        if re.match(r"\S", line):
            owner = (re.match(r"cdef class (\w+)", line) or [None, None])[1]
        if head or (owner and re.match(r"    cdef (?!class|struct|enum|readonly|public)[^=#]*\(", line)):
            head += line
            if line.rstrip().endswith(":"):
                if re.search(r"\)[^)]*\bnogil\b[^)]*:$", head.rstrip()):
                    found.append((owner, re.search(r"(\w+)\s*\(", head)[1]))
                head = ""
    return found


def objdump(*words):
    return subprocess.run(["objdump", *map(str, words)], capture_output=True, text=True, check=True).stdout


def references(binary):
    """{function: symbols it calls, jumps to or takes the address of}; what is imported stands as "import NAME"."""
    slots = dict(re.findall(r"^0*([0-9a-f]+) R_\w+(?:GLOB_DAT|JUMP_SLOT|64)\s+([\w.]+)", objdump("-R", binary), re.MULTILINE))
    found, here = {}, set()
    for line in objdump("-d", "--no-show-raw-insn", binary).splitlines():
        function = FUNCTION.match(line)
        if function:
            here = found.setdefault(function[2], set())
        elif re.search(r"\t(syscall|sysenter|svc)\b", line):
            here.add("import the kernel")
        else:
            slot = GLOBAL_SLOT.search(line)
            if slot and slot[1] in slots:
                here.add(f"import {slots[slot[1]]}")
            elif name := (LOADED if "# " in line else REFERENCE).search(line):
                here.add(f"import {name[1][:-4]}" if name[1].endswith("@plt") else name[1])
    return found


def address_taken(binary):
    """Functions that something else refers to without calling them."""
    return {name for line in objdump("-d", "--no-show-raw-insn", binary).splitlines() if "\tlea " in line or "\tadr" in line
            for name in REFERENCE.findall(line)}


def roots(functions, taken, module, source):
    methods = {cython_name(module, *names) for names in nogil_methods(source)}
    return [f for f in functions if plain(f) in methods or (plain(f).startswith("__pyx_f_") and VERB.search(plain(f)))
            or (plain(f).startswith("mrt_") and f in taken)]


def forbidden(functions, starts):
    """Sentences: which way leads from a root to what the audio thread may not call."""
    wrong = []
    for start in starts:
        ways, seen = [[start]], {start}
        while ways:
            way = ways.pop()
            for name in sorted(functions[way[-1]] - seen):
                seen.add(name)
                if name.startswith("import ") and not allowed(name[7:]):
                    wrong.append(" -> ".join([*map(plain, way), name[7:]]))
                elif name in functions:
                    ways.append([*way, name])
    return wrong


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads ELF files, which only Linux has")
@pytest.mark.skipif(shutil.which("objdump") is None, reason="objdump (Debian's package binutils) is not installed")
@pytest.mark.parametrize("pyx", [pyx for pyx in sorted(CORE.rglob("*.pyx")) if OFFLINE not in pyx.parents],
                         ids=lambda p: p.relative_to(CORE).as_posix())
def test_audio_thread_calls_only_what_it_may(pyx):
    source = pyx.read_text(encoding="utf-8")
    module = ".".join(pyx.relative_to(CORE.parent).with_suffix("").parts)
    binary = pyx.with_name(pyx.stem + sysconfig.get_config_var("EXT_SUFFIX"))
    assert binary.exists(), f"{binary.name} is not built; run ./dev build"
    functions = references(binary)
    starts = roots(functions, address_taken(binary), module, source)
    found = {plain(f) for f in starts}
    for owner, method in nogil_methods(source):
        if method in ("process", "run", "run_block"):
            assert cython_name(module, owner, method) in found, f"{owner}.{method} is not in {binary.name}"
    wrong = forbidden(functions, starts)
    assert not wrong, "the audio thread may not call this:\n" + "\n".join(wrong)


def test_methods_are_found_in_source():
    source = ("cdef class A(B):\n    cdef int x\n    cdef void process(self, sample_t **io,\n        int n) noexcept nogil:\n"
              "        pass\n"
              "    cdef int prepare(self) except -1:\n        pass\n    def f(self):\n        pass\n"
              "cdef void free(int a) noexcept nogil:\n    pass\n")
    assert nogil_methods(source) == [("A", "process")]


def test_ways_are_followed_to_their_end():
    functions = {"_ZL3oneP1A": {"_ZL3twov", "import sin"}, "_ZL3twov": {"_ZL3oneP1A", "_ZL3twov.cold"},
                 "_ZL3twov.cold": {"import malloc"}}
    assert forbidden(functions, ["_ZL3oneP1A"]) == ["one -> two -> two -> malloc"]


def test_nothing_that_plays_knows_what_works_on_whole_songs():
    """What may wait and lock stays out of reach of the audio thread."""
    for source in [*CORE.rglob("*.pyx"), *CORE.rglob("*.pxd")]:
        if OFFLINE not in source.parents:
            assert "dsp_core.offline" not in source.read_text(encoding="utf-8"), source
