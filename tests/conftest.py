"""Settings that must be in place before any test imports torch."""

import os
import tempfile

# Two threads that wait for each other are slower than one, and timings wander.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Maps that tests make are not kept among those of whoever runs them; kernels inherit this.
os.environ["LATENT_WIDGETS_CACHE"] = tempfile.mkdtemp(prefix="latent_widgets_maps_")
