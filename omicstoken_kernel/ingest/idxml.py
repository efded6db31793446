"""OpenMS's idXML: one row per hit of an identification."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from omicstoken_kernel.ingest._long import RunColumn
from omicstoken_kernel.ingest._psms import filter_ranks, read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest._xml import Matches, elements, is_root, local_name, named_values
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

    from omicstoken_kernel.ingest._source import Source
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="idxml",
    title="idXML of OpenMS",
    version="1",
    reads="idXML of OpenMS's tools; one run per file of spectra that it names.",
)

# OpenMS writes a mass as a residue's total where it has no name for it.
_NOTATION = Notation(unsigned_mass="total", keep_names=True)

_HEADERS = {
    "sequence": "sequence",
    "run": "spectra_data",
    "charge": "charge",
    "mz": "MZ",
    "rt_s": "RT",
    "rank": "place among the hits",
    "score": "score",
    "pep": "posterior error",
    "q_value": "q-value",
    "proteins": "protein_refs",
    "target": "target_decoy",
}
_Q_VALUES = ("q-value", "q-value_score", "MS:1001491", "MS:1002354")
_PEPS = (
    "Posterior Error Probability", "Posterior Error Probability_score", "MS:1001493", "PEP",
)  # fmt: skip


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is idXML: by its first element."""
    del name
    return 0.99 if is_root(head, "IdXML") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return the best hit of every spectrum; those of one peptidoform, charge and run merge."""
    source = open_source(path)
    frame = _Walk(source).matches.frame(source, options)
    filter_ranks(frame)
    return read_psms(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run") if "run" in frame else None,
        q_values=["q_value"],
    )


class _Walk:
    def __init__(self, source: Source) -> None:
        self.matches = Matches(_HEADERS)
        self._accessions: dict[str, str] = {}
        self._spectra: list[str] = []
        takers = {
            "ProteinIdentification": self._take_proteins,
            "PeptideIdentification": self._take_spectrum,
        }
        for found in elements(source, list(takers), rows="PeptideHit"):
            self._lines = found.lines
            takers[found.name](found.element)

    def _take_proteins(self, element: _Element) -> None:
        self._accessions = {
            child.get("id", ""): child.get("accession", "")
            for child in element
            if local_name(child) == "ProteinHit"
        }
        listed = named_values(element, "UserParam").get("spectra_data", "")
        self._spectra = [one.strip() for one in listed.strip("[] ").split(",") if one.strip()]

    def _take_spectrum(self, element: _Element) -> None:
        hits = [child for child in element if local_name(child) == "PeptideHit"]
        ranks = _ranks(hits, higher=element.get("higher_score_better", "").lower() == "true")
        common = {
            "run": self._run(element),
            "mz": element.get("MZ"),
            "rt_s": element.get("RT"),
        }
        kind = _kind(element.get("score_type", ""))
        for hit, rank in zip(hits, ranks, strict=True):
            said = named_values(hit, "UserParam")
            accessions = (
                self._accessions.get(one, "") for one in hit.get("protein_refs", "").split()
            )
            values = {
                **common,
                "sequence": hit.get("sequence"),
                "charge": _charge(hit.get("charge", "")),
                "rank": str(rank),
                "q_value": next((said[name] for name in _Q_VALUES if name in said), ""),
                "pep": next((said[name] for name in _PEPS if name in said), ""),
                "proteins": ";".join(dict.fromkeys(one for one in accessions if one)),
                "target": said.get("target_decoy"),
                kind: hit.get("score"),
            }
            self.matches.add(self._lines.get(hit, 0), values)

    def _run(self, element: _Element) -> str:
        """Return the file of spectra: the only one, or the one an index names."""
        index = named_values(element, "UserParam").get("id_merge_index", "")
        if index.isdigit() and int(index) < len(self._spectra):
            return self._spectra[int(index)]
        return self._spectra[0] if len(self._spectra) == 1 else ""


def _kind(score_type: str) -> str:
    if re.search(r"(?i)q[- ]?value", score_type):
        return "q_value"
    return "pep" if re.search(r"(?i)posterior error|^pep$", score_type) else "score"


def _charge(text: str) -> str:
    # OpenMS writes 0 where it knows none.
    return "" if text == "0" else text


def _ranks(hits: list[_Element], *, higher: bool) -> list[int]:
    """Return 1 for the hits of the best score and 2 for the others."""
    scores = []
    for hit in hits:
        try:
            scores.append(float(hit.get("score", "")) * (-1 if higher else 1))
        except ValueError:
            scores.append(float("inf"))
    best = min(scores, default=0.0)
    return [1 if score == best else 2 for score in scores]
