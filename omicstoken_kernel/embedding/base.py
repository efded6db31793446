"""What every embedder is: sequences in, one unit-free float32 vector each out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["EMBEDDABLE", "MAX_RESIDUES", "BaseEmbedder", "clean_sequence", "why_not_embeddable"]

#: Residues that have a meaning of their own: the twenty, selenocysteine and pyrrolysine.
EMBEDDABLE = frozenset("ACDEFGHIKLMNPQRSTVWYUO")

#: The longest sequence any built-in model takes, in residues.
MAX_RESIDUES = 1022


def clean_sequence(sequence: str) -> str:
    """Return the sequence without blanks, in upper case.

    >>> clean_sequence(" siinfekl ")
    'SIINFEKL'
    """
    return "".join(sequence.split()).upper()


def why_not_embeddable(sequence: str) -> str | None:
    """Return why a clean sequence has no vector, or None if it can have one.

    >>> why_not_embeddable("PEPTXDE")
    'residue X has no defined side chain'
    """
    if not sequence:
        return "the sequence is empty"
    if len(sequence) > MAX_RESIDUES:
        return f"longer than {MAX_RESIDUES} residues"
    strange = sorted(set(sequence) - EMBEDDABLE)
    if not strange:
        return None
    if set(strange) <= set("BJXZ"):
        return f"residue {strange[0]} has no defined side chain"
    return f"{strange[0]!r} is not a residue"


class BaseEmbedder(ABC):
    """A model that turns peptides into vectors.

    Attributes
    ----------
    name
        Name in the registry: ``esm2``, ``ligand``, ``anchor``.
    model_key
        Name, digest of the exact weights and pooling, as in ``esm2_t6_8M:3f9a...:mean``. Vectors
        of different keys never meet.
    dim
        Length of every vector.
    weights_sha256
        Digest of the weights file; None for a model without weights.
    peptides_at_once
        How many peptides are embedded and stored in one transaction: so many that storing adds
        little, so few that a cancel is heeded within seconds.
    """

    name: str
    model_key: str
    dim: int
    weights_sha256: str | None = None
    peptides_at_once: int = 512

    @abstractmethod
    def _forward(self, sequences: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of clean, embeddable sequences, (n, dim) float32, in their order."""

    def embed(self, sequence: str) -> NDArray[np.float32]:
        """Return the vector of one sequence, (dim,) float32.

        Raises
        ------
        InputError
            If the sequence is empty, too long, or has letters without a defined residue.
        """
        vector: NDArray[np.float32] = self.embed_batch([sequence])[0]
        return vector

    def embed_batch(self, sequences: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of sequences in their order, (n, dim) float32.

        Equal to :meth:`embed` of each to 1e-5; never all zeros, never NaN.

        Raises
        ------
        InputError
            If any sequence cannot be embedded; the message names the first.
        """
        clean = [clean_sequence(sequence) for sequence in sequences]
        for sequence in clean:
            reason = why_not_embeddable(sequence)
            if reason is not None:
                shown = sequence if len(sequence) <= 40 else sequence[:40] + "..."
                msg = f"The sequence '{shown}' cannot be embedded: {reason}."
                raise InputError(
                    msg, "Use the one-letter codes of the residues, without modifications."
                )
        if not clean:
            return np.zeros((0, self.dim), dtype=np.float32)
        return self._forward(clean)
