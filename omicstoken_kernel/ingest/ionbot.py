"""ionbot's matches (ionbot.first.csv): an open search, its modifications named and placed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._cells import flags
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import RunColumn
from omicstoken_kernel.ingest._placed import Site, Unplaced, place_listed
from omicstoken_kernel.ingest._psms import RANK_REASON, mz_of_masses, read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._sites import NOT_FITTING
from omicstoken_kernel.ingest.peptidoforms import NOT_UNDERSTOOD, Notation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="ionbot",
    title="ionbot table",
    version="1",
    reads="ionbot.first.csv of ionbot; one run per file of spectra.",
)

_NOTATION = Notation(keep_names=True)

# '[35]oxidation[M]', '[319]Delta:H(2)C(3)O(1)[K]', 'Gln->Asp[Q]': accession, name, residue.
_LABEL = re.compile(r"(?:\[(\d+)\])?(.*?)(?:\[[A-Za-z-]+\])?")
_SUBSTITUTION = re.compile(r"([A-Z][a-z]{2})->([A-Z][a-z]{2})")
# What ionbot notes beside modifications, and what is none.
_NO_MODIFICATIONS = ("semi_tryptic",)
_ONE_LETTER = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E", "Gly": "G",
    "His": "H", "Ile": "I", "Leu": "I", "Xle": "I", "Lys": "K", "Met": "M", "Phe": "F", "Pro": "P",
    "Ser": "S", "Thr": "T", "Trp": "W", "Tyr": "Y", "Val": "V",
}  # fmt: skip

# 'PSAH2_ARATH((131-139))((Q9SUI6))||PSAH1_ARATH((131-139))((Q9SUI7))'
_PROTEIN = re.compile(r"([^|(]+)\(\([^()]*\)\)(?:\(\((.*?)\)\))?")

# So many peptides without a single leucine are no chance.
_ENOUGH_TO_TELL = 20


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is ionbot's table of matches."""
    del name
    table = parse_head(head)
    if not table.has("matched_peptide", "modifications", "charge"):
        return 0.0
    if not (table.has("database") or table.has("DB")):
        return 0.0
    return 0.98 if table.has("psm_score") or table.has("unexpected_modification") else 0.7


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return ionbot's best matches; those of one peptidoform, charge and file merge."""
    frame = open_frame(path, options, dialect(INFO.name), needed=("sequence",), what=INFO.title)
    if "best" in frame:
        frame.outcomes.filter(~flags(frame.column("best")), RANK_REASON)
    _write_proteins(frame)
    _warn_of_leucine(frame)
    place_listed(frame, _sites)
    return read_psms(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run") if "run" in frame else None,
        q_values=["q_value"],
        numbers=mz_of_masses(frame),
    )


def _sites(listed: str, sequence: str) -> Iterator[Site]:
    """Yield the places of ``2|[35]oxidation[M]|0|[1314]biotinAcrolein298[N-TERM]``."""
    parts = [part.strip() for part in listed.split("|")]
    if len(parts) % 2:
        raise Unplaced(NOT_UNDERSTOOD)
    for position, label in zip(parts[::2], parts[1::2], strict=True):
        found = _LABEL.fullmatch(label)
        if not position.isdigit() or found is None:
            raise Unplaced(NOT_UNDERSTOOD)
        if label in _NO_MODIFICATIONS:
            continue
        accession, name = found.groups()
        substitution = _SUBSTITUTION.fullmatch(name)
        if substitution and _is_written(substitution, sequence, int(position)):
            continue
        if not accession and not substitution:
            # 'unknown modification': a mass that ionbot explains by nothing.
            raise Unplaced(NOT_UNDERSTOOD)
        yield int(position), f"UNIMOD:{accession}" if accession else name


def _is_written(substitution: re.Match[str], sequence: str, position: int) -> bool:
    """Return whether the matched peptide holds the new residue, as ionbot writes it.

    Raises
    ------
    Unplaced
        If it holds neither the new residue nor the old one.
    """
    old, new = (_ONE_LETTER.get(name) for name in substitution.groups())
    residue = sequence[position - 1 : position].replace("L", "I")
    if residue and residue == new:
        return True
    if residue and residue == old:
        return False
    raise Unplaced(NOT_FITTING)


def _write_proteins(frame: Frame) -> None:
    """Write each protein's accession, else its name, with ``decoy_`` where it is one."""
    if "proteins" not in frame:
        return
    encoded = pc.dictionary_encode(frame.text("proteins"))
    texts = []
    for text in encoded.dictionary.to_pylist():
        found = [
            ("decoy_" if match[1].startswith("decoy_") and match[2] else "")
            + (match[2] or match[1])
            for match in _PROTEIN.finditer(text)
        ]
        texts.append(";".join(found) or text.replace("||", ";"))
    column = pa.array(texts, pa.string()).take(encoded.indices)
    frame.table.columns[frame.mapping["proteins"]] = column


def _warn_of_leucine(frame: Frame) -> None:
    peptides = frame.text("sequence")
    if len(peptides) >= _ENOUGH_TO_TELL and not pc.any(pc.match_substring(peptides, "L")).as_py():
        frame.warnings.append(
            "No peptide holds a leucine: ionbot writes I for both. Search by letters finds L where "
            "it is told that I and L are equal."
        )
