"""A result in one minute: a few sentences, each with its grade and a link to what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from omicstoken_kernel.report.sections import Section, render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omicstoken_kernel.analysis.sentences import Sentence

__all__ = ["GRADES", "MOST_SENTENCES", "minute_section"]

#: What the three grades mean, in the order of their certainty.
GRADES: dict[str, str] = {
    "observed": "stands in the file",
    "computed": "follows from it by a stated method",
    "suggested": "by likeness to something known",
}

#: More than this is not read in a minute.
MOST_SENTENCES = 6

# A figure that a sentence may rest on, and the section that shows it: the first that fits counts.
_INSIGHT = {
    "clusters": "composition",
    "share_8_12": "quality",
    "share_end_kr": "quality",
    "peak_length": "quality",
    "quality": "quality",
    "checks": "quality",
    "other_runs": "standing",
    "quantified_peptides": "peptides",
    "features": "peptides",
    "peptides": "quality",
}
_COMPARISON = {
    "tested": "abundance",
    "quantified_in_both": "abundance",
    "reference": "differences",
    "cluster": "differences",
    "jaccard": "shared",
    "shared": "shared",
}
_PLACES = {"insight": _INSIGHT, "comparison": _COMPARISON}


class _Shown(NamedTuple):
    """A sentence with where its evidence is; ``anchor`` is empty where nothing more is shown."""

    text: str
    grade: str
    anchor: str


def minute_section(sentences: Iterable[Sentence], *, report: str) -> Section:
    """Return the first sentences; ``report`` is ``insight`` or ``comparison``."""
    places = _PLACES[report]
    shown = [
        _Shown(
            sentence.text,
            sentence.grade,
            next((places[name] for name in places if name in sentence.evidence), ""),
        )
        for sentence in sentences
    ]
    return Section(
        "minute",
        render("minute.html.j2", sentences=shown[:MOST_SENTENCES], meaning=GRADES),
    )
