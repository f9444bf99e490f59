"""Put your hands inside a latent space."""
