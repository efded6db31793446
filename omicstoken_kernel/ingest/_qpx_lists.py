"""The nested columns of QPX: lists of proteins, scores, intensities and links, made flat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["accessions_of", "has_partner", "intensities_of", "score_of"]

_ACCESSIONS = ("accession", "protein_accession")
_LABELS = ("label", "channel")
_NAMES = ("score_name", "name")
_VALUES = ("score_value", "value")


def accessions_of(column: pa.Array) -> pa.Array:
    """Return each row's accessions joined by ``;``, of a list of texts or of records."""
    kind = column.type
    if not pa.types.is_list(kind):
        return column
    texts = column.values
    if pa.types.is_struct(kind.value_type):
        fields = {field.name for field in kind.value_type}
        name = next((one for one in _ACCESSIONS if one in fields), None)
        if name is None:
            return column
        texts = pc.struct_field(texts, name)
    if not pa.types.is_string(texts.type):
        return column
    whole = pa.ListArray.from_arrays(column.offsets, pc.fill_null(texts, ""))
    joined = pc.binary_join(whole, ";")
    return pc.if_else(column.is_valid(), joined, pa.scalar(None, joined.type))


def intensities_of(column: pa.Array) -> dict[str, npt.NDArray[np.float64]]:
    """Return label to its intensity in every row, (n,) float64, NaN where a row has none.

    Intensities of one label that stand in one row more than once (fractions) are added up.
    """
    found = _entries(column, _LABELS, ("intensity",))
    if found is None:
        return {}
    rows, encoded, values = found
    labels = encoded.dictionary.to_pylist()
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), np.int64)
    columns = {}
    for code, label in enumerate(labels):
        mine = (codes == code) & ~np.isnan(values)
        total = np.bincount(rows[mine], values[mine], len(column))
        given = np.bincount(rows[mine], minlength=len(column)) > 0
        columns[label] = np.where(given, total, np.nan)
    return columns


def score_of(column: pa.Array, name: str) -> npt.NDArray[np.float64] | None:
    """Return one of the additional scores in every row, (n,) float64; None where no row has it."""
    found = _entries(column, _NAMES, _VALUES)
    if found is None:
        return None
    rows, encoded, values = found
    wanted = pc.equal(pc.utf8_lower(encoded.dictionary), name)
    hit = wanted.take(encoded.indices).to_numpy(zero_copy_only=False) & ~np.isnan(values)
    if not hit.any():
        return None
    scores = np.full(len(column), np.nan)
    scores[rows[hit]] = values[hit]
    return scores


def has_partner(column: pa.Array) -> npt.NDArray[np.bool_]:
    """Return which rows are cross-linked: every list of links but those of dead ends alone."""
    found = _entries(column, ("xl_type",), ("linker_mass",))
    partner = np.zeros(len(column), bool)
    if found is not None:
        rows, encoded, _ = found
        dead = pc.equal(encoded.dictionary, "dead-end").take(encoded.indices)
        partner[rows[~dead.to_numpy(zero_copy_only=False)]] = True
    return partner


def _entries(
    column: pa.Array, names: tuple[str, ...], values: tuple[str, ...]
) -> tuple[npt.NDArray[np.int64], pa.DictionaryArray, npt.NDArray[np.float64]] | None:
    """Return each entry's row, its name and its number; None where this is no list of such."""
    if not (pa.types.is_list(column.type) or pa.types.is_large_list(column.type)):
        return None
    entry = column.type.value_type
    if not pa.types.is_struct(entry):
        return None
    fields = {field.name for field in entry}
    name = next((one for one in names if one in fields), None)
    value = next((one for one in values if one in fields), None)
    if name is None or value is None or not pa.types.is_string(entry.field(name).type):
        return None
    flat = pc.list_flatten(column)
    rows = np.asarray(pc.list_parent_indices(column).to_numpy(zero_copy_only=False), np.int64)
    texts = pc.utf8_trim_whitespace(pc.fill_null(pc.struct_field(flat, name), ""))
    measured = pc.cast(pc.struct_field(flat, value), pa.float64(), safe=False)
    return (
        rows,
        pc.dictionary_encode(texts),
        np.asarray(measured.to_numpy(zero_copy_only=False), np.float64),
    )
