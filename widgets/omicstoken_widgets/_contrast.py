"""What a comparison screen lists and draws beside the report's figures: what differs, who has what.

Rows of the peptide table are chosen by the same membership that the bars count, so that a bar of
twelve shows twelve peptides, also where I and L count as one residue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from omicstoken_kernel.analysis.sources import only_here
from omicstoken_kernel.charts.palette import UNASSIGNED_LABEL
from omicstoken_kernel.report import words
from omicstoken_widgets._words import SIGNS
from omicstoken_widgets.table import Column

if TYPE_CHECKING:
    import altair as alt
    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.sources import Sources
    from omicstoken_kernel.report.comparison.facts import ComparisonFacts

__all__ = ["combinations", "differing", "marks_of", "patterns", "texts_of", "unique_sources"]

#: Combinations offered by name; a click on a bar reaches the others.
_MOST_NAMED = 60
#: Sources drawn, the richest first.
_MOST_SOURCES = 25


def patterns(facts: ComparisonFacts) -> NDArray[np.str_]:
    """Return for each row of the peptides ``1`` or ``0`` a side, as the comparison counts them."""
    overlap = facts.comparison.overlap
    rows = overlap.rows_of(pa.array(facts.peptides["sequence"], pa.string()))
    return np.asarray(texts_of(overlap.matrix)[rows])


def texts_of(marks: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Return rows of marks, (n, sides), as texts of ``1`` and ``0``.

    >>> texts_of(np.array([[True, False], [False, True]])).tolist()
    ['10', '01']
    """
    letters = np.where(marks, "1", "0").astype("<U1")
    return np.ascontiguousarray(letters).view(f"<U{marks.shape[1]}")[:, 0]


def marks_of(texts: NDArray[np.str_], sides: int) -> NDArray[np.bool_]:
    """Return what :func:`texts_of` was given.

    >>> marks_of(np.array(["10", "01"]), 2).tolist()
    [[True, False], [False, True]]
    """
    letters = np.ascontiguousarray(texts.astype(f"<U{sides}")).view("<U1")
    return np.asarray(letters.reshape(len(texts), sides) == "1", dtype=np.bool_)


def combinations(facts: ComparisonFacts) -> list[tuple[str, str]]:
    """Return what can be shown by name: label and value, the value naming sides as in ``A & B``."""
    sides = list(facts.names.values())
    found = facts.combinations.sort_values("peptides", ascending=False, kind="stable")
    several = [
        (f"in exactly {' & '.join(names)} ({words.count(n)})", " & ".join(names))
        for names, n in zip(found["runs"], found["peptides"].tolist(), strict=True)
        if len(names) > 1 and n
    ]
    alone = {names[0]: n for names, n in zip(found["runs"], found["peptides"], strict=True)
             if len(names) == 1}  # fmt: skip
    single = [(f"only in {name} ({words.count(int(alone.get(name, 0)))})", name) for name in sides]
    return [("all", ""), *single, *several][:_MOST_NAMED]


def differing(
    facts: ComparisonFacts, held: NDArray[np.str_]
) -> tuple[list[Column], pd.DataFrame] | None:
    """Return one row a run with only what is not the same in all; None where nothing differs.

    ``held`` as :func:`patterns` gives it.
    """
    frame = pd.DataFrame({"run": [facts.run_names[run.id] for run in facts.runs]})
    frame["run_id"] = [run.id for run in facts.runs]
    columns = [Column("run", "Run", link=True, help="Click for its quality")]
    for one in facts.comparison.differences:
        frame[one.name] = [one.values.get(run.id) for run in facts.runs]
        columns.append(Column(one.name, one.title[:1].upper() + one.title[1:]))
    frame["quality"] = [
        f"{SIGNS[facts.grades[run.id]]} {facts.grades[run.id]}" for run in facts.runs
    ]
    results = [Column("quality", "Quality"), *_results(frame, facts, held)]
    columns += [column for column in results if frame[column.name].nunique(dropna=False) > 1]
    return None if len(columns) == 1 else (columns, frame)


def _results(frame: pd.DataFrame, facts: ComparisonFacts, held: NDArray[np.str_]) -> list[Column]:
    """Put results into the frame and return their columns."""
    frame["peptides"] = [run.peptides for run in facts.runs]
    columns = [Column("peptides", "Peptides", "count")]
    if facts.by != "run":
        return columns
    peptides = facts.peptides
    places = {side.runs[0].id: place for place, side in enumerate(facts.comparison.sides)}
    marks = marks_of(peptides["held"].to_numpy(dtype=np.str_), len(places))
    rows = []
    for run in facts.runs:
        place = places[run.id]
        mine = peptides[marks[:, place]]
        only = "".join("1" if other == place else "0" for other in range(len(places)))
        # The shortest of equally common ones, as the length profile says it.
        lengths = mine["length"].value_counts().sort_index()
        rows.append(
            (
                int((held == only).sum()),
                int(lengths.index.to_numpy()[lengths.to_numpy().argmax()])
                if len(lengths)
                else None,
                float((mine["group"] == UNASSIGNED_LABEL).mean()) if len(mine) else None,
            )
        )
    for name, values in zip(("only", "peak", "unassigned"), zip(*rows, strict=True), strict=True):
        frame[name] = list(values)
    clustered = bool(facts.fingerprint.clusters)
    return [
        *columns,
        Column("only", "Only here", "count", help="Detected in no other run"),
        Column("peak", "Commonest length", "count", "residues"),
        *([Column("unassigned", "In no cluster", "share")] if clustered else []),
    ]


def unique_sources(
    facts: ComparisonFacts, sources: Sources, held: NDArray[np.str_], name: str
) -> tuple[alt.LayerChart, pd.DataFrame] | None:
    """Return the chart of where one side's own peptides come from, and all rows; None: unknown."""
    from omicstoken_kernel.charts import waterfall

    place = list(facts.names.values()).index(name)
    sequences = facts.peptides["sequence"].to_numpy()
    alone = "".join("1" if other == place else "0" for other in range(len(facts.names)))
    marks = marks_of(held, len(facts.names))
    beside = np.delete(marks, place, axis=1).any(axis=1)
    mine = sequences[held == alone]
    frame = only_here(sources, mine.tolist(), sequences[beside].tolist())
    if not len(frame):
        return None
    known = sum(sequence in sources.of for sequence in mine)
    more = len(frame) - _MOST_SOURCES
    said = [
        f"{words.count(known)} of {words.plural(len(mine), 'peptide')} found only here have a "
        f"known {sources.kind}, {'by the proteome' if sources.mapped else 'as the files name it'}",
        "A peptide of several counts for each"
        + (f"; {words.plural(more, 'more source')} not drawn" if more > 0 else "")
        + ". Not detected is not absent.",
    ]
    chart = waterfall(
        frame.head(_MOST_SOURCES),
        title=_richest(frame, sources.kind, words.short(name)),
        subtitle=said,
        source=sources.kind.capitalize(),
    )
    return chart, frame


def _richest(frame: pd.DataFrame, kind: str, name: str) -> str:
    most = int(frame["peptides"].iloc[0])
    peptides = f"{words.plural(most, 'peptide')} found only in {name}"
    equal = int((frame["peptides"] == most).sum())
    if equal > 1:
        return f"{words.plural(equal, kind)} have most, each {peptides}"
    return f"{words.short(str(frame['source'].iloc[0]))} has most: {peptides}"
