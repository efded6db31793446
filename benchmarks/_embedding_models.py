"""What ``bench_embedding.py`` compares: sequences in, unit vectors out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from omicstoken_kernel.chemistry.residues import TWENTY
from omicstoken_kernel.embedding import is_at_hand, load_model
from omicstoken_kernel.embedding.blosum import BLOSUM62, RESIDUES

Embed = Callable[[Sequence[str]], np.ndarray]

_ROWS = {letter: BLOSUM62[place] for place, letter in enumerate(RESIDUES)}
_ANCHORED = ((0, 1.0), (1, 2.0), (2, 1.0), (-3, 1.0), (-2, 1.0), (-1, 2.0))
_END = 6


def unit(vectors):
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(norms, 1e-12)).astype(np.float32)


def one_hot(sequences):
    """Return the six first and six last residues, one of twenty each."""
    vectors = np.zeros((len(sequences), 2 * _END, len(TWENTY)), np.float32)
    for row, sequence in enumerate(sequences):
        for place in range(min(_END, len(sequence))):
            vectors[row, place, TWENTY.index(sequence[place])] = 1
            vectors[row, _END + place, TWENTY.index(sequence[-1 - place])] = 1
    return unit(vectors.reshape(len(sequences), -1))


def blosum_mean(sequences):
    """Return the mean of the residues' rows of BLOSUM62."""
    return unit(np.array([np.mean([_ROWS[r] for r in sequence], axis=0) for sequence in sequences]))


def weighted_blosum(sequences):
    """Return BLOSUM62 rows of the three first and last residues, P2 and the last one double."""
    vectors = [
        np.concatenate([weight * _ROWS[sequence[place]] for place, weight in _ANCHORED])
        for sequence in sequences
    ]
    return unit(np.array(vectors))


def contestants(settings) -> tuple[dict[str, Embed], dict[str, str]]:
    """Return the embedders by name, and the keys of the models among them."""
    found: dict[str, Embed] = {
        "one-hot": one_hot,
        "BLOSUM mean": blosum_mean,
        "weighted BLOSUM": weighted_blosum,
    }
    keys = {}
    for name in ("anchor", "ligand", "esm2"):
        if is_at_hand(name, settings):
            model = load_model(name, settings)
            keys[name] = model.model_key
            found[name] = lambda sequences, model=model: unit(model.embed_batch(sequences))
    return found, keys
