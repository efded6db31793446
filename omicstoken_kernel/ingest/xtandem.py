"""X!Tandem's XML: one row per peptidoform that a spectrum was matched to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from omicstoken_kernel.ingest._long import RunColumn
from omicstoken_kernel.ingest._placed import Site, Unplaced, place
from omicstoken_kernel.ingest._psms import read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest._xml import Found, Matches, elements, is_root, local_name
from omicstoken_kernel.ingest.peptidoforms import NOT_UNDERSTOOD, Notation

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

    from omicstoken_kernel.ingest._source import Source
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="xtandem",
    title="X!Tandem XML",
    version="1",
    reads="the output of X!Tandem; one run per file of spectra.",
)

_NOTATION = Notation()

MUTATION = "a point mutation: the sequence is not certain"

_HEADERS = {
    "sequence": "seq",
    "run": "models from",
    "charge": "z",
    "rt_s": "rt",
    "score": "hyperscore",
    "proteins": "protein label",
    "decoy": "reversed",
}
_FILE = re.compile(r"models from '(.*)'")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is X!Tandem's output: by its first element."""
    del name
    return 0.99 if is_root(head, "bioml") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return the matches of every spectrum; those of one peptidoform, charge and run merge."""
    source = open_source(path)
    frame = _walk(source).frame(source, options)
    return read_psms(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run") if "run" in frame else None,
        q_values=[],
    )


def _walk(source: Source) -> Matches:
    matches = Matches(_HEADERS)
    run = ""
    for found in elements(source, ("group",), rows="domain", starts=("bioml",)):
        name, element = found.name, found.element
        if name == "bioml":
            title = _FILE.search(element.get("label", ""))
            run = title[1] if title else ""
        elif element.get("type") == "model":
            _take_spectrum(found, run, matches)
    return matches


def _take_spectrum(spectrum: Found, run: str, matches: Matches) -> None:
    """Add a row for each peptidoform; it stands once under each of its proteins."""
    group = spectrum.element
    found: dict[tuple[str, str], tuple[_Element, list[str]]] = {}
    for protein in group:
        if local_name(protein) != "protein":
            continue
        label = _label(protein)
        for domain in protein.iter("{*}domain"):
            sequence, defect = domain.get("seq", ""), ""
            try:
                sequence = place(sequence, _sites(domain))
            except Unplaced as problem:
                defect = str(problem)
            found.setdefault((sequence, defect), (domain, []))[1].append(label)
    for (sequence, defect), (domain, labels) in found.items():
        values = {
            "sequence": sequence,
            "run": run,
            "charge": group.get("z"),
            "rt_s": re.sub(r"^PT([\d.]+)S$", r"\1", group.get("rt", "")),
            "score": domain.get("hyperscore"),
            "proteins": ";".join(label.split(" ")[0] for label in dict.fromkeys(labels)),
            "decoy": "1" if all(label.endswith(":reversed") for label in labels) else "",
        }
        matches.add(spectrum.lines.get(domain, 0), values, defect=defect)


def _label(protein: _Element) -> str:
    for note in protein:
        if local_name(note) == "note" and note.get("label") == "description":
            return str(note.text or "").strip()
    return str(protein.get("label", ""))


def _sites(domain: _Element) -> list[Site]:
    """Return a domain's modifications; places count from the protein's first residue."""
    start = domain.get("start", "")
    sites = []
    for one in domain:
        if local_name(one) != "aa":
            continue
        if one.get("pm"):
            raise Unplaced(MUTATION)
        at, mass = one.get("at", ""), one.get("modified", "")
        if not (start.isdigit() and at.isdigit() and re.fullmatch(r"[+-]?\d*\.?\d+", mass)):
            raise Unplaced(NOT_UNDERSTOOD)
        sites.append((int(at) - int(start) + 1, mass if mass[0] in "+-" else f"+{mass}"))
    return sites
