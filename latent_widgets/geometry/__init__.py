"""Pure tensor maths on latents: paths between them."""

from latent_widgets.geometry.interpolation import lerp, matched_lerp, slerp

__all__ = ["lerp", "matched_lerp", "slerp"]
