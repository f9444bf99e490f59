"""Settings that must be in place before any test imports torch."""

import os

# Two threads that wait for each other are slower than one, and timings wander.
os.environ.setdefault("OMP_NUM_THREADS", "1")
