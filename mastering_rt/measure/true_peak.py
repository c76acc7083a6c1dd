"""How far the true-peak meter may be off, per rate; tests/mastering_rt/test_whole.py holds it to these figures against 64 points a frame."""

BAND_SHARE = 0.4535              # of the sample rate: 20 kHz at 44.1
AT_SINGLE_RATE_DB = (-0.05, 0.03)
AT_DOUBLE_RATE_DB = (-0.01, 0.02)
FULL_BAND_DB = (-1.3, 0.1)       # white noise of random signs up to half the rate, which no converter lets pass
EXACT_DB = (-0.05, 0.05)         # of a file whose peak was read by Fourier transforms (`exact_peak.py`), whatever it holds


def error_bar_db(rate_hz: int) -> tuple[float, float]:
    """How far a reading may lie below and above the true peak of sound up to 20 kHz (at low rates, up to 0.4535 of the rate)."""
    return AT_SINGLE_RATE_DB if rate_hz < 88200 else AT_DOUBLE_RATE_DB


def error_bar_text(rate_hz: int) -> str:
    """ "−0.05 / +0.03 dB up to 20.0 kHz"."""
    low, high = error_bar_db(rate_hz)
    edge_khz = min(20.0, BAND_SHARE * rate_hz / 1000)
    return f"\N{MINUS SIGN}{-low:.2f} / +{high:.2f} dB up to {edge_khz:.1f} kHz"
