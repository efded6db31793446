"""Which columns of a table of unknown origin hold quantities: one for each run, or one for all.

In the order in which they are asked: what the user names; several columns of one form (``Intensity
A``, ``Intensity B``; ``A_Area``, ``B_Area``; raw files); a column known by its name; the columns
that share a repeated header; a column that is called like a quantity in other words (``Normalized
Area``), or like that of a single run (``Intensity donor1``); spectral counts; columns called after
samples and nothing more (``Sample_1``). A column counts only if it holds numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from omicstoken_kernel.ingest._cells import MISSING, numbers
from omicstoken_kernel.ingest._head import is_repeated, spelling
from omicstoken_kernel.ingest._quantity_headers import names_sample, parse_quantity_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from omicstoken_kernel.ingest._head import Head
    from omicstoken_kernel.ingest._quantity_headers import QuantityHeader
    from omicstoken_kernel.ingest.features import ReadOptions

__all__ = ["MARKED", "MARKS", "QuantityPlan", "holds_numbers", "named_several", "plan_quantities"]

_RAW_FILE = re.compile(r"(?i)\.(?:raw|d|mzml|mzxml|wiff2?|dia|htrms)(?:\.gz)?$")
_SAMPLE = re.compile(
    r"(?i)^(?:sample|donor|patient|subject|replicate|rep|run|tumou?r|normal|healthy|control|ctrl"
    r"|treated|untreated|disease|case|mouse)s?(?![a-z])"
)
_NUMBER = re.compile(r"\d+")
_NO_SAMPLE = re.compile(
    r"(?i)(?<![a-z])(?:id|ids|time|age|name|index|length|mass|hla|type|date)s?$"
)


#: How tables mark that a peptide was found, in lower case.
MARKED = ("1", "1.0", "x", "+", "yes", "y", "true")
#: The same, and how they mark that it was not.
MARKS = (*MARKED, "", "0", "0.0", "-", "no", "n", "false")


@dataclass(frozen=True)
class QuantityPlan:
    """Which columns hold quantities.

    Parameters
    ----------
    per_run
        Run to header, where several columns are a run each; else empty.
    column
        The one column of quantities, where it is not the one known by its name.
    kind
        Intensities and the like, or numbers of spectra.
    marks
        True where the columns only mark in which run a peptide was found (0 and 1, x).
    named
        True where the user named them.
    notes
        What the user should know about the choice.
    """

    per_run: Mapping[str, str] = field(default_factory=dict)
    column: str | None = None
    kind: Literal["intensity", "count"] = "intensity"
    marks: bool = False
    named: bool = False
    notes: tuple[str, ...] = ()


def holds_numbers(table: Head, name: str) -> bool:
    """Return whether a column's first cells are numbers, or blank."""
    filled = [cell for cell in table.column(name) if cell.strip().lower() not in MISSING]
    if not filled:
        return True
    return 2 * int(numbers(pa.array(filled), delimiter=table.delimiter).bad.sum()) <= len(filled)


def named_several(names: Sequence[str], wanted: str) -> list[str]:
    """Return the columns that ``A;B`` or ``Sample_*`` name; none where it is a single header."""
    spellings = {spelling(name) for name in names}
    if wanted in names or spelling(wanted) in spellings:
        return []
    found: dict[str, None] = {}
    for part in (part.strip() for part in wanted.split(";")):
        alike = [name for name in names if name == part or fnmatchcase(name, part)]
        alike = alike or [name for name in names if spelling(name) == spelling(part)]
        if not alike:
            return []
        found.update(dict.fromkeys(alike))
    return list(found)


def plan_quantities(
    table: Head, mapping: Mapping[str, str], options: ReadOptions, *, named: Sequence[str] = ()
) -> QuantityPlan:
    """Return which columns hold quantities.

    Parameters
    ----------
    mapping
        Canonical name to header, as the names alone say.
    named
        The columns that the user has named, where those are several.
    """
    if named:
        return QuantityPlan(_named(named), named=True)
    if "quantity" in options.columns:
        return QuantityPlan()
    taken = set(mapping.values())
    free = [
        name
        for name in table.names
        if name not in taken and not is_repeated(name, table.names) and holds_numbers(table, name)
    ]
    told = [told for name in free if (told := parse_quantity_header(name)) and told.usable]
    runs = "several" if "run" in options.columns else _runs_of_rows(table, mapping)
    if runs != "several":
        several_runs = _several(table, mapping, free, told, before=runs == "unsure")
        if several_runs is not None:
            return several_runs
    return _single(table, mapping, free, told, one_run=runs == "one")


def _several(
    table: Head,
    mapping: Mapping[str, str],
    free: list[str],
    told: list[QuantityHeader],
    *,
    before: bool,
) -> QuantityPlan | None:
    """Return the plan of columns that are a run each and are known as such, if there are any.

    Parameters
    ----------
    before
        Only where the quantity stands before the sample: the surest form.
    """
    families = _families(one for one in told if one.kind == "intensity" and one.scale)
    families = [one for one in families if not before or _stands_before(one)]
    if families and len(families[0]) > 1:
        return QuantityPlan(families[0])
    if before:
        return None
    raw_files = {name: name for name in free if _RAW_FILE.search(name)}
    if len(raw_files) > 1:
        return QuantityPlan(raw_files)
    repeated = _repeated(table, mapping.get("quantity"))
    if len(repeated) > 1:
        note = (
            f"The header '{repeated[0]}' stands over {len(repeated)} columns: each was read as a "
            f'run. To read one: --column quantity="{repeated[-1]}".'
        )
        return QuantityPlan({name: name for name in repeated}, notes=(note,))
    return None


def _single(
    table: Head,
    mapping: Mapping[str, str],
    free: list[str],
    told: list[QuantityHeader],
    *,
    one_run: bool,
) -> QuantityPlan:
    if "quantity" in mapping:
        return QuantityPlan()
    found = [one for one in told if one.kind == "intensity" and one.scale]
    found.sort(key=lambda one: bool(one.sample))
    called = [one.header for one in found] + [name for name in free if _RAW_FILE.search(name)]
    if called:
        return QuantityPlan(column=called[0])
    if "psm_count" in mapping:
        return QuantityPlan()
    counts = _families(one for one in told if one.kind == "count")
    if counts and len(counts[0]) > 1 and one_run:
        return QuantityPlan(counts[0], kind="count")
    if counts:
        return QuantityPlan(column=next(iter(counts[0].values())), kind="count")
    samples = _samples(table, free) or _samples(
        table,
        [name for name in table.names if name not in mapping.values() and _marks(table, name)],
    )
    return _of_samples(table, samples) if len(samples) > 1 and one_run else QuantityPlan()


def _families(told: Iterable[QuantityHeader]) -> list[dict[str, str]]:
    """Return run to header for columns of one form each: the largest first, then the plainest."""
    found: dict[tuple[object, ...], dict[str, str]] = {}
    for one in told:
        if one.sample:
            found.setdefault((one.words, one.scale), {}).setdefault(one.sample, one.header)
    ranked = sorted(found.items(), key=lambda item: (-len(item[1]), len(str(item[0]))))
    return [family for _, family in ranked]


def _stands_before(family: Mapping[str, str]) -> bool:
    return all(not header.startswith(sample) for sample, header in family.items())


def _runs_of_rows(table: Head, mapping: Mapping[str, str]) -> Literal["one", "unsure", "several"]:
    """Return whether rows are of several runs, by the column that names them.

    Where a peptide comes in one row alone, that column may be something else, as in a matrix with
    a column called ``Reference``.
    """
    if "run" not in mapping:
        return "one"
    runs = [cell.strip() for cell in table.column(mapping["run"])]
    if not 1 < len(set(runs) - {""}) <= max(20, len(runs) // 2):
        return "one"
    peptides = table.column(mapping["modified"]) if "modified" in mapping else runs
    of_peptide: dict[str, set[str]] = {}
    for peptide, run in zip(peptides, runs, strict=True):
        of_peptide.setdefault(peptide, set()).add(run)
    return "several" if any(len(found) > 1 for found in of_peptide.values()) else "unsure"


def _repeated(table: Head, header: str | None) -> list[str]:
    """Return the columns under one header, told apart by a number, but not copies of the first."""
    if header is None:
        return []
    again = re.compile(re.escape(header) + r" \(\d+\)'*")
    others = [
        name
        for name in table.names
        if again.fullmatch(name)
        and holds_numbers(table, name)
        and table.column(name) != table.column(header)
    ]
    return [header, *others]


def _named(headers: Iterable[str]) -> dict[str, str]:
    """Return run to header, runs called by what their headers say of the sample."""
    called = [(parse_quantity_header(header), header) for header in headers]
    samples = [told.sample if told and told.sample else header for told, header in called]
    if len(set(samples)) < len(samples):
        samples = [header for _, header in called]
    return dict(zip(samples, (header for _, header in called), strict=True))


def _is_tmt_integrator(table: Head) -> bool:
    """Return whether whatever stands behind the column of the reference is a sample."""
    return table.has("MaxPepProb", "ReferenceIntensity")


def _samples(table: Head, free: Iterable[str]) -> list[str]:
    """Return the columns that are called after samples, or stand where samples do."""
    if _is_tmt_integrator(table):
        spellings = [spelling(name) for name in table.names]
        behind = table.names[spellings.index("referenceintensity") + 1 :]
        return [name for name in free if name in behind]
    called = [
        name
        for name in free
        if _SAMPLE.search(name) and names_sample(name) and not _NO_SAMPLE.search(name)
    ]
    # A sample in which nothing was found is blank; so is a column that is no sample.
    forms = {
        _NUMBER.sub("", name) for name in called if any(cell.strip() for cell in table.column(name))
    }
    return [name for name in called if _NUMBER.sub("", name) in forms]


def _marks(table: Head, name: str) -> bool:
    return {cell.strip().lower() for cell in table.column(name)} <= set(MARKS)


def _of_samples(table: Head, samples: list[str]) -> QuantityPlan:
    shown = ", ".join(f"'{name}'" for name in samples[:4]) + (" ..." if len(samples) > 4 else "")
    marks = all(_marks(table, name) for name in samples)
    what = "as marks of where a peptide was found" if marks else "as the quantities of a run each"
    why = "stand behind the reference" if _is_tmt_integrator(table) else "are called after samples"
    note = (
        f"{shown} were read {what}, for they {why}; name the right ones with "
        f'--column quantity="{samples[0]};{samples[1]}".'
    )
    return QuantityPlan({name: name for name in samples}, marks=marks, notes=(note,))
