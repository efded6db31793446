"""How the weights of the ``ligand`` encoder are made: data, families, classes, network, fit.

``python -m training`` runs the whole of it; ``docs/embedding.md`` tells the story and the figures.
"""
