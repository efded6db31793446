"""mzIdentML 1.1 and 1.2: one row per item of a spectrum's result."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from omicstoken_kernel.ingest._long import RunColumn
from omicstoken_kernel.ingest._placed import ANYWHERE, Site, Unplaced, place
from omicstoken_kernel.ingest._psms import filter_ranks, read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest._xml import Matches, elements, is_root, local_name
from omicstoken_kernel.ingest.peptidoforms import CROSS_LINK, Notation

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

    from omicstoken_kernel.ingest._source import Source
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="mzidentml",
    title="mzIdentML",
    version="1",
    reads="mzIdentML 1.1 and 1.2 of any tool; one run per file of spectra.",
)

_NOTATION = Notation(unsigned_mass="delta", keep_names=True)

SUBSTITUTION = "a substituted residue: the sequence is not certain"

_HEADERS = {
    "sequence": "PeptideSequence",
    "reference": "peptide_ref",
    "run": "SpectraData location",
    "charge": "chargeState",
    "mz": "experimentalMassToCharge",
    "rt_s": "retention time",
    "rank": "rank",
    "score": "score",
    "pep": "posterior error probability",
    "q_value": "q-value",
    "peptide_q_value": "peptide q-value",
    "proteins": "DBSequence accession",
    "decoy": "isDecoy",
}
_YES = ("true", "1")
# Donor and acceptor of a cross-link (PSI-MS).
_CROSS_LINKS = ("MS:1002509", "MS:1002510", "MS:1002511")
_RETENTION_TIMES = ("MS:1000016", "MS:1000894", "MS:1001114", "MS:1000826")
_MINUTE = "UO:0000031"


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is mzIdentML: by its first element."""
    del name
    return 0.99 if is_root(head, "MzIdentML") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return the best items of every spectrum; those of one peptidoform, charge and run merge."""
    source = open_source(path)
    frame = _Walk(source).matches.frame(source, options)
    filter_ranks(frame)
    return read_psms(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run") if "run" in frame else None,
        q_values=["q_value", "peptide_q_value"],
    )


class _Walk:
    """The file from top to bottom: what is referred to stands before what refers to it."""

    def __init__(self, source: Source) -> None:
        self.matches = Matches(_HEADERS)
        self._accessions: dict[str, str] = {}
        self._peptides: dict[str, tuple[str, str]] = {}
        self._evidence: dict[str, tuple[str, bool]] = {}
        self._spectra: dict[str, str] = {}
        self._items = self._below_threshold = 0
        self._score = ""
        takers = {
            "DBSequence": self._take_protein,
            "Peptide": self._take_peptide,
            "PeptideEvidence": self._take_evidence,
            "SpectraData": self._take_spectra,
            "SpectrumIdentificationResult": self._take_result,
        }
        for found in elements(source, list(takers), rows="SpectrumIdentificationItem"):
            self._lines = found.lines
            takers[found.name](found.element)
        if self._below_threshold > 0:
            self.matches.warnings.append(
                f"{self._below_threshold} of {self._items} items do not pass the file's own "
                "threshold (passThreshold), which decides nothing here."
            )

    def _take_protein(self, element: _Element) -> None:
        self._accessions[element.get("id", "")] = element.get("accession", "")

    def _take_spectra(self, element: _Element) -> None:
        self._spectra[element.get("id", "")] = element.get("location", "")

    def _take_evidence(self, element: _Element) -> None:
        accession = self._accessions.get(element.get("dBSequence_ref", ""), "")
        decoy = element.get("isDecoy", "").lower() in _YES
        self._evidence[element.get("id", "")] = accession, decoy

    def _take_peptide(self, element: _Element) -> None:
        sequence, sites, defect = "", [], ""
        for child in element:
            name = local_name(child)
            if name in ("PeptideSequence", "peptideSequence"):
                sequence = (child.text or "").strip()
            elif name == "SubstitutionModification":
                defect = SUBSTITUTION
            elif name == "Modification":
                site = _site(child)
                defect = defect if site else CROSS_LINK
                sites += [site] if site else []
        try:
            sequence = place(sequence, sites)
        except Unplaced as problem:
            defect = defect or str(problem)
        self._peptides[element.get("id", "")] = sequence, defect

    def _take_result(self, element: _Element) -> None:
        rt = _retention_time(element)
        for item in element:
            if local_name(item) == "SpectrumIdentificationItem":
                self._take_item(item, self._spectra.get(element.get("spectraData_ref", ""), ""), rt)

    def _take_item(self, item: _Element, run: str, rt: str) -> None:
        reference = item.get("peptide_ref", "")
        sequence, defect = self._peptides.get(reference, ("", ""))
        evidence = [
            self._evidence[reference]
            for child in item
            if local_name(child) == "PeptideEvidenceRef"
            and (reference := child.get("peptideEvidence_ref", "")) in self._evidence
        ]
        self._items += 1
        self._below_threshold += item.get("passThreshold", "true").lower() not in _YES
        values = {
            "sequence": sequence,
            "reference": item.get("peptide_ref"),
            "run": run,
            "charge": item.get("chargeState"),
            "mz": item.get("experimentalMassToCharge"),
            "rt_s": _retention_time(item) or rt,
            "rank": item.get("rank"),
            "proteins": ";".join(dict.fromkeys(one for one, _ in evidence)),
            "decoy": "1" if evidence and all(decoy for _, decoy in evidence) else "",
            **self._scores(item),
        }
        self.matches.add(self._lines.get(item, 0), values, defect=defect or _item_defect(item))

    def _scores(self, item: _Element) -> dict[str, str]:
        found: dict[str, str] = {}
        for child in item:
            name, value = child.get("name", ""), child.get("value", "")
            if local_name(child) not in ("cvParam", "userParam") or not value:
                continue
            kind = _kind(name)
            if kind == "score":
                self._score = self._score or name
                if name != self._score:
                    continue
            if kind:
                found.setdefault(kind, value)
        return found


def _kind(name: str) -> str:
    """Return which canonical number a parameter of this name is, empty where none."""
    if re.search(r"(?i)protein|decoy|target", name):
        return ""
    if re.search(r"(?i)q[- ]?value", name):
        at_peptide = re.search(r"(?i)pep(?:tide)?[- ]?(?:level|q)|peptide", name)
        return "peptide_q_value" if at_peptide else "q_value"
    if re.search(r"(?i)posterior error|\bPEP\b", name):
        return "pep"
    return "score" if re.search(r"(?i)score|xcorr|expect|e-?value|probability", name) else ""


def _site(modification: _Element) -> Site | None:
    """Return where a modification sits and what it is; None for one end of a cross-link."""
    accession = text = ""
    for child in modification:
        if local_name(child) != "cvParam":
            continue
        if child.get("accession") in _CROSS_LINKS:
            return None
        if not accession.startswith("UNIMOD:"):
            accession, text = child.get("accession", ""), child.get("name", "")
    mass = modification.get("monoisotopicMassDelta") or modification.get("avgMassDelta") or ""
    if accession.startswith("UNIMOD:"):
        text = accession
    elif mass:
        text = mass if mass[0] in "+-" else f"+{mass}"
    location = modification.get("location", "")
    return (int(location) if location.isdigit() else ANYWHERE), text


def _item_defect(item: _Element) -> str:
    linked = any(child.get("accession") in _CROSS_LINKS for child in item)
    return CROSS_LINK if linked else ""


def _retention_time(element: _Element) -> str:
    """Return the retention time in seconds that an element states, empty where none."""
    for child in element:
        if child.get("accession") in _RETENTION_TIMES:
            # A range, as a merged spectrum has, is given by its first value.
            value = child.get("value", "").split(",")[0].split("-")[0].strip()
            minutes = child.get("unitAccession") == _MINUTE or child.get("unitName") == "minute"
            try:
                return repr(float(value) * (60 if minutes else 1))
            except ValueError:
                return ""
    return ""
