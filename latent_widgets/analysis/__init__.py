"""Numbers about points in a latent space; knows no widget."""
