"""What leaves the notebook: still pictures."""
