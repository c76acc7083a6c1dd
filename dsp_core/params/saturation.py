"""Parameters of the saturation."""
from dsp_core.param import Param
from dsp_core.params.common import OVERSAMPLING, Measure, choice, crossover, switch


def saturation_drive(band: int) -> Param:
    """How far one band of the saturation is driven, 1-based."""
    return Param(id=f"band{band}_drive", label=f"Band {band} drive", low=0, high=24, default=0, unit="dB", step=0.1,
                 help="How far into the curve this band is driven; quiet sounds keep their level, 0 dB adds nothing.")


def saturation_mix(band: int) -> Param:
    """How much of what the curve adds to one band is heard, 1-based."""
    return Param(id=f"band{band}_mix", label=f"Band {band} mix", low=0, high=100, default=100, unit="%", step=1, decimals=0,
                 help="Share of the saturated sound in this band; 5 to 20 % is a touch.")


PARAMS = (
    choice("character", "Character", ("Tape", "Triode", "Transformer", "Even", "Odd"),
           "Which harmonics are added, and what drives them: tape by its highs, a transformer by its lows."),
    Param(id="balance", label="Balance", low=-100, high=100, default=0, unit="%", step=1, decimals=0,
          help="As the character has it at 0; down to -100 % there are more and more odd harmonics alone, up to 100 % even ones alone."),
    Param(id="tilt", label="Tilt", low=-12, high=12, default=0, unit="dB", step=0.5,
          help="Drives the highs harder than the lows above zero, the lows harder below, around 1 kHz; taken back behind the curve."),
    choice("bands", "Bands", ("1", "2", "3", "4"), "How many bands have a drive of their own."),
    *(crossover(number, hz) for number, hz in ((1, 150), (2, 1000), (3, 5000))),
    *(param for band in range(1, 5) for param in (saturation_drive(band), saturation_mix(band))),
    choice("oversampling", "Oversampling", OVERSAMPLING, "Rate at which the sound is bent; more leaves fewer aliases, and costs more.", default=2),
    choice("phase", "Phase", ("Linear", "Minimum"), "Linear leaves what is not bent untouched; minimum has the least latency and turns the phase of the highs."),
    switch("level_match", "Level match", "Keeps the loudness of what comes in, averaged over 3 s, so that louder is not mistaken for better.", default=1),
)

MEASURE = Measure("THD", "%", 100.0, 2, "All that is added but a change of level, over the sound itself, averaged over 0.3 s; of a sine, "
                                        "its total harmonic distortion.")
