"""How a parsed upload becomes rows: in one transaction, in place of what it had stored before.

Peptides are looked up, described and inserted on one connection: the pages of the index that the
look-up has read are those the insert needs, and in a store of a million peptides reading them is
what costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc
import sqlalchemy as sa

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest.features import ALPHABET, FEATURES, MAX_RESIDUES
from omicstoken_kernel.store._blocks import write_run
from omicstoken_kernel.store._bulk import insert_new
from omicstoken_kernel.store._members import Members, write_members
from omicstoken_kernel.store._remove import remove_runs
from omicstoken_kernel.store._samples import make_sample
from omicstoken_kernel.store._values import now, python_values, storable, strings
from omicstoken_kernel.store.ids import make_id, peptides_digest
from omicstoken_kernel.store.tables import FEATURE_BLOCK, PEPTIDE, RUN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import pyarrow as pa
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from omicstoken_kernel.ingest.features import ParsedUpload, RunDraft

__all__ = [
    "Prepared",
    "prepare",
    "write_features",
    "write_peptides",
    "write_runs",
]

#: Rows turned into Python values at a time: what bounds the memory of a large upload.
_SLICE = 50_000

_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Prepared:
    """A parsed upload, ready to be written.

    Features are ordered by run, otherwise as in the file. ``bounds`` (n_runs + 1,) int64 tells
    where each run's begin, ``code`` (n,) int32 each feature's place in ``sequences``, which ascend;
    ``values`` holds the columns but ``run``.
    """

    drafts: tuple[RunDraft, ...]
    bounds: NDArray[np.int64]
    code: NDArray[np.int32]
    sequences: list[str]
    values: pa.Table

    def members(self, position: int) -> NDArray[np.int64]:
        """Return the places in ``sequences`` of a run's distinct peptides, ascending int64."""
        code = self.code[self.bounds[position] : self.bounds[position + 1]]
        return np.flatnonzero(np.bincount(code, minlength=1)) if len(code) else _NONE


def prepare(parsed: ParsedUpload) -> Prepared:
    """Return a parsed upload, checked and in the order it is written in.

    Raises
    ------
    ParseError
        If the table breaks the contract of readers: its schema, a run out of range, two runs with
        one key, a NUL in a text.
    """
    table = parsed.features
    _check(parsed)
    order = np.argsort(table["run"].to_numpy(), kind="stable")
    if np.any(order != np.arange(len(order))):
        table = table.take(order)
    encoded = table["sequence"].combine_chunks().dictionary_encode()
    ascending = pc.sort_indices(encoded.dictionary).to_numpy()
    place = np.empty(len(ascending), dtype=np.int32)
    place[ascending] = np.arange(len(ascending))
    return Prepared(
        drafts=parsed.runs,
        bounds=np.searchsorted(table["run"].to_numpy(), np.arange(len(parsed.runs) + 1)),
        code=place[encoded.indices.to_numpy()],
        sequences=encoded.dictionary.take(ascending).to_pylist(),
        values=table.drop_columns("run"),
    )


def _check(parsed: ParsedUpload) -> None:
    table, keys = parsed.features, [draft.key for draft in parsed.runs]
    wrong = None
    if not table.schema.equals(FEATURES):
        wrong = "a feature table without the declared columns"
    elif len(set(keys)) < len(keys):
        wrong = "two runs with the same key"
    elif table.num_rows and not np.isin(table["run"].to_numpy(), np.arange(len(keys))).all():
        wrong = "features of a run it does not list"
    if wrong is not None:
        msg = f"The reader '{parsed.format}' returned {wrong}."
        raise ParseError(msg, "Please report this file's format: its reader has a defect.")
    _check_texts(table)


def _check_texts(table: pa.Table) -> None:
    sequences = table["sequence"]
    fine = pc.and_(
        pc.match_substring_regex(sequences, f"^[{ALPHABET}]+$"),
        pc.less_equal(pc.utf8_length(sequences), MAX_RESIDUES),
    )
    wrong = [("sequence", pc.invert(fine), f"is not 1 to {MAX_RESIDUES} residue letters")]
    for name in ("proforma", "proteins"):
        wrong.append((name, pc.match_substring(table[name], "\0"), "holds a NUL character"))
    for name, bad, what in wrong:
        place = pc.index(bad, True).as_py()
        if place >= 0:
            msg = f"Line {table['line'][place].as_py()}: the {name} {what}."
            raise ParseError(msg, "Correct the line, or save the file as UTF-8 text.")


def write_peptides(connection: Connection, sequences: Sequence[str]) -> dict[str, int]:
    """Return the ids of distinct sequences, after inserting those that are new, described."""
    from omicstoken_kernel.chemistry.descriptors import describe

    known = _known_peptides(connection, sequences)
    new = sorted(sequence for sequence in sequences if sequence not in known)
    if not new:
        return known
    described = describe(new)
    columns = ("sequence", *described.column_names)
    for start in range(0, len(new), _SLICE):
        part = described.slice(start, _SLICE)
        values = (python_values(column) for column in part.columns)
        rows = zip(new[start : start + _SLICE], *values, strict=True)
        insert_new(connection, PEPTIDE, columns, rows, order="sequence")
    # Another writer on PostgreSQL may have inserted some of them first: the ids are read back.
    return known | _known_peptides(connection, new)


def _known_peptides(connection: Connection, sequences: Sequence[str]) -> dict[str, int]:
    listed = strings(connection, sequences)
    query = sa.select(PEPTIDE.c.sequence, PEPTIDE.c.id).join(
        listed, listed.c.value == PEPTIDE.c.sequence
    )
    return {sequence: key for sequence, key in connection.execute(query).all()}


def write_runs(
    connection: Connection, owner: str, upload_id: str, prepared: Prepared, *, rename: bool
) -> list[str]:
    """Insert or update the upload's runs, empty them, remove those gone; return ids in file order.

    A run that is read again keeps its sample, its annotations and - unless ``rename`` - its name.
    """
    query = sa.select(RUN.c.id).where(RUN.c.upload_id == upload_id)
    existing = set(connection.scalars(query))
    moment = now()
    drafted = {
        make_id("run", upload_id, storable(draft.key, "run key")): (position, draft)
        for position, draft in enumerate(prepared.drafts)
    }
    remove_runs(connection, owner, sorted(existing - set(drafted)))
    for run_id, (position, draft) in drafted.items():
        values = _run_values(prepared, position, draft)
        if run_id not in existing:
            _insert_run(connection, (owner, upload_id, run_id), values, moment)
            continue
        if not rename:
            del values["name"]
        connection.execute(sa.update(RUN).where(RUN.c.id == run_id).values(values))
        connection.execute(sa.delete(FEATURE_BLOCK).where(FEATURE_BLOCK.c.run_id == run_id))
    return list(drafted)


def _insert_run(
    connection: Connection,
    place: tuple[str, str, str],
    values: Mapping[str, Any],
    created_at: datetime,
) -> None:
    owner, upload_id, run_id = place
    sample_id = make_sample(connection, owner, values["name"])
    row = {"id": run_id, "owner": owner, "upload_id": upload_id, "sample_id": sample_id}
    connection.execute(sa.insert(RUN).values({**row, **values, "created_at": created_at}))


def _run_values(prepared: Prepared, position: int, draft: RunDraft) -> dict[str, Any]:
    codes = prepared.members(position).tolist()
    return {
        "key": storable(draft.key, "run key"),
        "name": storable(draft.name, "run name"),
        "position": position,
        "quantity_kind": draft.quantity_kind,
        "quantity_column": draft.quantity_column and storable(draft.quantity_column, "column"),
        "quantity_scale": draft.quantity_scale,
        "filter_note": storable(draft.filter_note, "filter note"),
        "features": int(prepared.bounds[position + 1] - prepared.bounds[position]),
        "peptides": len(codes),
        "peptides_digest": peptides_digest([prepared.sequences[code] for code in codes]),
    }


def write_features(
    connection: Connection,
    prepared: Prepared,
    run_ids: Sequence[str],
    peptide_ids: Mapping[str, int],
) -> None:
    """Insert all features, numbered from 1 within each run, and the sets of the runs' peptides."""
    ids = np.array([peptide_ids[sequence] for sequence in prepared.sequences], dtype=np.int64)
    lengths = np.array([len(sequence) for sequence in prepared.sequences], dtype=np.uint16)
    for position, run_id in enumerate(run_ids):
        codes = prepared.members(position)
        codes = codes[np.argsort(ids[codes])]
        write_members(connection, Members(run_id, ids[codes], lengths[codes]))
        begin, end = prepared.bounds[position : position + 2].tolist()
        values = prepared.values.slice(begin, end - begin)
        write_run(connection, run_id, ids[prepared.code[begin:end]], values)
