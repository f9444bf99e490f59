"""Pictures with known factors, and loaders that turn anything into pictures."""
