"""Latent-variable models in torch, their training and their files; knows no widget."""
