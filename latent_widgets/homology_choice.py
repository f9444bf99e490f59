"""Which homology is looked at: the options of a topology panel."""

from __future__ import annotations

import math

import traitlets as t


class HomologyChoice(t.HasTraits):
    """Gives a panel the traits that say what is computed, each checked by itself."""

    coeff = t.Int(2)
    """The prime of the coefficients: 2 and 3 tell a torus from a Klein bottle."""
    max_dim = t.Int(1)
    """The highest dimension: 0 components, 1 holes, 2 voids."""
    landmarks = t.Int(None, allow_none=True)
    """How many rows stand for all, at most; None takes 500, and 250 where `max_dim` is 2."""
    metric = t.Any("euclidean")
    """As for `analysis.persistence`; by default the geometry of the space."""
    seed = t.Int(0)
    """Of the landmarks."""
    scale = t.Float(0.0)
    """Where components and holes are counted, and up to which length edges are drawn."""

    @t.validate("coeff", "max_dim")
    def _check_one_of(self, proposal: t.Bunch) -> int:
        known, words = _KNOWN[proposal.trait.name]
        if proposal.value not in known:
            raise ValueError(f"{proposal.trait.name} must be {words}, got {proposal.value}")
        value: int = proposal.value
        return value

    @t.validate("landmarks", "seed")
    def _check_least(self, proposal: t.Bunch) -> int | None:
        least = 1 if proposal.trait.name == "landmarks" else 0
        value: int | None = proposal.value
        if value is not None and value < least:
            raise ValueError(f"{proposal.trait.name} must be at least {least}, got {value}")
        return value

    @t.validate("scale")
    def _check_scale(self, proposal: t.Bunch) -> float:
        scale: float = proposal.value
        if not (math.isfinite(scale) and scale >= 0):
            raise ValueError(f"scale must be a finite length, 0 or more, got {scale}")
        return scale


_KNOWN = {"coeff": ((2, 3), "2 or 3"), "max_dim": ((0, 1, 2), "0, 1 or 2")}
