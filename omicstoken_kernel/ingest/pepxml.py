"""pepXML of the Trans-Proteomic Pipeline and of search engines: one row per search hit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from omicstoken_kernel.chemistry.residues import MONOISOTOPIC_DA
from omicstoken_kernel.ingest._long import RunColumn
from omicstoken_kernel.ingest._placed import Site, Unplaced, place
from omicstoken_kernel.ingest._psms import filter_ranks, read_psms
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
    name="pepxml",
    title="pepXML",
    version="1",
    reads="pepXML of search engines and of the Trans-Proteomic Pipeline; one run per raw file.",
)

_NOTATION = Notation()

_HEADERS = {
    "sequence": "peptide",
    "run": "base_name",
    "charge": "assumed_charge",
    "rt_s": "retention_time_sec",
    "rank": "hit_rank",
    "score": "search_score",
    "pep": "posterior error",
    "q_value": "q-value",
    "proteins": "protein",
}
_SCORES = ("hyperscore", "xcorr", "xcorr_score", "ionscore", "score", "dotproduct", "expect")
_SCAN = re.compile(r"^(.+?)\.\d+\.\d+(?:\.\d+)?$")
# A hydrogen and a hydroxyl group, in Da: what mod_nterm_mass and mod_cterm_mass count in.
_FREE_TERMINI_DA = {"n": 1.007825, "c": 17.002740}
_NO_SHIFT_DA = 0.001


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is pepXML: by its first element."""
    del name
    return 0.99 if is_root(head, "msms_pipeline_analysis") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return the best hit of every spectrum; those of one peptidoform, charge and run merge."""
    source = open_source(path)
    frame = _walk(source).frame(source, options)
    filter_ranks(frame)
    return read_psms(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run") if "run" in frame else None,
        q_values=["q_value"],
    )


def _walk(source: Source) -> Matches:
    matches = Matches(_HEADERS)
    run, declared = "", {}  # type: tuple[str, dict[tuple[str, str], str]]
    wanted = ("aminoacid_modification", "terminal_modification", "spectrum_query")
    for found in elements(source, wanted, rows="search_hit", starts=("msms_run_summary",)):
        name, element = found.name, found.element
        if name == "msms_run_summary":
            run, declared = element.get("base_name", ""), {}
        elif name == "spectrum_query":
            _take_query(found, run, declared, matches)
        else:
            where = element.get("aminoacid") or (element.get("terminus") or "").lower()
            declared[where, _rounded(element.get("mass"))] = element.get("massdiff", "")
    return matches


def _take_query(
    found: Found, run: str, declared: dict[tuple[str, str], str], matches: Matches
) -> None:
    query = found.element
    if run in ("", "NA"):
        scan = _SCAN.match(query.get("spectrum", ""))
        run = scan[1] if scan else ""
    for hit in query.iter("{*}search_hit"):
        sequence, defect = hit.get("peptide", ""), ""
        try:
            sequence = place(sequence, _sites(hit, sequence, declared))
        except Unplaced as problem:
            defect = str(problem)
        proteins = [hit.get("protein", "")]
        proteins += [one.get("protein", "") for one in hit.iter("{*}alternative_protein")]
        values = {
            "sequence": sequence,
            "run": run,
            "charge": query.get("assumed_charge"),
            "rt_s": query.get("retention_time_sec"),
            "rank": hit.get("hit_rank"),
            "proteins": ";".join(dict.fromkeys(one for one in proteins if one)),
            **_scores(hit),
        }
        matches.add(found.lines.get(hit, 0), values, defect=defect)


def _rounded(mass: str | None) -> str:
    try:
        return f"{float(mass or ''):.2f}"
    except ValueError:
        return ""


def _sites(hit: _Element, sequence: str, declared: dict[tuple[str, str], str]) -> list[Site]:
    """Return a hit's modifications as shifts.

    Masses are totals; what the file declares about a total goes before our own subtraction.
    """
    sites = []
    for info in hit.iter("{*}modification_info"):
        for attribute, terminus, position in (
            ("mod_nterm_mass", "n", 0),
            ("mod_cterm_mass", "c", len(sequence) + 1),
        ):
            mass = info.get(attribute)
            if mass:
                sites.append(
                    (position, _shift(mass, terminus, _FREE_TERMINI_DA[terminus], declared))
                )
        for one in info:
            if local_name(one) == "mod_aminoacid_mass":
                sites.append(_residue_site(one, sequence, declared))
    return [(position, shift) for position, shift in sites if shift]


def _residue_site(one: _Element, sequence: str, declared: dict[tuple[str, str], str]) -> Site:
    number = one.get("position", "")
    position = int(number) if number.isdigit() else 0
    if not 1 <= position <= len(sequence):
        raise Unplaced(NOT_UNDERSTOOD)
    stated = one.get("variable") or one.get("static")
    if stated:
        return position, _signed(stated, len(stated.partition(".")[2]))
    residue = sequence[position - 1]
    bare = float(MONOISOTOPIC_DA[ord(residue) - ord("A")]) if residue.isascii() else float("nan")
    return position, _shift(one.get("mass", ""), residue, bare, declared)


def _shift(mass: str, where: str, bare_da: float, declared: dict[tuple[str, str], str]) -> str:
    """Return the signed shift that a total mass stands for; empty where it is none."""
    said = declared.get((where, _rounded(mass)))
    try:
        shift = float(said) if said else float(mass) - bare_da
    except ValueError as error:
        raise Unplaced(NOT_UNDERSTOOD) from error
    if shift != shift:
        raise Unplaced(NOT_UNDERSTOOD)
    return _signed(str(shift), 4 if said is None else len(said.partition(".")[2]))


def _signed(shift: str, decimals: int) -> str:
    value = float(shift)
    return f"{value:+.{min(decimals, 6)}f}" if abs(value) >= _NO_SHIFT_DA else ""


def _scores(hit: _Element) -> dict[str, str]:
    scores = {
        one.get("name", "").lower(): one.get("value", "") for one in hit.iter("{*}search_score")
    }
    found: dict[str, str] = {}
    for name, value in scores.items():
        if re.search(r"q-?_?value", name):
            found.setdefault("q_value", value)
        elif re.search(r"(?:^|_)pep$", name):
            found.setdefault("pep", value)
    score = next((name for name in _SCORES if name in scores), None)
    if score is not None:
        found["score"] = scores[score]
    for result in ("interprophet_result", "peptideprophet_result"):
        for one in hit.iter(f"{{*}}{result}"):
            if "pep" not in found and (probability := one.get("probability")):
                found["pep"] = _complement(probability)
    return found


def _complement(probability: str) -> str:
    """Return the posterior error of a probability to be right."""
    try:
        return f"{1 - float(probability):.8g}"
    except ValueError:
        return probability
