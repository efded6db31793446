"""Exports of the Immune Epitope Database: epitopes, MHC ligands and assays of T and B cells.

The full exports have two lines of column names, the group above the field (``Epitope`` over
``Name``); tables exported from a search have one (``Epitope - Name``). Rows are assays, so a
peptide comes up many times; a negative assay is no observation of the peptide.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._below import open_with_head
from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._filters import NO_Q_VALUES
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._head import Head, parse_head, unique_names
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._placed import Site, Unplaced, place
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._sites import NOT_FITTING
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest.peptidoforms import NOT_UNDERSTOOD, Notation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="iedb",
    title="IEDB export",
    version="1",
    reads="epitopes, MHC ligands and assays exported from IEDB; one run per MHC allele or molecule "
    "the table names, if they are no more than 100.",
)

_NOTATION = Notation(keep_names=True)
_UNFILTERED = f"{NO_Q_VALUES} (IEDB's curated assays without the negative ones)"

#: Why rows are filtered and rejected.
NEGATIVE_ASSAY = "negative in its assay: the peptide was not found or did not bind"
DISCONTINUOUS = "discontinuous epitope: its residues are no peptide"
NO_PEPTIDE = "no linear peptide (object type)"

_MOST_RUNS = 100
_NO_MHC = "no MHC given"

# 'D12, E14, K45': residues of a protein's surface with their places.
_RESIDUES_APART = r"^[A-Z]\d+(?:\s*,\s*[A-Z]\d+)*$"
# 'SMYQTLLML + OX(M8)', 'VRPSGRYV + CITR(R6), PHOS(S4)'
_MODIFIED = re.compile(r"\s*([A-Z]+)\s*\+\s*(.+?)\s*")
_ENTRY = re.compile(r"([A-Z][A-Z0-9-]*)\s*\(([^()]*)\)\s*(?:[,;+]\s*|$)")
_SITE = re.compile(r"([A-Z])(\d+)")
# IEDB's codes; others, such as MCM (some modification of the main chain), have no mass.
_CODES = {
    "OX": "Oxidation", "PHOS": "Phospho", "ACET": "Acetyl", "DEAM": "Deamidated",
    "CITR": "Deamidated", "METH": "Methyl", "AMID": "Amidated", "CYSTL": "Cysteinyl",
    "GLUTH": "Glutathione", "NITR": "Nitro", "FORM": "Formyl", "BIOT": "Biotin",
}  # fmt: skip
# Residues that can carry an acetyl group of their own; on any other it sits at the N-terminus.
_ACETYLATED = "CHKRSTY"


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is an export of IEDB."""
    del name
    table = _table(head)
    if not (table.has("Epitope - Name") or table.has("Epitope - Description")):
        return 0.0
    of_iedb = ("Epitope - Object Type", "Epitope ID - IEDB IRI", "Epitope - IEDB IRI",
               "Epitope - Epitope ID", "MHC Restriction - Name", "Assay ID - IEDB IRI")  # fmt: skip
    return 0.97 if any(table.has(column) for column in of_iedb) else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return the peptides of an export; assays of one peptidoform and MHC molecule merge."""
    source = open_source(path, sheet=options.sheet)
    frame = open_with_head(
        source,
        options,
        dialect(INFO.name),
        head=_table(source.head),
        needed=("sequence",),
        what=INFO.title,
    )
    _filter_negatives(frame)
    _reject_what_is_no_peptide(frame)
    _place_modifications(frame)
    _write_accessions(frame)
    _warn_of_assays(frame)
    long = read_long(
        frame,
        notation=_NOTATION,
        runs=_run_column(frame),
        q_values=(),
        quantities=Quantities(),
        unfiltered=_UNFILTERED,
    )
    kept = long.kept
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts, rule="max")


def _table(head: bytes) -> Head:
    """Return how an export begins, two lines of column names joined into one."""
    table = parse_head(head)
    fields = table.rows[0] if table.rows else ()
    if not {"Name", "Description"} & set(fields) or len(fields) > len(table.names):
        return table
    groups: list[str] = []
    for name in table.names:
        unnamed = re.fullmatch(r"unnamed \d+", name)
        groups.append(groups[-1] if unnamed and groups else re.sub(r" \(\d+\)'*$", "", name))
    if "Epitope" not in groups:
        return table
    padded = [*fields, *[""] * (len(groups) - len(fields))]
    names = [
        f"{group} - {field}" if field else group
        for group, field in zip(groups, padded, strict=True)
    ]
    return replace(
        table,
        header_line=table.header_line + 1,
        names=unique_names(names),
        rows=table.rows[1:],
    )


def _filter_negatives(frame: Frame) -> None:
    if "measured" in frame:
        negative = pc.match_substring_regex(pc.utf8_lower(frame.text("measured")), "^negative")
        frame.outcomes.filter(_mask(negative), NEGATIVE_ASSAY)


def _reject_what_is_no_peptide(frame: Frame) -> None:
    apart = pc.match_substring_regex(frame.text("sequence"), _RESIDUES_APART)
    if "type" in frame:
        kind = pc.utf8_lower(frame.text("type"))
        discontinuous = pc.match_substring(kind, "discontinuous")
        frame.reject(_mask(discontinuous), "type", DISCONTINUOUS)
        peptide = pc.or_(pc.match_substring(kind, "linear"), pc.equal(kind, ""))
        frame.reject(~_mask(peptide), "type", NO_PEPTIDE)
    frame.reject(_mask(apart), "sequence", DISCONTINUOUS)


def _mask(values: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(values.to_numpy(zero_copy_only=False), bool)


def _place_modifications(frame: Frame) -> None:
    """Write ``SMYQTLLML + OX(M8)`` with the modification in its place."""
    texts = frame.text("sequence")
    encoded = pc.dictionary_encode(texts)
    written, reasons = [], []
    for text in encoded.dictionary.to_pylist():
        reason = ""
        found = _MODIFIED.fullmatch(text)
        if found:
            try:
                text = place(found[1], _sites(found[2], found[1]))
            except Unplaced as problem:
                reason = str(problem)
        written.append(text)
        reasons.append(reason)
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), np.int64)
    for reason in sorted(set(reasons) - {""}):
        hit = np.array([one == reason for one in reasons], bool)[codes]
        frame.reject(hit, "sequence", reason)
    column = pa.array(written, pa.string()).take(encoded.indices)
    frame.table.columns[frame.mapping["sequence"]] = column


def _sites(listed: str, sequence: str) -> Iterator[Site]:
    at = 0
    while at < len(listed):
        entry = _ENTRY.match(listed, at)
        if entry is None:
            raise Unplaced(NOT_UNDERSTOOD)
        at = entry.end()
        name = _CODES.get(entry[1], entry[1])
        for site in entry[2].split(","):
            found = _SITE.fullmatch(site.strip())
            if found is None:
                raise Unplaced(NOT_UNDERSTOOD)
            residue, number = found[1], int(found[2])
            if sequence[number - 1 : number] != residue:
                raise Unplaced(NOT_FITTING)
            yield _terminus(name, residue, number, len(sequence)), name


def _terminus(name: str, residue: str, number: int, length: int) -> int:
    """Return the terminus for what can sit nowhere else, else the residue's place."""
    if name == "Acetyl" and number == 1 and residue not in _ACETYLATED:
        return 0
    return length + 1 if name == "Amidated" and number == length else number


def _write_accessions(frame: Frame) -> None:
    if "proteins" in frame:
        # 'https://www.uniprot.org/uniprot/P03431'
        text = pc.replace_substring_regex(frame.text("proteins"), r"^https?://.*/", "")
        frame.table.columns[frame.mapping["proteins"]] = text


def _warn_of_assays(frame: Frame) -> None:
    """Say how many rows are assays of peptides that somebody chose to test."""
    if "method" not in frame:
        return
    methods = pc.utf8_lower(frame.text("method"))
    spectrometry = _mask(pc.match_substring(methods, "mass spectrometry"))
    tested = ~spectrometry & frame.outcomes.alive
    if tested.any():
        frame.warnings.append(
            f"{int(tested.sum())} of {int(frame.outcomes.alive.sum())} rows were not found by mass "
            f"spectrometry ('{frame.mapping['method']}'): most such assays test peptides that "
            "somebody chose. They were kept."
        )


def _run_column(frame: Frame) -> RunColumn | None:
    """Return each row's MHC molecule, as written; None where there are none or too many."""
    if "run" not in frame:
        return None
    text = frame.text("run")
    text = pc.if_else(pc.equal(text, ""), _NO_MHC, text)
    distinct = pc.count_distinct(text).as_py()
    if distinct > _MOST_RUNS and "run" not in frame.options.columns:
        header = frame.mapping.pop("run")
        frame.warnings.append(
            f"'{header}' names {distinct} MHC molecules: the table was read as one run. Say "
            f"run={header} for a run each, or export fewer alleles."
        )
        return None
    if distinct == 1 and text[0].as_py() == _NO_MHC:
        return None
    return RunColumn(text, "run")
