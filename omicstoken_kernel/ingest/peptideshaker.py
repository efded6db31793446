"""PeptideShaker's reports of PSMs and of peptides, default and extended."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._filters import NO_Q_VALUES
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import RunColumn
from omicstoken_kernel.ingest._placed import Unplaced, place_listed
from omicstoken_kernel.ingest._psms import read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import NOT_UNDERSTOOD, Notation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest._placed import Site
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="peptideshaker",
    title="PeptideShaker report",
    version="1",
    reads="PSM reports of PeptideShaker, one run per file of spectra; peptide reports, one run.",
)

_NOTATION = Notation(keep_names=True)
# Tags of modified sequences are short names that may be anything.
_TAGGED = Notation()

NOT_VALIDATED = "not validated by PeptideShaker (Validation)"
_VALIDATED = (
    "validated by PeptideShaker (Confident and Doubtful; its FDR is 1 % unless told otherwise)"
)

# 'Oxidation of M (5, 8), Acetylation of protein N-term (1)'; a name may hold numbers in brackets.
_ENTRY = re.compile(r"(.+?)\s*\((\d+(?:\s*,\s*\d+)*)\)\s*(?:[,;]\s*|$)")
_OF = re.compile(r" (?:of|from) (?:the )?(?:protein |peptide )?.*$", re.IGNORECASE)
# PeptideShaker's names that UniMod does not have, or has for something else.
_NAMES = {
    "carbamilation": "Carbamyl",
    "pyrolidone from q": "Gln->pyro-Glu",
    "pyrolidone from e": "Glu->pyro-Glu",
    "pyrolidone from carbamidomethylated c": "Pyro-carbamidomethyl",
    "sulfation": "Sulfo",
    "tmt 6-plex": "TMT6plex",
    "tmt 10-plex": "TMT6plex",
    "tmt 11-plex": "TMT6plex",
    "tmt 16-plex": "TMTpro",
    "tmt 18-plex": "TMTpro",
    "itraq 4-plex": "iTRAQ4plex",
    "itraq 8-plex": "iTRAQ8plex",
    "ubiquitination": "GG",
}
_TAGGED_TERMINI = re.compile(r"([^-<>]+)-(.+)-([^-<>]+)")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a report of PeptideShaker."""
    del name
    table = parse_head(head)
    if not table.has("Protein(s)", "Sequence", "Modified Sequence"):
        return 0.0
    of_shaker = ("Variable Modifications", "Fixed Modifications", "Validation", "Confidence [%]")
    found = sum(table.has(column) for column in of_shaker)
    return 0.98 if found >= 2 else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a report; PSMs of one peptidoform, charge and file merge."""
    frame = open_frame(path, options, dialect(INFO.name), needed=("sequence",), what=INFO.title)
    validated = _filter_unvalidated(frame)
    _write_proteins(frame)
    if listed := _join_lists(frame):
        frame.mapping.pop("modified", None)
        place_listed(frame, _sites)
    elif "modified" in frame:
        _write_tags(frame)
    numbers = {}
    confidence = frame.optional_number("score", low=0.0, high=100.0)
    if confidence is not None:
        # The confidence of a match is 1 - PEP in per cent.
        numbers["pep"] = np.round(1 - confidence / 100, 12)
    if "run" not in frame and "psm_count" not in frame:
        numbers["psm_count"] = np.full(len(frame), np.nan)
    parsed = read_psms(
        frame,
        notation=_NOTATION if listed else _TAGGED,
        runs=RunColumn(frame.text("run"), "run") if "run" in frame else None,
        q_values=[],
        numbers=numbers,
    )
    if not validated:
        return parsed
    runs = tuple(
        replace(run, filter_note=_VALIDATED) if run.filter_note == NO_Q_VALUES else run
        for run in parsed.runs
    )
    return replace(parsed, runs=runs)


def _filter_unvalidated(frame: Frame) -> bool:
    """Take out what PeptideShaker did not validate; return whether the rest is validated."""
    if "validation" not in frame or frame.options.unfiltered:
        return False
    words = pc.utf8_lower(frame.text("validation"))
    refused = pc.match_substring_regex(words, "^not validated|^0$|^false$")
    frame.outcomes.filter(np.asarray(refused.to_numpy(zero_copy_only=False), bool), NOT_VALIDATED)
    return bool(pc.all(pc.match_substring_regex(words, "^confident|^doubtful|^not val")).as_py())


def _join_lists(frame: Frame) -> bool:
    """Join the lists of variable and fixed modifications; return whether there are any."""
    lists = [frame.text(key) for key in ("modifications", "fixed") if key in frame]
    if not lists:
        return False
    joined = lists[0]
    for other in lists[1:]:
        both = pc.and_(pc.not_equal(joined, ""), pc.not_equal(other, ""))
        joined = pc.binary_join_element_wise(joined, pc.if_else(both, ", ", ""), other, "")
    header = frame.mapping.setdefault("modifications", frame.mapping.get("fixed", ""))
    frame.table.columns[header] = joined
    return True


def _sites(listed: str, sequence: str) -> Iterator[Site]:
    """Yield the places of ``Oxidation of M (5, 8), Acetylation of protein N-term (1)``."""
    at = 0
    while at < len(listed):
        entry = _ENTRY.match(listed, at)
        if entry is None:
            raise Unplaced(NOT_UNDERSTOOD)
        at = entry.end()
        full = entry[1].strip()
        for number in entry[2].split(","):
            yield _place(full, int(number), len(sequence)), _name(full)


def _place(full: str, number: int, length: int) -> int:
    if "n-term" in full.lower():
        return 0
    if "c-term" in full.lower():
        return length + 1
    # What sits on the residue at a terminus has the terminus' number in newer versions.
    return min(max(number, 1), length) if number in (0, length + 1) else number


def _name(full: str) -> str:
    short = _OF.sub("", full)
    return _NAMES.get(full.lower(), _NAMES.get(short.lower(), short))


def _write_tags(frame: Frame) -> None:
    """Write ``ace-PEPT<ox>IDE-COOH`` with brackets."""
    encoded = pc.dictionary_encode(frame.text("modified"))
    written = [_bracketed(text) for text in encoded.dictionary.to_pylist()]
    column = pa.array(written, pa.string()).take(encoded.indices)
    frame.table.columns[frame.mapping["modified"]] = column


def _bracketed(text: str) -> str:
    found = _TAGGED_TERMINI.fullmatch(text)
    if found is None:
        return text
    first, body, last = found.groups()
    body = body.replace("<", "[").replace(">", "]")
    before = "" if first == "NH2" else f"[{first}]-"
    return before + body + ("" if last == "COOH" else f"-[{last}]")


def _write_proteins(frame: Frame) -> None:
    if "proteins" in frame:
        # Decoys are called 'P12345_REVERSED'.
        text = pc.replace_substring_regex(frame.text("proteins"), r",\s*", ";")
        text = pc.replace_substring_regex(text, r"([^;]+)_REVERSED", r"REVERSED_\1")
        frame.table.columns[frame.mapping["proteins"]] = text
