"""The feature table: what every reader returns, and the ledger that proves nothing was lost.

A reader turns a file into a :class:`ParsedUpload`: drafts of runs, one Arrow table of features with
:data:`FEATURES` as its schema, the rejected rows with line and reason, and a :class:`Ledger` that
balances twice - over the rows of the file and over its quantity cells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from omicstoken_kernel.errors import InputError, ParseError

__all__ = [
    "ALPHABET",
    "FEATURES",
    "MAX_RESIDUES",
    "QUANTITY_KINDS",
    "Ledger",
    "ParsedUpload",
    "QuantityKind",
    "ReadOptions",
    "Rejection",
    "RunDraft",
]

#: Residue letters that are stored: the twenty, U and O, and the ambiguity codes B, J, X and Z.
ALPHABET = "ACDEFGHIKLMNPQRSTVWYUOBJXZ"

#: The longest sequence taken for a peptide, in residues; also the longest ESM-2 was trained on.
MAX_RESIDUES = 1022

QuantityKind = Literal[
    "none", "precursor_intensity", "peptide_intensity", "spectral_count", "reporter_intensity"
]
QUANTITY_KINDS: tuple[QuantityKind, ...] = (
    "none", "precursor_intensity", "peptide_intensity", "spectral_count", "reporter_intensity",
)  # fmt: skip

#: Columns of a feature table. Null means "not given in the file", never zero.
FEATURES = pa.schema(
    [
        pa.field("run", pa.int32(), nullable=False),  # position in ParsedUpload.runs
        pa.field("sequence", pa.string(), nullable=False),  # stripped, upper case
        pa.field("proforma", pa.string(), nullable=False),  # ProForma 2.0, without charge
        pa.field("precursor_charge", pa.int16()),
        pa.field("mz", pa.float64()),  # Th
        pa.field("rt_s", pa.float64()),  # seconds
        pa.field("quantity", pa.float64()),  # kind and scale stand in the run
        pa.field("score", pa.float64()),  # the engine's own; direction is the engine's
        pa.field("pep", pa.float64()),  # posterior error probability, 0..1
        pa.field("q_value", pa.float64()),  # 0..1
        pa.field("psm_count", pa.int32()),
        pa.field("matched", pa.bool_(), nullable=False),  # transferred from another run
        pa.field("contaminant", pa.bool_(), nullable=False),
        pa.field("proteins", pa.string(), nullable=False),  # accessions joined by ';', may be empty
        pa.field("line", pa.int64(), nullable=False),  # 1-based line (or row) of the file
    ]
)


@dataclass(frozen=True)
class ReadOptions:
    """What the user may say about how a file is read; all of it is stored with the upload.

    Parameters
    ----------
    format
        Name of the reader; None means recognise it by content.
    columns
        Overrides of the recognised columns: canonical name to the header in the file.
    q_value
        Largest q-value kept, 0..1; None means the format's default (0.01 where it has q-values).
    unfiltered
        True keeps every identification whatever its q-value.
    drop_contaminants
        True drops features whose every protein is a contaminant.
    run_name
        Name for the run of a file that has no run column; None means the file's stem.
    sheet
        Sheet of an Excel workbook; None means the first with a column of peptides.
    keep_decoys
        True keeps identifications that the file marks as decoys.
    quantity_kind, quantity_scale
        What the quantities are; None means what the format or the header says.
    rt_unit
        Unit of the retention times; None means what the format or the header says.
    """

    format: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    q_value: float | None = None
    unfiltered: bool = False
    drop_contaminants: bool = False
    run_name: str | None = None
    sheet: str | None = None
    keep_decoys: bool = False
    quantity_kind: QuantityKind | None = None
    quantity_scale: Literal["linear", "log2"] | None = None
    rt_unit: Literal["min", "s"] | None = None

    def check(self) -> None:
        """Raise InputError if an option has a value it cannot have."""
        if self.q_value is not None and not 0 <= self.q_value <= 1:
            msg = f"The q-value threshold is {self.q_value:g}; expected a number from 0 to 1."
            raise InputError(msg, "For 1 % false discoveries give 0.01.")
        for name, choices in _CHOICES.items():
            value = getattr(self, name)
            if value is not None and value not in choices:
                shown = f"{', '.join(choices[:-1])} or {choices[-1]}"
                msg = f"The {name.replace('_', ' ')} is '{value}'; expected {shown}."
                raise InputError(msg, "Give one of these, or leave the option out.")


_CHOICES = {
    "quantity_kind": tuple(kind for kind in QUANTITY_KINDS if kind != "none"),
    "quantity_scale": ("linear", "log2"),
    "rt_unit": ("min", "s"),
}


@dataclass(frozen=True)
class RunDraft:
    """A run as a reader found it, before it has an id.

    ``key`` tells the run from the file's other runs (raw file, experiment, column) and is stable
    under re-reading; ``name`` is what people see.
    """

    key: str
    name: str
    quantity_kind: QuantityKind = "none"
    quantity_column: str | None = None
    quantity_scale: Literal["linear", "log2"] = "linear"
    filter_note: str = "unfiltered: the file carries no q-values"


@dataclass(frozen=True)
class Rejection:
    """One row that could not be used: where, what was found, and why."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Ledger:
    """The account of a file: rows and quantity cells, in and out.

    ``rows_in = rows used + merged + filtered + rejected``, and over the used and merged rows
    ``cells_in = features + merged cells + empty + rejected cells``. A cell is rejected on its own
    only in a matrix, where its row has others; elsewhere its row is.
    """

    rows_in: int
    used: int
    merged: int = 0
    filtered: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    cells_in: int = 0
    features: int = 0
    cells_merged: int = 0
    cells_empty: int = 0
    cells_rejected: dict[str, int] = field(default_factory=dict)

    def check(self) -> None:
        """Raise ParseError unless both accounts balance; a reader that fails this has a bug."""
        out = self.used + self.merged + sum(self.filtered.values()) + sum(self.rejected.values())
        if out != self.rows_in:
            msg = f"The row ledger does not balance: {self.rows_in} rows in, {out} accounted for."
            raise ParseError(msg, "Please report this file's format: its reader has a defect.")
        cells = self.features + self.cells_merged + self.cells_empty
        cells += sum(self.cells_rejected.values())
        if cells != self.cells_in:
            msg = f"The cell ledger does not balance: {self.cells_in} in, {cells} accounted for."
            raise ParseError(msg, "Please report this file's format: its reader has a defect.")

    def as_json(self) -> dict[str, object]:
        """Return the ledger in the shape of ``omicstoken upload --json``."""
        return {
            "rows_in": self.rows_in,
            "used": self.used,
            "merged": self.merged,
            "filtered": self.filtered,
            "rejected": self.rejected,
            "cells": {
                "in": self.cells_in,
                "features": self.features,
                "merged": self.cells_merged,
                "empty": self.cells_empty,
                "rejected": self.cells_rejected,
            },
        }


@dataclass(frozen=True)
class ParsedUpload:
    """A file, read.

    Parameters
    ----------
    format, reader_version
        The reader's name and version.
    runs
        Runs in the order of their first appearance; a run without features stays in the list.
    features
        Table with schema :data:`FEATURES`, grouped by run.
    ledger
        The two accounts.
    rejections
        Every rejected row, and every rejected cell of a matrix, in the order of the file.
    columns
        Canonical name to the header used for it.
    warnings
        Sentences the user should read.
    """

    format: str
    reader_version: str
    runs: tuple[RunDraft, ...]
    features: pa.Table
    ledger: Ledger
    rejections: tuple[Rejection, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
