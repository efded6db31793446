"""mzTab 1.0: quantities from its PEP section, identifications from its PSM section."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._cells import is_missing, numbers
from omicstoken_kernel.ingest._columns import dialect, map_columns, require
from omicstoken_kernel.ingest._frame import Frame
from omicstoken_kernel.ingest._long import RunColumn
from omicstoken_kernel.ingest._matrix import MatrixRun, read_matrix
from omicstoken_kernel.ingest._mztab import Outline, outline, read_section
from omicstoken_kernel.ingest._outcomes import Outcomes
from omicstoken_kernel.ingest._placed import ANYWHERE, Site, place_listed
from omicstoken_kernel.ingest._psms import filter_ranks, read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest.features import RunDraft
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._source import Source
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="mztab",
    title="mzTab",
    version="1",
    reads="mzTab 1.0 of any tool, Casanovo's de novo results too; one run per study variable with "
    "quantities, else one per MS run.",
)

_NOTATION = Notation(unsigned_mass="delta", keep_names=True)

_ABUNDANCE = re.compile(r"(?i)peptide_abundance_(assay|study_variable|sub)\[(\d+)\]")
_SCORE = re.compile(r"(?i)(?:best_)?search_engine_score\[(\d+)\]")
_RUN_SCORE = re.compile(r"(?i)search_engine_score\[\d+\]_ms_run\[(\d+)\]")
_LISTED = re.compile(r"\s*(?:(\d+(?:\s*\|\s*\d+)*)\s*-)?\s*(.*?)\s*")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is mzTab: its lines begin with what they are."""
    del name
    start = head.decode("utf-8", errors="replace")
    if not re.match(r'(?:\s*\n)*"?(?:MTD|COM)"?\t', start):
        return 0.0
    known = re.search(r"(?m)^(?:MTD\tmzTab-version|MTD\t.*\nMTD\t|P[SER]H\t)", start)
    return 0.99 if known else 0.5


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return the section with quantities, or else that of the matches.

    Raises
    ------
    ParseError
        If the file has neither.
    """
    source = open_source(path)
    about = outline(source)
    peptides = _open(source, about, "PEP", options)
    if peptides is not None and _abundances(peptides):
        _say_what_is_not_read(source, about, peptides)
        return _read_quantities(peptides, about)
    frame = _open(source, about, "PSM", options)
    if frame is None:
        frame = peptides
    if frame is None:
        msg = (
            f"'{source.name}' is an mzTab file and has no rows of peptides. Expected a section of "
            "peptides (PEP) or of matches (PSM)."
        )
        raise ParseError(msg, "Export it with its peptide or PSM section.")
    return _read_matches(frame, about)


def _open(source: Source, about: Outline, section: str, options: ReadOptions) -> Frame | None:
    """Return a section as a frame; None where the file has no such rows or no sequences in them."""
    names = about.names.get(section, ())
    if not about.rows.get(section) or not names:
        return None
    spellings = dialect(INFO.name)
    mapping = map_columns(names, spellings, options.columns)
    if "sequence" not in mapping:
        if "modified" not in mapping:
            return None
        mapping["sequence"] = mapping.pop("modified")
    else:
        mapping.pop("modified", None)
    require(mapping, ("sequence",), spellings, INFO.title)
    _map_scores(mapping, names, section, about, overridden=options.columns)
    more = [name for name in names if _ABUNDANCE.fullmatch(name) or _RUN_SCORE.fullmatch(name)]
    table = read_section(source, section, names, list(dict.fromkeys([*mapping.values(), *more])))
    frame = Frame(source, spellings, mapping, options, table, Outcomes(table))
    frame.warnings.extend(table.warnings)
    _tidy(frame)
    if "rt" in mapping and any("maxquant" in value.lower() for value in about.metadata.values()):
        frame.mapping["rt_min"] = mapping.pop("rt")
        frame.warnings.append("MaxQuant writes minutes into mzTab's column of seconds: so read.")
    return frame


def _map_scores(
    mapping: dict[str, str],
    names: Sequence[str],
    section: str,
    about: Outline,
    *,
    overridden: Mapping[str, str],
) -> None:
    """Map the numbered scores by what the file says they are; that goes before any other column."""
    found: dict[str, str] = {}
    for name in names:
        if match := _SCORE.fullmatch(name):
            found.setdefault(_score_kind(section, match[1], about), name)
    mapping.update({key: name for key, name in found.items() if key not in overridden})


def _score_kind(section: str, number: str, about: Outline) -> str:
    kinds = {"PEP": "peptide", "PSM": "psm"}
    said = about.metadata.get(f"{kinds[section]}_search_engine_score[{number}]", "").lower()
    if "best psm score" in said:
        said = about.metadata.get(f"psm_search_engine_score[{number}]", "").lower()
    if re.search(r"q[- ]?value", said):
        return "q_value"
    if re.search(r"\bpep\b|posterior error", said):
        return "pep"
    return "score"


def _tidy(frame: Frame) -> None:
    """Undo what mzTab writes into one cell: several times, several accessions, modifications."""
    columns, mapping = frame.table.columns, frame.mapping
    for canonical in ("rt", "mz"):
        if canonical in mapping:
            text = pc.replace_substring_regex(columns[mapping[canonical]], r"\|.*", "")
            columns[mapping[canonical]] = text
    if "proteins" in mapping:
        text = pc.replace_substring(columns[mapping["proteins"]], ",", ";")
        columns[mapping["proteins"]] = text
    place_listed(frame, _sites)


def _sites(listed: str, sequence: str) -> list[Site]:
    """Return the sites of a modifications cell such as ``3-UNIMOD:21,8-CHEMMOD:+15.99``."""
    del sequence
    sites = []
    # Brackets hold localisation scores and neutral losses, which are no modification.
    for entry in re.sub(r"\[[^\]]*\]", "", listed).split(","):
        if not entry.strip().strip("-"):
            continue
        match = _LISTED.fullmatch(entry)
        places, text = (match[1], match[2]) if match else (None, entry)
        if not text or (text == "0" and not places):
            continue
        position = int(places) if places and "|" not in places else ANYWHERE
        sites.append((position, _text(text)))
    return sites


def _text(text: str) -> str:
    """Return a modification's text; a mass or formula without a sign is a shift, as mzTab says."""
    text = re.sub(r"(?i)^CHEMMOD:\s*(?=[A-Z])", "+", text)
    text = re.sub(r"(?i)^CHEMMOD:\s*", "", text)
    return f"+{text}" if re.match(r"\d", text) else text


def _say_what_is_not_read(source: Source, about: Outline, peptides: Frame) -> None:
    names = about.names.get("PSM", ())
    if not about.rows.get("PSM") or "sequence" not in names:
        return
    matched = read_section(source, "PSM", names, ["sequence"]).columns["sequence"]
    quantified = read_section(source, "PEP", about.names["PEP"], [peptides.mapping["sequence"]])
    only = set(matched.to_pylist()) - set(
        quantified.columns[peptides.mapping["sequence"]].to_pylist()
    )
    peptides.warnings.append(
        f"The quantities were read from the PEP section, and not the {about.rows['PSM']} rows of "
        f"the PSM section; {len(only)} peptides stand only there, without a quantity."
    )


def _abundances(frame: Frame) -> dict[str, str]:
    """Return run key to header of the quantity columns, if any of their cells is a number.

    Assays go before study variables, which sum or average them.
    """
    found: dict[str, dict[str, str]] = {}
    for name in frame.table.columns:
        if match := _ABUNDANCE.fullmatch(name):
            kind = match[1].lower()
            found.setdefault(kind, {})[f"{kind}[{match[2]}]"] = name
    for kind in ("assay", "study_variable", "sub"):
        headers = found.get(kind, {})
        if any(numbers(frame.table.columns[name]).given.any() for name in headers.values()):
            return headers
    return {}


def _read_quantities(frame: Frame, about: Outline) -> ParsedUpload:
    headers = _abundances(frame)
    names = about.run_names(list(headers))
    none = np.zeros(len(frame), bool)
    runs = []
    for key, name in zip(headers, names, strict=True):
        identified = _identified(frame, about, key)
        quantity = numbers(frame.table.columns[headers[key]]).values
        with np.errstate(invalid="ignore"):
            matched = none if identified is None else ~identified & (quantity > 0)
        draft = RunDraft(
            key=key,
            name=name,
            quantity_kind="precursor_intensity" if "charge" in frame else "peptide_intensity",
            quantity_column=headers[key],
        )
        runs.append(MatrixRun(draft, none if identified is None else identified, matched))
    return read_matrix(frame, runs, notation=_NOTATION, q_values=["q_value"])


def _identified(frame: Frame, about: Outline, key: str) -> npt.NDArray[np.bool_] | None:
    """Return where a run's own spectra identified the peptide; None where the file does not say."""
    runs = set(about.ms_runs(key))
    headers = [
        name
        for name in frame.table.columns
        if (match := _RUN_SCORE.fullmatch(name)) and match[1] in runs
    ]
    if not headers:
        return None
    given = np.zeros(len(frame), bool)
    for header in headers:
        given |= ~is_missing(pc.utf8_trim_whitespace(frame.table.columns[header]))
    return given


def _read_matches(frame: Frame, about: Outline) -> ParsedUpload:
    filter_ranks(frame)
    numbers_known = {"psm_count": _first_of_each(frame)} if "psm_id" in frame else {}
    parsed = read_psms(
        frame,
        notation=_NOTATION,
        runs=_run_column(frame, about),
        q_values=["q_value"],
        numbers=numbers_known,
    )
    if not any("casanovo" in value.lower() for value in about.metadata.values()):
        return parsed
    negative = parsed.features["score"].to_numpy(zero_copy_only=False) < 0
    said = (
        "These sequences were read de novo: one guess per spectrum, not checked against a "
        f"database. {int(np.sum(negative))} of {parsed.features.num_rows} have a negative score: "
        "their mass does not fit the precursor."
    )
    return replace(parsed, warnings=(*parsed.warnings, said))


def _first_of_each(frame: Frame) -> npt.NDArray[np.float64]:
    """Return 1 for the first row of a match and 0 for its repetitions under further proteins."""
    parts = [frame.text("psm_id"), frame.text("sequence")]
    if "spectrum" in frame:
        parts.append(frame.text("spectrum"))
    encoded = pc.dictionary_encode(pc.binary_join_element_wise(*parts, "\x1f"))
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    alive = np.flatnonzero(frame.outcomes.alive)
    counts = np.zeros(len(frame))
    counts[alive[np.unique(codes[alive], return_index=True)[1]]] = 1
    return counts


def _run_column(frame: Frame, about: Outline) -> RunColumn | None:
    """Return each row's MS run by its location; None where the file knows one run at most."""
    known = re.findall(r"ms_run\[(\d+)\]-location", "\n".join(about.metadata))
    if "spectrum" not in frame:
        return None
    refs = pc.struct_field(pc.extract_regex(frame.text("spectrum"), r"ms_run\[(?P<n>\d+)\]"), "n")
    # A file of a single run need not say so in every row.
    refs = pc.fill_null(refs, known[0] if len(known) == 1 else "")
    encoded = pc.dictionary_encode(refs)
    locations = [
        about.location(number) if number else "" for number in encoded.dictionary.to_pylist()
    ]
    if not any(locations):
        return None
    return RunColumn(pa.array(locations, pa.string()).take(encoded.indices), "spectrum")
