"""`python -m mastering_rt` is `mastering-rt`."""
import sys

from mastering_rt.cli import main

sys.exit(main())
