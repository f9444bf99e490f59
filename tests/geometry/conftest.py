"""Another library to compare with."""

from __future__ import annotations

import importlib
import warnings

import pytest


@pytest.fixture(scope="session")
def geoopt():
    with warnings.catch_warnings():
        # It still compiles its helpers with torch.jit, which torch now warns of.
        warnings.simplefilter("ignore", FutureWarning)
        return importlib.import_module("geoopt")
