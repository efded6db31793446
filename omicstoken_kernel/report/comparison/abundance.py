"""How much of each peptide the sides hold: ratios, tests where replicates allow, normalisation."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from omicstoken_kernel.analysis.abundance import FDR
from omicstoken_kernel.analysis.wording import signed
from omicstoken_kernel.report import words
from omicstoken_kernel.report.sections import Figure, Section, render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omicstoken_kernel.analysis.abundance import Contrast
    from omicstoken_kernel.analysis.measured import Measurement
    from omicstoken_kernel.report.comparison.facts import ComparisonFacts

__all__ = ["abundance"]

#: Contrasts drawn; all are in the JSON and the table of ``omicstoken compare``.
_MOST_CONTRASTS = 3

#: Peptides listed of each contrast.
_MOST_LISTED = 15

#: Measurements whose normalisation is drawn.
_MOST_MEASUREMENTS = 24


class _Changed(NamedTuple):
    """A peptide of the list of those that changed most surely."""

    sequence: str
    ratio: str
    n: str
    p: str
    q: str


def abundance(facts: ComparisonFacts) -> Section:
    """Return scatter or volcano of each contrast, and normalisation before and after."""
    found = facts.comparison.abundance
    contrasts = [contrast for contrast in found.contrasts if contrast.peptides]
    figures = [
        _figure(facts, contrast, f"abundance-{place}")
        for place, contrast in enumerate(contrasts[:_MOST_CONTRASTS], start=1)
    ]
    figures += _normalisation(facts) if contrasts else []
    listed = [
        (facts.names[contrast.side], facts.names[contrast.reference], _changed(contrast))
        for contrast in contrasts[:_MOST_CONTRASTS]
        if contrast.tested
    ]
    left_out = len(contrasts) - _MOST_CONTRASTS
    return Section(
        "abundance",
        render(
            "abundance.html.j2",
            figures=[figure.name for figure in figures],
            note=found.note,
            offsets=_offsets_in_words(facts) if contrasts else "",
            listed=[each for each in listed if each[2]],
            most=_MOST_LISTED,
            left_out=max(left_out, 0),
        ),
        figures=tuple(figures),
    )


def _figure(facts: ComparisonFacts, contrast: Contrast, name: str) -> Figure:
    from omicstoken_kernel.charts import abundance_scatter, volcano

    side, reference = (facts.names[each] for each in (contrast.side, contrast.reference))
    if not contrast.tested:
        frame = _scatter_frame(facts, contrast)
        half = float(2 ** np.median(np.abs(contrast.test.difference)))
        chart = abundance_scatter(
            frame,
            title=f"Half of the peptides differ {words.statistic(half)}-fold or more",
            subtitle=f"{words.plural(len(frame), 'peptide')} quantified on both sides; no p-values",
            names=(words.short(reference), words.short(side)),
        )
        return Figure(name, chart, "abundance-scatter")
    frame = _volcano_frame(contrast)
    up, down = contrast.changed(1), contrast.changed(-1)
    chart = volcano(
        frame,
        title=f"{words.count(up)} higher and {words.count(down)} lower in {words.short(side)}",
        subtitle=f"{words.plural(contrast.tested, 'peptide')} tested; moderated t, false discovery "
        f"rate {words.share(FDR)} (Benjamini-Hochberg)",
        names=(words.short(side), words.short(reference)),
    )
    return Figure(name, chart, "volcano")


def _scatter_frame(facts: ComparisonFacts, contrast: Contrast) -> pd.DataFrame:
    measured = facts.comparison.abundance.measured
    assert measured is not None
    x, y = (
        np.nanmean(measured.values[each][contrast.rows], axis=1)
        for each in (contrast.reference, contrast.side)
    )
    return pd.DataFrame(
        {"sequence": contrast.peptides, "x": x, "y": y, "ratio": contrast.test.difference}
    )


def _volcano_frame(contrast: Contrast) -> pd.DataFrame:
    tested = np.isfinite(contrast.test.p)
    frame = pd.DataFrame(
        {
            "sequence": contrast.peptides,
            "ratio": contrast.test.difference,
            "p": contrast.test.p,
            "q": contrast.q,
        }
    )[tested]
    called = np.where(frame["ratio"] > 0, "higher", "lower")
    return frame.assign(
        height=-np.log10(np.maximum(frame["p"], 1e-300)),
        call=np.where(frame["q"] <= FDR, called, "not called"),
    )


def _changed(contrast: Contrast) -> list[_Changed]:
    """Return the peptides called at the false discovery rate, the surest first."""
    order = np.argsort(contrast.test.p, kind="stable")[:_MOST_LISTED]
    return [
        _Changed(
            sequence=contrast.peptides[row],
            ratio=f"{contrast.test.difference[row]:+.2f}".replace("-", "−"),
            n=f"{contrast.test.second[row]} and {contrast.test.first[row]}",
            p=words.p_value(float(contrast.test.p[row])).removeprefix("p = ").removeprefix("p "),
            q=words.p_value(float(contrast.q[row])).removeprefix("p = ").removeprefix("p "),
        )
        for row in order.tolist()
        if contrast.q[row] <= FDR
    ]


def _normalisation(facts: ComparisonFacts) -> list[Figure]:
    from omicstoken_kernel.charts import normalisation

    measured = facts.comparison.abundance.measured
    if measured is None or not measured.normalised:
        return []
    rows = [
        (name, state, *values)
        for name, measurement in _named(facts, measured.measurements[:_MOST_MEASUREMENTS])
        for state, values in (("before", measurement.before), ("after", measurement.after))
        if values
    ]
    frame = pd.DataFrame(rows, columns=["name", "state", "p5", "p25", "p50", "p75", "p95"])
    largest = max(abs(each.offset) for each in measured.measurements)
    left_out = len(measured.measurements) - _MOST_MEASUREMENTS
    chart = normalisation(
        frame,
        title=f"Normalisation moved medians by up to {words.statistic(largest)} log2 units",
        subtitle=f"Aligned on {words.plural(measured.shared, 'peptide')} quantified in all; bar: "
        "middle half, line: 5th to 95th percentile"
        + (f"; {left_out} more not drawn" if left_out > 0 else ""),
    )
    return [Figure("normalisation", chart, "normalisation")]


def _offsets_in_words(facts: ComparisonFacts) -> str:
    """Return what was taken away from each measurement; empty where nothing was."""
    measured = facts.comparison.abundance.measured
    if measured is None or not measured.normalised:
        return ""
    told = [
        f"{name} {signed(each.offset, 2)}" for name, each in _named(facts, measured.measurements)
    ]
    left_out = len(told) - _MOST_MEASUREMENTS
    listed = "; ".join(told[:_MOST_MEASUREMENTS]) + (
        f"; and {left_out} more" if left_out > 0 else ""
    )
    return (
        "Normalisation took away, in log2 units, the median of each measurement's ratios to the "
        f"mean of all, over {words.plural(measured.shared, 'peptide')} quantified in all: {listed}."
    )


def _named(
    facts: ComparisonFacts, measurements: Sequence[Measurement]
) -> list[tuple[str, Measurement]]:
    """Return each measurement with its side and its number there, shorter than its runs."""
    several = Counter(each.side for each in measurements)
    seen: Counter[str] = Counter()
    named = []
    for each in measurements:
        seen[each.side] += 1
        side = words.short(facts.names[each.side])
        named.append((f"{side}, {seen[each.side]}" if several[each.side] > 1 else side, each))
    return named
