"""Embedders: peptides in, one vector each out."""
