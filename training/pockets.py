"""Write what residues the pockets of HLA molecules take: ``python -m training.pockets``.

The mixture of position weight matrices looks for motifs whose positions resemble those of known
ones. Only the training alleles are looked at, so that what is measured on held-out families holds
for molecules that nobody knows. Seeded, seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import save
from sklearn.cluster import KMeans

from omicstoken_kernel.analysis import motif_prior
from omicstoken_kernel.analysis.motif_ends import LENGTH_BINS, POSITIONS, encode
from omicstoken_kernel.chemistry.residues import TWENTY
from training.families import FEWEST_FOR_A_MOTIF
from training.ligands import BACKGROUND, TABLE_SHA256
from training.split import make_split

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_KINDS = 12  # of pockets at each position
_PSEUDOCOUNTS = 20.0
_ANY_SHARE = 0.1  # weight of the mean over all molecules, for pockets unlike any known one
_LEAST_LENGTH_SHARE = 0.02  # of ligands, spread evenly over the lengths


def _profiles(ligands: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each allele's residue shares, (alleles, 9, 20), and the mean shares of lengths."""
    residues, lengths = [], []
    for _, peptides in ligands.groupby("allele")["peptide"]:
        if len(peptides) < FEWEST_FOR_A_MOTIF:
            continue
        ends = encode(peptides.tolist())
        counts = ends.one_hot.sum(axis=0).reshape(POSITIONS, len(TWENTY))
        total = counts.sum(axis=1, keepdims=True)
        residues.append((counts + _PSEUDOCOUNTS * BACKGROUND) / (total + _PSEUDOCOUNTS))
        lengths.append(np.bincount(ends.length_bins, minlength=LENGTH_BINS) / len(peptides))
    mean = np.mean(lengths, axis=0)
    even = _LEAST_LENGTH_SHARE / LENGTH_BINS
    return np.array(residues), (1 - _LEAST_LENGTH_SHARE) * mean + even


def _pockets(profiles: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the kinds of pockets at each position, (9, 13, 20), and their weights, (9, 13)."""
    kinds, weights = [], []
    for place in range(POSITIONS):
        found = profiles[:, place]
        labels = KMeans(_KINDS, n_init=5, random_state=0).fit(np.sqrt(found)).labels_
        members = [found[labels == kind] for kind in range(_KINDS)]
        kinds.append([*(each.mean(axis=0) for each in members), found.mean(axis=0)])
        shares = [(1 - _ANY_SHARE) * len(each) / len(found) for each in members]
        weights.append([*shares, _ANY_SHARE])
    return np.array(kinds), np.array(weights)


def main() -> None:
    """Write the file that ``motif_prior`` reads."""
    split = make_split()
    profiles, lengths = _profiles(split.train)
    kinds, weights = _pockets(profiles)
    about = {
        "source": "labelled ligands of immunotype 1.0.5 (MIT), training families only",
        "table_sha256": TABLE_SHA256,
        "train_sha256": split.train_sha256,
        "alleles": str(len(profiles)),
        "letters": TWENTY,
        "made_by": "python -m training.pockets",
    }
    tensors = {
        "kinds": kinds.astype(np.float32),
        "weights": weights.astype(np.float32),
        "lengths": lengths.astype(np.float32),
    }
    motif_prior.PATH.write_bytes(save(tensors, metadata=about))


if __name__ == "__main__":
    main()
