"""What a file is that is no peptide table, in words a person can act on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._cells import MISSING
from omicstoken_kernel.ingest._columns import dialect, refusals
from omicstoken_kernel.ingest._head import NO_DELIMITER, Head, parse_head, spelling
from omicstoken_kernel.ingest._identity import read_all
from omicstoken_kernel.ingest._quantity_headers import parse_quantity_header
from omicstoken_kernel.ingest.peptidoforms import AMBIGUOUS_MASS, NOT_UNDERSTOOD, Notation

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["are_nucleotides", "looks_like", "peptide_share", "refuse"]

_FASTA = "a FASTA file of sequences"
_NETMHC = "the output of NetMHCpan (peptides asked about, not peptides observed)"
_PREDICTED = "binding predictions (peptides asked about, not peptides observed)"
_LIBRARY = "a spectral library (.msp: spectra to search with, not a result)"

# How files begin that are no table at all; matched against the first kilobytes.
_BEGINNINGS: tuple[tuple[str, str], ...] = (
    (r"\s*(?:<\?xml[^>]*\?>|<!--.*?-->|\s)*<MzIdentML", "an mzIdentML file"),
    (r"\s*(?:<\?xml[^>]*\?>|<\?[^>]*\?>|\s)*<msms_pipeline_analysis", "a pepXML file"),
    (r"\s*(?:<\?xml[^>]*\?>|<\?[^>]*\?>|\s)*<IdXML", "an idXML file"),
    (r"\s*(?:<\?xml[^>]*\?>|<\?[^>]*\?>|\s)*<bioml", "an X!Tandem file"),
    (r"\s*(?:<\?xml[^>]*\?>|\s)*<(?:indexed)?mzML", "an mzML file of spectra"),
    (r"\s*<!doctype html|\s*<html", "a web page"),
    (r"\s*<", "an XML file"),
    (r"(?:\s*\n)*(?:MTD|COM)\t", "an mzTab file"),
    (r"\s*>[^\n]*\n\s*[A-Za-z*]+\s*\n", _FASTA),
    (r"(?:[^\n]*\n){0,80}?[ \t]*Pos\s+(?:MHC|HLA)\s+Peptide\s", _NETMHC),
    (r"\s*Name:[^\n]*\n(?:[^\n]*\n){0,3}(?:MW|Comment|PrecursorMZ|Num ?peaks):", _LIBRARY),
    (r"\s*BEGIN IONS|.*\nBEGIN IONS", "an MGF file of spectra"),
    (r'\s*[\[{]\s*(?:"|[\[{\]}])', "a JSON document"),
    (r"[^\n]*\n#!\{", "a Perseus matrix"),
)

_EXPECTED = "Expected a table with a column of peptide sequences, or a list of peptides."
# Tables that no reader takes, by columns that give them away.
_PROTEINS = "a table of proteins, without their peptides"
_LINKED = "a table of cross-linked peptides (two peptides in one row)"
_WITHOUT_PEPTIDES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_PROTEINS, ("Genes", "First.Protein.Description")),
    (_PROTEINS, ("Protein ID", "Entry Name", "Protein Probability")),
    (_PROTEINS, ("Accession", "Coverage [%]", "# Peptides")),
    ("a table of modification sites", ("Positions within proteins", "Localization prob")),
    (_LINKED, ("AlphaPeptide", "BetaPeptide")),
    (_LINKED, ("Peptide_Type", "Linker", "Peptide")),
    (_LINKED, ("PepSeq1", "PepSeq2")),
    (_LINKED, ("Sequence A", "Sequence B")),
    (_LINKED, ("Peptide1", "Peptide2")),
)
_EXPORT = "Export the observed peptides as CSV, tab-separated text or Parquet."
# What to do with a file that is of use elsewhere.
_HINTS = {
    _FASTA: "If it holds proteins, add it as a proteome: 'omicstoken proteome add FILE'. If it "
    "holds peptides, upload them as plain lines, without the lines that begin with '>'.",
    _PREDICTED: "Add what NetMHCpan, MixMHCpred or MHCflurry wrote to the run it was asked about: "
    "'omicstoken predictions add RUN FILE'.",
    _NETMHC: "Add it to the run it was asked about: 'omicstoken predictions add RUN FILE'.",
}
_LENIENT = Notation(unsigned_mass="delta", keep_names=True, fold_case=True)
_GENE = re.compile(r"[A-Z][A-Z0-9-]{1,9}")
# So many letters without any of the other sixteen are no chance.
_ENOUGH_LETTERS = 40
_TAGS = re.compile(r"\[[^\]]*\]|\([^)]*\)")
_READABLE_BUT = (AMBIGUOUS_MASS, NOT_UNDERSTOOD)


def peptide_share(values: Sequence[str]) -> float:
    """Return the share of filled cells that are peptides in some notation, 0..1."""
    filled = [value.strip() for value in values if value.strip().lower() not in MISSING]
    if not filled or are_nucleotides(filled):
        return 0.0
    readings = read_all(pa.array(filled, pa.string()), _LENIENT)
    good = sum(bool(reading.sequence) or reading.reason in _READABLE_BUT for reading in readings)
    return good / len(filled)


def are_nucleotides(values: Sequence[str]) -> bool:
    """Return whether sequences hold A, C, G, T and U alone: no list of peptides is like that."""
    letters = [char for value in values for char in _TAGS.sub("", value) if char.isalpha()]
    return len(letters) >= _ENOUGH_LETTERS and set(letters) <= set("ACGTU")


def looks_like(head: bytes) -> str | None:
    """Return what a file is that can hold no observed peptides; None where it could."""
    start = head[:65_536].decode("utf-8", errors="replace")
    for pattern, what in _BEGINNINGS:
        if re.match(
            pattern, start, re.IGNORECASE | re.DOTALL if "!--" in pattern else re.IGNORECASE
        ):
            return what
    table = parse_head(head)
    for refusal in refusals():
        any_of = not refusal.any_of or any(table.has(column) for column in refusal.any_of)
        if not (any_of and table.has(*refusal.columns)):
            continue
        if not (refusal.unmeasured and _has_quantities(table)):
            return refusal.looks_like
    return None


def _has_quantities(table: Head) -> bool:
    known = {spelling(header) for header in dialect("generic").columns["quantity"]}
    told = (parse_quantity_header(name) for name in table.names)
    return bool(known & table.spellings) or any(one is not None and one.usable for one in told)


def refuse(head: bytes, name: str) -> ParseError:
    """Return the error that says what a file looks like and what was expected."""
    what = looks_like(head)
    if what is not None:
        msg = f"'{name}' looks like {what}. {_EXPECTED}"
        return ParseError(msg, _HINTS.get(what, _EXPORT))
    table = parse_head(head)
    if not table.rows and table.delimiter != NO_DELIMITER:
        msg = f"'{name}' has a header but no rows."
        return ParseError(msg, "Check that the export finished, and upload it again.")
    for what, headers in _WITHOUT_PEPTIDES:
        if table.has(*headers):
            return ParseError(f"'{name}' looks like {what}. {_EXPECTED}", _EXPORT)
    msg = f"'{name}' {_about(table)} {_EXPECTED}"
    return ParseError(
        msg,
        "Name the peptide column (--column sequence=<its header>) or the format, if there is one.",
    )


def _about(table: Head) -> str:
    """Return what is wrong with a table that has no column of peptides."""
    known = {
        spelling(header)
        for canonical in ("modified", "sequence")
        for header in dialect("generic").columns[canonical]
    }
    for name in table.names:
        if spelling(name) in known and table.rows:
            example = next((value for value in table.column(name) if value.strip()), "")
            why = read_all(pa.array([example.strip()], pa.string()), _LENIENT)[0].reason
            shown = f"'{example[:60]}'" + (f": {why}" if why else "")
            if are_nucleotides(table.column(name)):
                return f"has a column '{name}' of nucleotide sequences (for example {shown})."
            return f"has a column '{name}' that does not hold peptides (for example {shown})."
    if table.delimiter == NO_DELIMITER:
        values = [table.names[0], *(row[0] for row in table.rows if row)]
        if are_nucleotides(values) or are_nucleotides(values[1:]):
            return f"looks like a list of nucleotide sequences ('{values[-1].strip()[:60]}')."
        if sum(bool(_GENE.fullmatch(value.strip())) for value in values) > 0.7 * len(values):
            return f"looks like a list of gene or protein names ('{values[-1].strip()[:60]}')."
        return f"has one column of text (it begins '{table.names[0][:60]}')."
    if any(peptide_share([name]) and len(name) > 6 and name.isupper() for name in table.names):
        return "seems to have no header line: its first line holds a peptide."
    shown = ", ".join(f"'{name}'" for name in table.names[:12])
    more = " ..." if len(table.names) > 12 else ""
    return f"has no column of peptides among its {len(table.names)} columns: {shown}{more}."
