"""What protein accessions say about a row: decoy, contaminant, and how they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._cells import MISSING, as_text

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Proteins", "read_proteins"]

# Prefixes of contaminants: MaxQuant, FragPipe and Philosopher, the Cambridge list, cRAP, quantms,
# PEAKS, Byonic ('>Reverse >sp|P1|X', '>Common contaminant protein').
_CONTAMINANT = re.compile(
    r"(?i)(?:^|[|/:])(?:con__|cont_|contam_|contaminant_|crap_|crap\||zz\||#contam#)"
    r"|^>common contaminant"
)
_DECOY = re.compile(
    r"(?i)^(?:\d+/)?(?:rev__?|reverse_|reversed_|decoy_|xxx_|random_|##|shuffle_|#decoy#|>reverse )"
)
_PYTHON_LIST = re.compile(r"""^\[\s*(['"]).*\1\s*\]$""", re.DOTALL)
_SEPARATORS = re.compile(r"\s*;\s*")


@dataclass(frozen=True)
class Proteins:
    """The proteins of every row.

    Parameters
    ----------
    text
        (n,) accessions joined by ``;`` as the file writes them, empty where it names none.
    contaminant
        (n,) bool: at least one is a contaminant by its prefix.
    only_contaminants
        (n,) bool: every one is.
    decoy
        (n,) bool: every one is a decoy by its prefix.
    """

    text: pa.Array
    contaminant: npt.NDArray[np.bool_]
    only_contaminants: npt.NDArray[np.bool_]
    decoy: npt.NDArray[np.bool_]


def read_proteins(column: pa.Array | None, rows: int) -> Proteins:
    """Return the proteins of ``rows`` rows; None means that the file names none."""
    if column is None:
        none = np.zeros(rows, bool)
        return Proteins(pa.array([""] * rows, pa.string()), none, none, none)
    encoded = pc.dictionary_encode(as_text(column))
    accessions = [_accessions(text) for text in encoded.dictionary.to_pylist()]
    flagged = [[bool(_CONTAMINANT.search(one)) for one in group] for group in accessions]
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    written = pa.array([";".join(group) for group in accessions], pa.string())

    def spread(per_group: list[bool]) -> npt.NDArray[np.bool_]:
        return np.asarray(per_group, bool)[codes] if len(per_group) else np.zeros(rows, bool)

    return Proteins(
        written.take(encoded.indices),
        spread([any(group) for group in flagged]),
        spread([bool(group) and all(group) for group in flagged]),
        spread([bool(g) and all(_DECOY.match(one) for one in g) for g in accessions]),
    )


def _accessions(text: str) -> list[str]:
    if _PYTHON_LIST.match(text):
        text = re.sub(r"""['"]\s*,\s*['"]""", ";", text[1:-1].strip()[1:-1])
    return [part for part in _SEPARATORS.split(text) if part.lower() not in MISSING]
