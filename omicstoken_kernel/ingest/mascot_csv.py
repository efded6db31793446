"""Mascot's export as CSV: one row per match and protein, below sections about the search."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._careful import CUT
from omicstoken_kernel.ingest._long import RunColumn
from omicstoken_kernel.ingest._mascot import find_sites, is_header, read_export
from omicstoken_kernel.ingest._placed import Unplaced, place
from omicstoken_kernel.ingest._psms import filter_ranks, read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest._xml import Matches
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest._mascot import Export, Line
    from omicstoken_kernel.ingest._source import Source
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="mascot_csv",
    title="Mascot CSV",
    version="1",
    reads="the peptides of Mascot's CSV export; one run per raw file of the spectra's titles.",
)

_NOTATION = Notation(keep_names=True)

NO_FIXED = (
    "The file names no fixed modifications (the export's section 'Header' was left out): residues "
    "that have one are stored without."
)
PROTEIN_LINE = "a line about a protein, without a peptide"

_HEADERS = {
    "sequence": "pep_seq",
    "reference": "pep_var_mod",
    "run": "pep_scan_title",
    "rank": "pep_rank",
    "charge": "pep_exp_z",
    "mz": "pep_exp_mz",
    "rt_s": "Retention time range",
    "score": "pep_score",
    "pep": "pep_expect",
    "proteins": "prot_acc",
    "decoy": "decoy section",
}

_SECTION = re.compile(rb'\s*"?Header"?[,;\t]"?-{20}')
# 'File:~a.raw~', 'RawFile: a.raw', and what converters put before three numbers ('a.12.12.2').
_FILES = (
    re.compile(r'File:?\s*[~"]+([^~"]+)[~"]'),
    re.compile(r"RawFile[:=]\s*([^\s,;]+)"),
    re.compile(r"^(\S+?)\.0*(\d+)\.0*\2\.\d{1,2}(?:\.dta)?\b"),
)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is Mascot's export: by its sections or its columns."""
    del name
    if _SECTION.match(head):
        return 0.97
    for line in head.decode("utf-8", errors="replace").splitlines()[:400]:
        fields = [field.strip().strip('"') for field in re.split(r"[,;\t]", line)]
        if is_header(fields):
            return 0.95
    return 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return the best matches of every spectrum; a match under several proteins counts once."""
    source = open_source(path)
    export = read_export(source)
    if not export.lines:
        msg = f"'{source.name}' is {INFO.title} and has no rows of peptides."
        raise ParseError(msg, "Export it again with 'Protein hits' and the peptides' columns.")
    first, frame = _walk(export, source, options)
    of_protein = [not line.cells.get("pep_seq") and not line.cut for line in export.lines]
    frame.outcomes.filter(np.array(of_protein), PROTEIN_LINE)
    filter_ranks(frame)
    return read_psms(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run") if "run" in frame else None,
        q_values=[],
        numbers={"psm_count": np.where(first, 1.0, np.nan)},
    )


def _walk(
    export: Export, source: Source, options: ReadOptions
) -> tuple[npt.NDArray[np.bool_], Frame]:
    """Return whether each row is the first of its match, and the rows."""
    proteins, seen = _proteins(export), set()  # type: list[str], set[tuple[str, ...]]
    of_match: dict[tuple[str, ...], dict[str, None]] = {}
    for number, line in enumerate(export.lines):
        of_match.setdefault(_match(line, number), {}).setdefault(proteins[number])
    files = _files(export)
    rescored = export.settings.get("re-score using percolator") == "1"
    matches, first = Matches(_HEADERS), np.zeros(len(export.lines), bool)
    if export.fixed is None:
        matches.warnings.append(NO_FIXED)
    for number, line in enumerate(export.lines):
        key = _match(line, number)
        first[number] = key not in seen
        seen.add(key)
        values = {canonical: line.cells.get(header) for canonical, header in _HEADERS.items()}
        query = export.queries.get(line.cells.get("pep_query", ""), {})
        values |= {
            "run": files[number],
            "rt_s": query.get("Retention time range", "").split("-")[0],
            "pep": values["pep"] if rescored else "",
            "proteins": ";".join(name for name in of_match[key] if name),
            "decoy": "1" if line.decoy else "",
        }
        defect = CUT if line.cut else ""
        if not defect:
            values["sequence"], defect = _written(export, line)
        matches.add(line.number, values, defect=defect)
    return first, matches.frame(source, options)


def _written(export: Export, line: Line) -> tuple[str, str]:
    """Return a peptide with its modifications, and why it has none that are understood."""
    bare = line.cells.get("pep_seq", "")
    try:
        return place(bare, find_sites(export, line.cells)), ""
    except Unplaced as problem:
        return bare, str(problem)


def _match(line: Line, number: int) -> tuple[str, ...]:
    """Return what tells one spectrum's match from another; without a query each row is its own."""
    columns = ("pep_query", "pep_rank", "pep_seq", "pep_var_mod_pos")
    query, *others = (line.cells.get(column, "") for column in columns)
    return (str(line.decoy), query or f"row {number}", *others)


def _proteins(export: Export) -> list[str]:
    """Return each row's protein; some versions write it in the first row of its block alone."""
    found, hit, protein = [], "", ""
    for line in export.lines:
        number, own = line.cells.get("prot_hit_num", ""), line.cells.get("prot_acc", "")
        if own or (number and number != hit):
            hit, protein = number, own
        # Matches that no protein explains stand below the hits and have a query of their own.
        found.append(own or (protein if "prot_acc" in line.cells else ""))
    return found


def _files(export: Export) -> list[str]:
    """Return each row's raw file: of its spectrum's title, else of the search."""
    searched = export.settings.get("peak list data path", "")
    files: list[str] = []
    for line in export.lines:
        if line.cut and files:
            # What is missing of the line may be its title: it must not make a run of its own.
            files.append(files[-1])
            continue
        title = line.cells.get("pep_scan_title", "")
        if not title:
            query = export.queries.get(line.cells.get("pep_query", ""), {})
            title = query.get("StringTitle", "")
        files.append(next((found[1] for one in _FILES if (found := one.search(title))), searched))
    return files
