"""One widget per file, each a view of one LatentSpace."""
