"""The ``ligand`` model: our own peptide encoder, in the package, for work without a network.

Problem: what makes two HLA ligands alike is how their ends fit the same pockets; what makes two
longer peptides alike is a core they share, wherever it lies; and likeness of unrelated peptides
should be low. A mean over a language model's residues sees none of the three well.

Choice: three parts, each a unit vector of its own, weighted by the peptide's length and joined.

*ends* (220 numbers): a learned row for every residue at the six positions from either end, summed.
The sum of such rows over positions is a substitution matrix per position, learned from labelled HLA
class I ligands, for alleles that do not exist (see ``training/recombine.py``).

*cores* (80): windows of nine residues; four heads each weigh the windows by what they look for and
report what they found there. Learned from simulated molecules with a core inside longer peptides,
from kin (nested, extended and substituted peptides) and from the same invented alleles. No class II
ligand was used.

*composition* (20): how often each residue occurs, against the human proteome.

Up to eleven residues the ends carry nearly everything; from eleven to fourteen the weight moves to
cores and composition. All is computed with numpy from arrays of less than a megabyte.

Rejected, all measured on families of alleles left out of the training: hidden layers (they learn
the training alleles and lose on others), a product of the two ends, rows per length, more than 220
numbers. ``docs/embedding.md`` has the figures.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.chemistry.residues import HUMAN_PROTEOME, TWENTY
from omicstoken_kernel.embedding._lengths import same_length_batches
from omicstoken_kernel.embedding.base import BaseEmbedder
from omicstoken_kernel.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["LigandEmbedder", "load_ligand"]

#: Positions told apart at either end.
END = 6
#: Longer peptides count as this long where the length itself is an input.
LONGEST_TOLD = 15
#: Residues seen at once in the middle; odd.
WINDOW = 9
#: Kinds of window that are looked for.
HEADS = 4

#: Numbers of the parts.
DIM_ENDS, DIM_CORES = 220, 80
_RESIDUES = len(TWENTY)
#: Lengths at which the weights of the parts are given, and those weights (squares; they sum to 1).
_AT_LENGTH = (11, 14)
_SHARE_OF_CORES = (0.02, 0.75)
_SHARE_OF_COMPOSITION = (0.02, 0.20)
# Some 40 MB of working memory, whatever is asked for at once.
_RESIDUES_PER_BATCH = 1 << 14
_SEQUENCES_PER_BATCH = 1 << 11

#: The weights, beside this file.
FILE_NAME = "ligand.safetensors"


@cache
def _number_of_letter() -> NDArray[np.intp]:
    """Return the residue number of every ASCII code, (256,); U counts as C, O as K."""
    numbers = np.zeros(256, dtype=np.intp)
    for number, letter in enumerate(TWENTY):
        numbers[ord(letter)] = number
    numbers[ord("U")], numbers[ord("O")] = TWENTY.index("C"), TWENTY.index("K")
    return numbers


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows at unit length; a row of zeros stays one."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: NDArray[np.float32] = vectors / np.maximum(norms, 1e-12)
    return result


class LigandEmbedder(BaseEmbedder):
    """Unit vectors of 320 numbers; made by :func:`load_ligand`.

    Parameters
    ----------
    arrays
        The weights by name, float32: ``ends.rows`` (240, 220), ``ends.of_length`` (16, 220),
        ``cores.window`` (180, channels), ``cores.bias`` (channels,), ``cores.attention`` (180, 4)
        and ``cores.out`` (channels, 80).
    sha256
        Digest of the file they come from.
    """

    name = "ligand"
    dim = DIM_ENDS + DIM_CORES + _RESIDUES
    peptides_at_once = 4096

    def __init__(self, arrays: Mapping[str, NDArray[np.float32]], *, sha256: str) -> None:
        self.weights_sha256 = sha256
        self.model_key = f"ligand:{sha256[:12]}:ends+cores"
        self._rows = arrays["ends.rows"].reshape(2, END, _RESIDUES, DIM_ENDS)
        self._of_length = arrays["ends.of_length"]
        # Features and scores of a window come from one multiplication.
        self._window = np.hstack([arrays["cores.window"], arrays["cores.attention"]])
        self._bias, self._out = arrays["cores.bias"], arrays["cores.out"]
        self._background = np.array([HUMAN_PROTEOME[letter] for letter in TWENTY], np.float32)
        self._background /= self._background.sum()

    def _forward(self, sequences: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.empty((len(sequences), self.dim), dtype=np.float32)
        for positions, codes in same_length_batches(
            sequences,
            residues_per_batch=_RESIDUES_PER_BATCH,
            sequences_per_batch=_SEQUENCES_PER_BATCH,
        ):
            vectors[positions] = self._joined(_number_of_letter()[codes])
        return vectors

    def _joined(self, residues: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the vectors of peptides of one length, (n, 320), from their residue numbers."""
        length = residues.shape[1]
        cores = np.interp(length, _AT_LENGTH, _SHARE_OF_CORES)
        composition = np.interp(length, _AT_LENGTH, _SHARE_OF_COMPOSITION)
        shown = np.eye(_RESIDUES, dtype=np.float32)[residues]
        parts = (
            np.sqrt(1 - cores - composition) * _unit(self._ends(residues)),
            np.sqrt(cores) * _unit(self._cores(shown)),
            np.sqrt(composition) * _unit(shown.mean(axis=1) - self._background),
        )
        return _unit(np.hstack(parts).astype(np.float32))

    def _ends(self, residues: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the sums of the rows at both ends, (n, 220)."""
        length = residues.shape[1]
        summed = np.repeat(self._of_length[None, min(length, LONGEST_TOLD)], len(residues), axis=0)
        for place in range(min(END, length)):
            summed += self._rows[0, place][residues[:, place]]
            summed += self._rows[1, place][residues[:, -1 - place]]
        return summed

    def _cores(self, shown: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what the heads found, (n, 80), from one-hot residues (n, length, 20)."""
        count, length, _ = shown.shape
        half = WINDOW // 2
        padded = np.pad(shown, ((0, 0), (half, half), (0, 0)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW, axis=1)
        windows = windows.transpose(0, 1, 3, 2).reshape(count * length, WINDOW * _RESIDUES)
        found = (windows @ self._window).reshape(count, length, -1)
        features = np.maximum(found[..., :-HEADS] + self._bias, 0)
        scores = found[..., -HEADS:]
        share = np.exp(scores - scores.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        features = features.reshape(count, length, HEADS, -1)
        pooled = np.einsum("nlh,nlhc->nhc", share, features).reshape(count, -1)
        result: NDArray[np.float32] = pooled @ self._out
        return result


@cache
def load_ligand() -> LigandEmbedder:
    """Return the model with the weights of the package.

    Raises
    ------
    ModelUnavailable
        If the file is missing or is not the one this version was released with.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    path = files("omicstoken_kernel.embedding") / FILE_NAME
    try:
        content = path.read_bytes()
        arrays = load(content)
        return LigandEmbedder(arrays, sha256=hashlib.sha256(content).hexdigest())
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        msg = (
            f"The weights of the built-in model 'ligand' ({path}) are missing or damaged: {error}."
        )
        raise ModelUnavailable(msg, "Install the package omicstoken again.") from error
