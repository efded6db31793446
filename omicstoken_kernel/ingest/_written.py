"""Lists of modifications that name their places, written into the sequences beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._sites import NOTHING_LISTED, read_sited
from omicstoken_kernel.ingest.features import ALPHABET

if TYPE_CHECKING:
    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.peptidoforms import Notation

__all__ = ["write_sites"]

_SEPARATOR = "\x1f"
_RESIDUES = frozenset(ALPHABET)


def write_sites(frame: Frame, notation: Notation) -> None:
    """Write the column ``modifications`` into bare sequences, wherever it says where they sit.

    A list that does not name its places is left as it is, and so is a sequence that holds more
    than residues. Rows whose list names places and is not understood are rejected with it.
    """
    if "modifications" not in frame:
        return
    target = "modified" if "modified" in frame else "sequence"
    texts = frame.text(target)
    if target == "modified" and "sequence" in frame:
        texts = pc.if_else(pc.equal(texts, ""), frame.text("sequence"), texts)
    columns = [texts, frame.text("modifications")]
    if "sites" in frame:
        columns.append(frame.text("sites"))
    encoded = pc.dictionary_encode(pc.binary_join_element_wise(*columns, _SEPARATOR))
    written, reasons = [], []
    for together in encoded.dictionary.to_pylist():
        bare, listed, sites = (*together.split(_SEPARATOR), "")[:3]
        reading = None
        if bare and set(bare) <= _RESIDUES and listed.lower() not in NOTHING_LISTED:
            reading = read_sited(bare, " ".join(listed.split()), notation, sites=sites)
        written.append(reading.proforma if reading and reading.proforma else bare)
        reasons.append(reading.reason if reading else "")
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), np.int64)
    for reason in sorted(set(reasons) - {""}):
        frame.reject(np.array([one == reason for one in reasons])[codes], "modifications", reason)
    column = pa.array(written, pa.string()).take(encoded.indices)
    frame.table.columns[frame.mapping[target]] = column
