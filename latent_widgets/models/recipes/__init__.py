"""How the bundled spaces were made, one per file."""
