"""Exact search over one model's vectors: the index file, its manifest, and what it answers."""
