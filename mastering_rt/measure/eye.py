"""What lines that move are made of, a call for each picture; the window has it from here, because of the core it sees the parameter table only."""
from dsp_core.meters.eye import heights, moved, write_line

__all__ = ["heights", "moved", "write_line"]
