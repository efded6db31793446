"""What the header of a column of quantities says: of which sample, in which words, on which scale.

A header is taken apart into words. Those that mean a quantity (``Intensity``, ``Area``) stand
before or behind the sample with what qualifies them (``LFQ intensity A``, ``donor1_Area``, ``D1
(intensity)``); the rest is the sample, unless it is a statistic over samples (``Intensity mean``,
``Abundance log2FC KO/WT``) or the quantity is of something else (``Fragment intensity``).
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

__all__ = ["QuantityHeader", "names_sample", "parse_quantity_header"]

_QUANTITY = (
    r"(?:intensit(?:y|ies|ät|ät(?:en)|é|à)|intensidad|areas?|abundances?|abundanz|quantit(?:y|ies)"
    r"|häufigkeit|fläche)"
)
# What kind of quantity of the sample it is.
_QUALIFIER = (
    r"(?:log2|log10|log|ln|max|lfq|ibaq|normali[sz]ed|norm|raw|corrected|total|summed|maximum|apex"
    r"|peak|ion|xic|eic|integrated|ms1|precursor|peptide|parent|feature|monoisotopic|mono|weighted"
    r"|top\d*)"
)
# It is the quantity of something else, or no quantity at all.
_FOREIGN = (
    r"(?:protein|gene|pg|fg|eg|pep|pp|group|ms2|ms3|fragment|product|reporter|library|reference|rel"
    r"|relative|matched|explained|theoretical|predicted|annotated|base|tic|noise|background"
    r"|spectrum|spectral|isotop\w*|surface|solvent|accessible|retention|time|rt|mass|mz|charge)s?"
)
_ANY_OF = re.compile(rf"(?i)(?:{_QUALIFIER}|{_FOREIGN})*{_QUANTITY}(?:{_QUALIFIER}|{_FOREIGN})*")
_QUALIFIES = re.compile(rf"(?i)(?:{_QUALIFIER})+")
_IS_FOREIGN = re.compile(rf"(?i)(?:{_FOREIGN})+")
_WORD = re.compile(r"[^\W_]+|%")
_LOG2_BEHIND = re.compile(r"(?i)[\s_]*[(\[]\s*log_?2\s*[)\]]$")

_COUNT = r"(?:(?:#|number of )\s*)?(?:spectr(?:al|um|a)[ _.-]?counts?|psm[ _.-]?counts?|psms)"
_COUNT_BEFORE = re.compile(rf"(?i){_COUNT}[ _.:(\[-]+(\S.*)")
_COUNT_BEHIND = re.compile(rf"(?i)(\S.*?)[ _.:(\[-]+{_COUNT}[)\]]?")

# One of these, and the column is a statistic, or something of another kind ...
_STATISTIC = frozenset((
    "average", "avg", "correlation", "count", "counts", "coverage", "cv", "error", "errors",
    "fc", "fdr", "grouped", "logfc", "log2fc", "mass", "mean", "median", "mz", "pval", "pvalue",
    "quality", "qval", "qvalue", "range", "rank", "ratio", "ratios", "retention", "rsd", "rt",
    "scaled", "score", "scores", "sd", "sem", "stdev", "stderr", "variance", "vs", "zscore",
))  # fmt: skip
# ... or nothing but these.
_PARTS_OF_STATISTICS = _STATISTIC | frozenset((
    "%", "adj", "adjusted", "all", "change", "deviation", "fold", "log", "log2", "log10", "mad",
    "max", "maximum", "min", "minimum", "missing", "n", "number", "of", "overall", "p",
    "percent", "pct", "q", "std", "standard", "sum", "total", "type", "unit", "units", "val",
    "valid", "value", "values", "var",
))  # fmt: skip


class QuantityHeader(NamedTuple):
    """A header that says it is over quantities.

    Parameters
    ----------
    sample
        Whose they are; empty where the header names no sample.
    words
        The words around the sample, in lower case: columns that share them belong together.
    kind
        Intensities, areas and the like, or numbers of spectra.
    scale
        None for logarithms to another base than 2, or to one that is not said.
    usable
        False for statistics and quantities of something else.
    """

    header: str
    sample: str
    words: tuple[str, ...]
    kind: Literal["intensity", "count"] = "intensity"
    scale: Literal["linear", "log2"] | None = "linear"
    usable: bool = True


def parse_quantity_header(header: str) -> QuantityHeader | None:
    """Return what a header says of quantities; None where it does not speak of any.

    Examples
    --------
    >>> parse_quantity_header("LFQ intensity donor 1")[1:3]
    ('donor 1', ('lfq', 'intensity'))
    >>> parse_quantity_header("donor 1 (Area)").sample
    'donor 1'
    >>> parse_quantity_header("Intensity p-value").usable
    False
    """
    for way in (_COUNT_BEFORE, _COUNT_BEHIND):
        if match := way.fullmatch(header):
            words = ("before" if way is _COUNT_BEFORE else "behind", "count")
            sample = match[1].strip()
            return QuantityHeader(header, sample, words, "count", usable=names_sample(sample))
    return _parse_intensity(header)


def _parse_intensity(header: str) -> QuantityHeader | None:
    core = _LOG2_BEHIND.sub("", header)
    found = list(_WORD.finditer(core))
    # In 'A.raw Area' it is the end of a file's name.
    marks = [
        "o" if core[: word.end()].lower().endswith(".raw") else _mark(word[0]) for word in found
    ]
    if "Q" not in marks:
        return None
    first, last = marks.index("Q"), len(marks) - 1 - marks[::-1].index("Q")
    if all(mark != "o" for mark in marks):
        around, sample = range(len(found)), ""
    elif all(mark != "o" for mark in marks[:first]):
        around = range(first + 1)
        sample = _unwrapped(core[found[first].end() :])
    elif all(mark != "o" for mark in marks[last:]):
        start = last
        while start and marks[start - 1] != "o":
            start -= 1
        around, sample = range(start, len(found)), core[: found[start].start()].rstrip(" _.:-([")
    else:
        return QuantityHeader(header, "", (), usable=False)
    words = tuple(found[at][0].lower() for at in around)
    foreign = any(_foreign(word) for word in words)
    usable = not foreign and (not sample or names_sample(sample))
    return QuantityHeader(header, sample, words, scale=_scale(header, core, words), usable=usable)


def _mark(word: str) -> Literal["Q", "q", "f", "o"]:
    """Return what a word is: of a quantity, a qualifier, of something else, or another word."""
    if _ANY_OF.fullmatch(word):
        return "Q"
    if _QUALIFIES.fullmatch(word):
        return "q"
    return "f" if _IS_FOREIGN.fullmatch(word) else "o"


def _foreign(word: str) -> bool:
    """Return whether a word speaks of something else, alone or run on (``FragmentArea``)."""
    rest = re.sub(rf"(?i){_QUANTITY}|{_QUALIFIER}", " ", word).strip()
    return bool(rest) and _IS_FOREIGN.fullmatch(rest.replace(" ", "")) is not None


def _unwrapped(text: str) -> str:
    text = text.strip().lstrip("_.:-").strip()
    if text[:1] + text[-1:] in ("()", "[]"):
        return text[1:-1].strip()
    return text


def _scale(header: str, core: str, words: tuple[str, ...]) -> Literal["linear", "log2"] | None:
    together = " ".join(words)
    if core != header or "log2" in together:
        return "log2"
    return None if re.search(r"log|\bln", together) else "linear"


def names_sample(text: str) -> bool:
    """Return whether what a header says beside its quantity is a sample, and no statistic.

    Examples
    --------
    >>> [names_sample(text) for text in ("WT 1", "N", "mean", "fold change", "log2FC KO/WT", "[%]")]
    [True, True, False, False, False, False]
    """
    words = _WORD.findall(text)
    lowered = [word.lower() for word in words]
    if not words or any(word in _STATISTIC for word in lowered):
        return False
    if len(words) == 1 and (words[0].isupper() and len(words[0]) == 1):
        # A tumour is 'T' and normal tissue 'N'; a number is 'n'.
        return True
    return not all(word in _PARTS_OF_STATISTICS for word in lowered)
