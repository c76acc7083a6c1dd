"""The one table of parameters. Everything that shows, stores, moves or documents a parameter reads it.

Standard library only: setup.py imports this file before anything is compiled.
"""
from dsp_core.param import Param, UnknownParameter

EQ_BANDS = 8
EQ_TYPES = ("Bell", "Low shelf", "High shelf", "Low cut", "High cut", "Notch", "Tilt")
EQ_SLOPES = ("6 dB/oct", "12 dB/oct", "18 dB/oct", "24 dB/oct", "36 dB/oct", "48 dB/oct")
PLACEMENTS = ("Stereo", "Mid", "Side", "Left", "Right")
OFF_ON = ("Off", "On")
OVERSAMPLING = ("1x", "2x", "4x", "8x", "16x")
DYNAMICS_BANDS = 6
BAND_MODES = ("Compress", "Lift", "Expand", "Open up")
BAND_ATTACKS_MS = (30, 20, 10, 5, 3, 2)
BAND_RELEASES_MS = (250, 150, 100, 80, 60, 50)
CROSSOVERS_HZ = (120, 800, 5000, 9000, 13000)
DYNAMIC_EQ_BANDS = 6
DYNAMIC_EQ_TYPES = ("Bell", "Low shelf", "High shelf")
DYNAMIC_EQ_FREQUENCIES_HZ = (60, 200, 500, 2500, 5000, 10000)
EQ_FREQUENCIES_HZ = (30, 80, 200, 500, 1200, 3000, 8000, 14000)


def switch(id: str, label: str, help: str, default: int = 0, change: str = "swap") -> Param:
    """An off/on parameter."""
    return Param(id=id, label=label, low=0, high=1, default=default, law="step", change=change, choices=OFF_ON, help=help)


def choice(id: str, label: str, choices: tuple[str, ...], help: str, default: int = 0) -> Param:
    """A parameter that names one of several ways of working."""
    return Param(id=id, label=label, low=0, high=len(choices) - 1, default=default, law="step", change="swap",
                 choices=choices, help=help)


COMMON: tuple[Param, ...] = (
    switch("bypass", "Bypass", "The stage is heard as its input, delayed by the same latency; it keeps listening.", change="glide"),
    Param(id="mix", label="Mix", low=0, high=100, default=100, unit="%", step=1, decimals=0,
          help="Share of the processed sound; the rest is the input, aligned to the sample."),
    choice("placement", "Placement", PLACEMENTS, "Which part of the stereo sound the stage works on; the rest passes, aligned."),
)


def eq_band(band: int) -> tuple[Param, ...]:
    """The parameters of one equaliser band, 1-based."""
    name = f"band{band}"
    return (
        switch(f"{name}_on", f"Band {band}", "Takes the band in or out without forgetting its values.", default=1),
        choice(f"{name}_type", "Type", EQ_TYPES, "Shape of the band."),
        Param(id=f"{name}_freq", label="Frequency", low=10, high=40000, default=EQ_FREQUENCIES_HZ[band - 1], unit="Hz",
              law="log", step=2 ** (1 / 24), help="Centre of a bell or notch, corner of a shelf, -3 dB point of a cut, pivot of a tilt."),
        Param(id=f"{name}_gain", label="Gain", low=-30, high=30, default=0, unit="dB", step=0.1,
              help="Boost or cut of a bell or shelf; a tilt lifts the highs by half and lowers the lows by half of it."),
        Param(id=f"{name}_q", label="Q", low=0.025, high=40, default=0.71, law="log", step=1.05, decimals=2,
              help="Narrowness of a bell or notch, resonance of a shelf or cut. For cuts of 12 dB/oct and up it is the level at the "
                   "corner: 0.71 is Butterworth (-3 dB). A tilt and a 6 dB/oct cut have none."),
        choice(f"{name}_slope", "Slope", EQ_SLOPES, "Steepness of a low or high cut.", default=1),
        choice(f"{name}_channel", "Channel", PLACEMENTS, "Which part of the stereo sound the band works on."),
    )


def crossover(number: int, hz: float) -> Param:
    """The crossover between bands `number` and `number` + 1."""
    return Param(id=f"crossover{number}", label=f"Crossover {number}", low=20, high=20000, default=hz, unit="Hz", law="log", step=2 ** (1 / 12),
                 help=f"Border between bands {number} and {number + 1}, 24 dB/oct.")


def stereo_width(band: int) -> Param:
    """The width of one band of the stereo image, 1-based."""
    return Param(id=f"width{band}", label=f"Width {band}", low=0, high=200, default=100, unit="%", step=1, decimals=0,
                 help=f"Level of the side in band {band}: 0 % is mono, 200 % is 6 dB more.")


def saturation_drive(band: int) -> Param:
    """How far one band of the saturation is driven, 1-based."""
    return Param(id=f"band{band}_drive", label=f"Band {band} drive", low=0, high=24, default=0, unit="dB", step=0.1,
                 help="How far into the curve this band is driven; quiet sounds keep their level, 0 dB adds nothing.")


def saturation_mix(band: int) -> Param:
    """How much of what the curve adds to one band is heard, 1-based."""
    return Param(id=f"band{band}_mix", label=f"Band {band} mix", low=0, high=100, default=100, unit="%", step=1, decimals=0,
                 help="Share of the saturated sound in this band; 5 to 20 % is a touch.")


def channel_delay(side: str) -> Param:
    """A delay of one channel in whole frames."""
    return Param(id=f"delay_{side.lower()}", label=f"{side} delay", low=0, high=1000, default=0, law="step", change="swap",
                 help=f"Delays the {side.lower()} channel by that many samples, to put shifted channels back in line.")


def dynamics_band(band: int) -> tuple[Param, ...]:
    """The parameters of one band of the multiband dynamics, 1-based from the lowest."""
    name = f"band{band}"
    return (
        switch(f"{name}_on", f"Band {band}", "Off, the band passes at its own level, without dynamics and make-up.", default=1, change="glide"),
        choice(f"{name}_mode", "Mode", BAND_MODES,
               "Compress turns down what is over the threshold, Lift turns up what is under it; Expand turns down what is under it, "
               "Open up turns up what is over it."),
        Param(id=f"{name}_threshold", label="Threshold", low=-80, high=0, default=-24, unit="dB", step=0.5,
              help="Level of the band from which its gain changes."),
        Param(id=f"{name}_ratio", label="Ratio", low=1, high=20, default=1, unit=":1", law="log", step=1.05, decimals=2,
              help="Input dB for 1 dB of output when compressing or lifting, output dB for 1 dB of input when expanding or opening up; "
                   "1 : 1 leaves the band untouched."),
        Param(id=f"{name}_knee", label="Knee", low=0, high=30, default=6, unit="dB", step=0.5,
              help="Width of the bend around the threshold over which the ratio sets in."),
        Param(id=f"{name}_attack", label="Attack", low=0.1, high=250, default=BAND_ATTACKS_MS[band - 1], unit="ms", law="log", step=1.08,
              help="Time in which 63 % of the way is made when the band gets louder."),
        Param(id=f"{name}_release", label="Release", low=10, high=2500, default=BAND_RELEASES_MS[band - 1], unit="ms", law="log",
              step=1.08, help="Time in which 63 % of the way is made when the band gets softer."),
        Param(id=f"{name}_range", label="Range", low=0, high=24, default=12, unit="dB", step=0.5,
              help="The most by which the dynamics may change the band's level, up or down."),
        Param(id=f"{name}_makeup", label="Make-up", low=-12, high=12, default=0, unit="dB", step=0.1,
              help="Level added to the band after its dynamics."),
        switch(f"{name}_solo", "Solo", "Only the soloed bands sound; also in the render.", change="glide"),
        switch(f"{name}_mute", "Mute", "The band is silent; also in the render.", change="glide"),
    )


def dynamic_eq_band(band: int) -> tuple[Param, ...]:
    """The parameters of one band of the dynamic equaliser, 1-based."""
    name = f"band{band}"
    return (
        switch(f"{name}_on", f"Band {band}", "Takes the band in or out without forgetting its values.", default=1, change="glide"),
        choice(f"{name}_type", "Type", DYNAMIC_EQ_TYPES, "Shape of the band."),
        Param(id=f"{name}_freq", label="Frequency", low=10, high=40000, default=DYNAMIC_EQ_FREQUENCIES_HZ[band - 1], unit="Hz",
              law="log", step=2 ** (1 / 24), help="Centre of a bell, corner of a shelf; the band listens there too."),
        Param(id=f"{name}_q", label="Q", low=0.1, high=20, default=1, law="log", step=1.05, decimals=2,
              help="Narrowness of a bell, of what it does and of what it hears; resonance of a shelf."),
        Param(id=f"{name}_gain", label="Gain", low=-12, high=12, default=0, unit="dB", step=0.1,
              help="Boost or cut that is there without any dynamics."),
        Param(id=f"{name}_range", label="Range", low=-12, high=12, default=0, unit="dB", step=0.1,
              help="The most that the dynamics add to the gain; below 0 they cut, above they boost, 0 switches them off."),
        choice(f"{name}_when", "When", ("Over", "Under"), "Whether the band acts while it is over its threshold, or under it."),
        choice(f"{name}_detector", "Detector", ("Absolute", "Relative"),
               "Absolute compares the band with the threshold in dBFS; Relative with its own running level, whatever the song's level is."),
        Param(id=f"{name}_threshold", label="Threshold", low=-80, high=0, default=-24, unit="dB", step=0.5,
              help="Level of the band, in peaks, at which an absolute detector begins to act."),
        Param(id=f"{name}_relative", label="Relative threshold", low=-12, high=24, default=6, unit="dB", step=0.5,
              help="Level over the band's own running level at which a relative detector begins to act; a steady tone reads 0 dB."),
        Param(id=f"{name}_ratio", label="Ratio", low=1.2, high=10, default=3, unit=":1", law="log", step=1.05, decimals=2,
              help="How fast the range is used up: beyond the threshold each dB of level changes the gain by 1 - 1 / ratio dB."),
        Param(id=f"{name}_attack", label="Attack", low=0.1, high=200, default=10, unit="ms", law="log", step=1.08,
              help="Time in which 63 % of the way is made when the band gets louder."),
        Param(id=f"{name}_release", label="Release", low=10, high=2000, default=100, unit="ms", law="log", step=1.08,
              help="Time in which 63 % of the way is made when the band gets softer."),
        switch(f"{name}_listen", "Listen", "What the band's detector hears is heard instead of the stage; also in the render.", change="glide"),
    )


def dynamics_crossover(number: int) -> Param:
    """The frequency between two bands, 1-based from the lowest."""
    return Param(id=f"crossover{number}", label=f"Crossover {number}", low=20, high=20000, default=CROSSOVERS_HZ[number - 1], unit="Hz",
                 law="log", step=2 ** (1 / 24), help=f"Between band {number} and the one over it, which are both 6 dB down here; one lower than its lower neighbour waits there.")


STAGES: dict[str, tuple[Param, ...]] = {
    "trim": (
        Param(id="gain", label="Gain", low=-24, high=24, default=0, unit="dB", step=0.1,
              help="Level change applied after everything before it."),
    ),
    "eq": tuple(p for band in range(1, EQ_BANDS + 1) for p in eq_band(band)),
    "compressor": (
        Param(id="threshold", label="Threshold", low=-60, high=0, default=-18, unit="dB", step=0.5,
              help="Level over which gain is reduced."),
        Param(id="ratio", label="Ratio", low=1, high=100, default=1, unit=":1", law="log", step=1.05, decimals=2, high_text="\N{INFINITY} : 1",
              help="Input dB above the threshold for 1 dB of output; 1 : 1 leaves the sound untouched."),
        Param(id="knee", label="Knee", low=0, high=30, default=6, unit="dB", step=0.5,
              help="Width of the bend around the threshold over which the ratio sets in."),
        Param(id="attack", label="Attack", low=0.02, high=250, default=15, unit="ms", law="log", step=1.08,
              help="Time in which 63 % of a rise in gain reduction is reached."),
        Param(id="release", label="Release", low=10, high=2500, default=150, unit="ms", law="log", step=1.08,
              help="Time in which 63 % of the gain reduction is given back; the slowest time when release is automatic."),
        switch("auto_release", "Auto release", "Release follows the programme: at most 120 ms after a single peak, up to the release time after dense passages."),
        choice("detector", "Detector", ("Peak", "RMS"), "What is compared with the threshold: the waveform's peaks or its running power, which reads a sine 3 dB lower."),
        Param(id="rms_window", label="RMS window", low=5, high=300, default=20, unit="ms", law="log", step=1.08,
              help="Time constant over which the RMS detector averages power."),
        Param(id="link", label="Link", low=0, high=100, default=100, unit="%", step=1, decimals=0,
              help="How far both channels share the larger gain reduction; 100 % keeps the stereo image still."),
        Param(id="detector_low_cut", label="Detector low cut", low=20, high=500, default=20, unit="Hz", law="log", step=2 ** (1 / 12), low_text="off",
              help="High-pass of the detector only, so that bass does not drive the gain."),
        choice("detector_slope", "Detector slope", ("12 dB/oct", "24 dB/oct"), "Steepness of the detector's low cut."),
        Param(id="lookahead", label="Look-ahead", low=0, high=20, default=0, unit="ms", change="swap", step=0.1,
              help="Delays the sound, not the detector, so that gain moves before a peak arrives; adds latency."),
        Param(id="makeup", label="Make-up", low=-12, high=24, default=0, unit="dB", step=0.1, help="Level added after compression."),
        switch("auto_makeup", "Auto make-up", "Adds half of the gain reduction that a full-scale signal would get.", change="glide"),
    ),
    "limiter": (
        Param(id="gain", label="Drive", low=-10, high=30, default=0, unit="dB", step=0.1, help="Level added before limiting: louder, at the price of more gain reduction."),
        Param(id="ceiling", label="Ceiling", low=-12, high=0, default=-1, unit="dBTP", step=0.1, decimals=2,
              help="No true peak of the printed file passes it (of sound below 0.465 of the sample rate)."),
        Param(id="release", label="Release", low=1, high=1000, default=150, unit="ms", law="log", step=1.08,
              help="Time in which the gain comes 63 % of the way back; the slowest time when release is automatic."),
        switch("auto_release", "Auto release", "Short after a single peak, up to the release time in dense passages.", default=1, change="glide"),
        Param(id="hold", label="Hold", low=0, high=30, default=15, unit="ms", change="swap", step=0.5,
              help="Time the gain stays down before release; half a period of the lowest note keeps bass free of distortion."),
        Param(id="lookahead", label="Look-ahead", low=0.25, high=10, default=1.5, unit="ms", law="log", change="swap", step=1.08,
              help="Time over which gain moves before a peak arrives; adds latency."),
        Param(id="link", label="Link", low=0, high=100, default=100, unit="%", step=1, decimals=0,
              help="How far both channels share the larger gain reduction; 100 % keeps the stereo image still."),
    ),
    "stereo": (
        choice("bands", "Bands", ("1", "2", "3", "4"), "How many bands have a width of their own."),
        *(crossover(number, hz) for number, hz in ((1, 150), (2, 800), (3, 5000))),
        *(stereo_width(band) for band in range(1, 5)),
        Param(id="mono_below", label="Mono below", low=20, high=500, default=20, unit="Hz", law="log", step=2 ** (1 / 12), low_text="off",
              help="Takes the side away under this frequency, where it is 6 dB down, without turning the image over it."),
        choice("mono_slope", "Mono slope", ("12 dB/oct", "24 dB/oct", "48 dB/oct"), "Steepness of the mono-maker.", default=1),
        Param(id="mid_gain", label="Mid", low=-96, high=12, default=0, unit="dB", step=0.1, low_text="off",
              help="Level of what both channels share."),
        Param(id="side_gain", label="Side", low=-96, high=12, default=0, unit="dB", step=0.1, low_text="off",
              help="Level of what sets the channels apart."),
        Param(id="balance", label="Balance", low=-6, high=6, default=0, unit="dB", step=0.1,
              help="Lowers the right channel below zero, the left channel above zero, and never raises one."),
        Param(id="rotation", label="Rotation", low=-45, high=45, default=0, unit="deg", step=0.5,
              help="Turns the whole image, to the right above zero; at 45 degrees the centre is in one channel."),
        choice("guard", "Antiphase guard", ("Off", "Widening", "Always"),
               "Lowers the side where it outweighs the mid, averaged over 0.3 s: no further than it came in, or always, by up to 30 dB."),
        switch("swap", "Swap channels", "Exchanges the left and right channel, before everything else."),
        switch("invert_left", "Invert left", "Reverses the polarity of the left channel."),
        switch("invert_right", "Invert right", "Reverses the polarity of the right channel."),
        channel_delay("Left"),
        channel_delay("Right"),
    ),
    "clipper": (
        Param(id="gain", label="Drive", low=-12, high=24, default=0, unit="dB", step=0.1, help="Level added before clipping: louder, at the price of more cut off."),
        Param(id="ceiling", label="Ceiling", low=-12, high=0, default=0, unit="dB", step=0.1, decimals=2,
              help="Where the sound is cut off; with the guard no sample passes it."),
        Param(id="knee", label="Knee", low=0, high=100, default=0, unit="%", step=1, decimals=0,
              help="Softness: 0 % cuts at the ceiling, at 100 % the curve bends from 6 dB under it on."),
        choice("oversampling", "Oversampling", OVERSAMPLING, "Rate at which the sound is bent; more leaves fewer aliases, and costs more.", default=2),
        choice("phase", "Phase", ("Linear", "Minimum"), "Linear leaves what is not bent untouched; minimum has the least latency and turns the phase of the highs."),
        switch("guard", "Guard", "Turns down what swings over the ceiling when the highest harmonics of the cut are gone.", default=1),
    ),
    "saturation": (
        choice("character", "Character", ("Tape", "Triode", "Transformer", "Even", "Odd"),
               "Which harmonics are added, and what drives them: tape by its highs, a transformer by its lows."),
        choice("bands", "Bands", ("1", "2", "3", "4"), "How many bands have a drive of their own."),
        *(crossover(number, hz) for number, hz in ((1, 150), (2, 1000), (3, 5000))),
        *(param for band in range(1, 5) for param in (saturation_drive(band), saturation_mix(band))),
        choice("oversampling", "Oversampling", OVERSAMPLING, "Rate at which the sound is bent; more leaves fewer aliases, and costs more.", default=2),
        choice("phase", "Phase", ("Linear", "Minimum"), "Linear leaves what is not bent untouched; minimum has the least latency and turns the phase of the highs."),
        switch("level_match", "Level match", "Keeps the loudness of what comes in, averaged over 3 s, so that louder is not mistaken for better.", default=1),
    ),
}

STAGES["dynamic_eq"] = tuple(p for band in range(1, DYNAMIC_EQ_BANDS + 1) for p in dynamic_eq_band(band))
STAGES["deesser"] = (
    choice("mode", "Mode", ("Split band", "Split above", "Wide"),
           "What is turned down: a bell over the band, everything from its lower end up, or the whole sound."),
    Param(id="from_freq", label="From", low=2000, high=16000, default=5000, unit="Hz", law="log", step=2 ** (1 / 24),
          help="Lower end of the band that is listened to; a split cut has half its dB here."),
    Param(id="to_freq", label="To", low=2500, high=20000, default=9000, unit="Hz", law="log", step=2 ** (1 / 24),
          help="Upper end of the band; at least a fifth over the lower one."),
    Param(id="threshold", label="Threshold", low=-40, high=0, default=-12, unit="dB", step=0.5,
          help="Level of the band relative to the whole sound from which it is turned down, whatever the level of the song is."),
    Param(id="range", label="Range", low=0, high=12, default=0, unit="dB", step=0.1, low_text="off", help="The most by which anything is turned down."),
    Param(id="attack", label="Attack", low=0.1, high=5, default=0.5, unit="ms", law="log", step=1.08,
          help="Time in which 63 % of the way down is made."),
    Param(id="release", label="Release", low=20, high=120, default=50, unit="ms", law="log", step=1.08,
          help="Time in which 63 % of the way back is made."),
    Param(id="lookahead", label="Look-ahead", low=0, high=15, default=0, unit="ms", change="swap", step=0.1,
          help="Delays the sound, not the detector, so that the start of a sibilant is caught; adds latency. 2 ms are enough."),
    switch("listen", "Listen", "What the detector hears is heard instead of the stage; also in the render.", change="glide"),
)
STAGES["multiband"] = (
    choice("bands", "Bands", ("2", "3", "4", "5", "6"), "How many bands the sound is split into.", default=2),
    choice("slope", "Slope", ("24 dB/oct", "48 dB/oct"), "Steepness of every crossover (Linkwitz-Riley). Steeper ones turn the phase further: prefer 24 below 150 Hz."),
    *(dynamics_crossover(number) for number in range(1, DYNAMICS_BANDS)),
    Param(id="link", label="Link", low=0, high=100, default=100, unit="%", step=1, decimals=0,
          help="How far both channels of a band share the level that moves them more; 100 % keeps the stereo image still."),
    *(p for band in range(1, DYNAMICS_BANDS + 1) for p in dynamics_band(band)),
)

MOST_STAGES = 24                 # in a chain
# In the order of a usual chain, which is that of the menu that adds a stage.
LABELS = {"trim": "Trim", "eq": "EQ", "dynamic_eq": "Dynamic EQ", "deesser": "De-esser", "compressor": "Compressor", "multiband": "Multiband",
          "saturation": "Saturation", "stereo": "Stereo", "clipper": "Clipper", "limiter": "Limiter"}
# Kinds that have gain reduction to show.
REDUCING = ("dynamic_eq", "deesser", "compressor", "multiband", "stereo", "clipper", "limiter")


def params_of(kind: str) -> tuple[Param, ...]:
    """All parameters of a stage kind in index order: the common ones, then its own. KeyError for an unknown kind."""
    return COMMON + STAGES[kind]


def index_of(kind: str, param_id: str) -> int:
    """Index of a parameter in `params_of(kind)`; UnknownParameter with the ids there are."""
    for index, param in enumerate(params_of(kind)):
        if param.id == param_id:
            return index
    raise UnknownParameter(f"{kind} has no {param_id!r}; it has {', '.join(p.id for p in params_of(kind))}")


def enum_source() -> str:
    """C names of the table, so that a stage that asks for a missing parameter does not compile."""
    lines = ["# generated by setup.py from dsp_core/params.py; never edited", "", "cdef enum:"]
    lines += [f"    COMMON_{p.id.upper()} = {i}" for i, p in enumerate(COMMON)]
    lines += [f"    COMMON_COUNT = {len(COMMON)}"]
    for kind in STAGES:
        lines += ["", "cdef enum:"]
        lines += [f"    {kind.upper()}_{p.id.upper()} = {i}" for i, p in enumerate(params_of(kind)) if i >= len(COMMON)]
        lines += [f"    {kind.upper()}_COUNT = {len(params_of(kind))}"]
    return "\n".join(lines) + "\n"
