"""OpenMS TextExporter's file of several kinds of lines; those of peptides are read.

Each line begins with what it is (``PEPTIDE``, ``PROTEIN``, ``RUN`` ...), and each kind has a line
of column names that begins with ``#``. Older versions of nf-core/mhcquant publish this file.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._long import RunColumn
from omicstoken_kernel.ingest._psms import RANK_REASON, read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._source import UNPACKING_ERRORS, open_source
from omicstoken_kernel.ingest._xml import Matches
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest._source import Source
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="openms_text",
    title="OpenMS text export",
    version="1",
    reads="the PEPTIDE lines of OpenMS TextExporter's files, as older versions of nf-core/mhcquant "
    "publish them; one run per file the peptides name.",
)

_NOTATION = Notation(keep_names=True)

_HEADERS = {
    "sequence": "sequence", "run": "file_origin", "rank": "rank", "charge": "charge", "mz": "mz",
    "rt_s": "rt", "score": "score", "score_type": "score_type", "q_value": "q-value",
    "pep": "Posterior Error Probability_score", "proteins": "accessions", "target": "target_decoy",
}  # fmt: skip
# What further columns are called in one version and another.
_ALSO = {
    "run": ("filename", "spectra_data"),
    "q_value": ("MS:1001491", "q-value_score", "qvalue"),
    "pep": ("MS:1001493", "PEP"),
}
_PEPTIDES = ("PEPTIDE", "UNASSIGNEDPEPTIDE")
_HEADER = re.compile(rb'(?:^|[\r\n])"?#(?:UNASSIGNED)?PEPTIDE"?([\t,; ])"?rt"?\1')

CUT = "the file ends in this line"


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is TextExporter's file, by its line about peptides."""
    del name
    return 0.98 if _HEADER.search(head) else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return the best matches of every spectrum; those of one peptidoform, charge and run merge.

    Raises
    ------
    ParseError
        If the file has no line of column names for peptides, or is damaged.
    """
    source = open_source(path)
    matches, quantities = Matches(_HEADERS), 0
    names: dict[str, list[str]] = {}
    try:
        for number, fields, cut in _lines(source):
            kind = fields[0].strip()
            if kind.startswith("#"):
                names[kind[1:]] = [field.strip() for field in fields[1:]]
            elif kind in _PEPTIDES and kind in names:
                short = cut and len(fields) <= len(names[kind])
                cells = dict(zip(names[kind], fields[1:], strict=False))
                matches.add(number, _values(cells), defect=CUT if short else "")
            quantities += kind in ("CONSENSUS", "FEATURE")
    except (*UNPACKING_ERRORS, csv.Error) as error:
        msg = f"'{source.name}' cannot be read to its end: {error}."
        raise ParseError(
            msg, "The file is damaged or was cut short; copy it again from its origin."
        ) from error
    if not set(names) & set(_PEPTIDES):
        msg = f"'{source.name}' was read as {INFO.title} and has no line '#PEPTIDE'."
        raise ParseError(msg, "Export it again with peptides, or let the format be recognised.")
    if quantities:
        matches.warnings.append(
            f"{quantities} lines of quantities (CONSENSUS or FEATURE) were not read: an mzTab, or "
            "the final table of nf-core/mhcquant, has them beside their peptides."
        )
    frame = matches.frame(source, options)
    _filter_ranks(frame)
    _take_score(frame)
    runs = RunColumn(frame.text("run"), "run") if "run" in frame else None
    return read_psms(frame, notation=_NOTATION, runs=runs, q_values=["q_value"])


def _lines(source: Source) -> Iterator[tuple[int, list[str], bool]]:
    """Yield each line that is not blank: its number, its fields, whether the file ends in it."""
    found = _HEADER.search(source.head)
    delimiter = found[1].decode() if found else "\t"
    with source.open() as raw:
        text = io.TextIOWrapper(raw, encoding=source.encoding, errors="replace", newline="")
        for number, line in enumerate(text, 1):
            bare = line.replace("\x00", "").rstrip("\r\n")
            if bare.strip():
                fields = next(csv.reader([bare], delimiter=delimiter), [""])
                yield number, fields, not line.endswith(("\n", "\r"))


def _values(cells: dict[str, str]) -> dict[str, str]:
    """Return a line's cells under canonical names."""
    values = {canonical: cells.get(header, "") for canonical, header in _HEADERS.items()}
    for canonical, others in _ALSO.items():
        values[canonical] = values[canonical] or next(
            (cells[header] for header in others if cells.get(header)), ""
        )
    return values


def _filter_ranks(frame: Frame) -> None:
    """Take out all but the best matches; the best rank is 0 or 1, as the version counts."""
    if "rank" not in frame:
        return
    ranks = frame.numbers("rank").values
    best = np.nanmin(ranks) if np.isfinite(ranks).any() else 0.0
    with np.errstate(invalid="ignore"):
        frame.outcomes.filter(ranks > min(best, 1.0), RANK_REASON)


def _take_score(frame: Frame) -> None:
    """Read the score as q-value or PEP where every line says that it is one."""
    if "score_type" not in frame or "score" not in frame:
        return
    kinds = {kind.lower() for kind in frame.text("score_type").to_pylist()}
    if kinds == {"q-value"} and "q_value" not in frame:
        frame.mapping["q_value"] = frame.mapping.pop("score")
    elif kinds <= {"posterior error probability", "pep"} and "pep" not in frame:
        frame.mapping["pep"] = frame.mapping.pop("score")
