"""Filters that all formats share: decoys, q-values, contaminants. Each says what it did."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.ingest._cells import as_text, flags
from omicstoken_kernel.ingest._proteins import Proteins, read_proteins
from omicstoken_kernel.ingest._words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame

__all__ = [
    "DEFAULT_Q_VALUE", "NO_Q_VALUES", "filter_contaminants", "filter_decoys", "filter_q_values",
    "proteins_of", "unfiltered_note",
]  # fmt: skip

#: Largest q-value kept unless told otherwise: 1 % false discoveries.
DEFAULT_Q_VALUE = 0.01

NO_Q_VALUES = "unfiltered: the file carries no q-values"
NOT_RECOGNISED = "unfiltered: no column of q-values was recognised"

# What columns of q-values are called; those of proteins and of adjusted p-values are others.
_LIKE_Q_VALUES = re.compile(r"(?i)\bq[-_. ]?val|qval(?:ue)?\b|(?<![a-z])fdr(?![a-z])")
_NOT_Q_VALUES = re.compile(r"(?i)protein|\bpg\b|gene|group|local|adj|threshold|filter")

# A "contaminant" that is a fifth of the sample is the sample.
_SUSPICIOUS_SHARE = 0.2
# Of fewer rows a share says nothing.
_ENOUGH_ROWS = 20

# Labels of a column that tells targets from decoys. A sequence found in both is a target.
_TARGETS = frozenset(("1", "1.0", "true", "t", "target", "target+decoy", "yes", "+"))
_DECOYS = frozenset(("-1", "-1.0", "0", "0.0", "false", "d", "decoy", "no", "f"))


def proteins_of(frame: Frame) -> Proteins:
    """Return the proteins of every row."""
    column = frame.column("proteins") if "proteins" in frame else None
    return read_proteins(column, len(frame))


def filter_decoys(frame: Frame, proteins: Proteins) -> None:
    """Take decoys out: by flag, by label, or because every protein of the row is named one.

    They stay where the user wants them to, and are counted in a warning.
    """
    decoy = proteins.decoy.copy()
    if "decoy" in frame:
        decoy |= flags(frame.column("decoy"))
    if "target" in frame:
        labels = pc.dictionary_encode(pc.utf8_lower(as_text(frame.column("target"))))
        found = labels.dictionary.to_pylist()
        # A column called 'Label' may label anything; only then is it this kind of label.
        if set(found) - {""} <= _TARGETS | _DECOYS and set(found) & _DECOYS:
            of_label = np.array([label in _DECOYS for label in found])
            decoy |= of_label[labels.indices.to_numpy(zero_copy_only=False)]
    if frame.options.keep_decoys:
        if count := int((decoy & frame.outcomes.alive).sum()):
            frame.warnings.append(
                f"{counted(count, 'row is a decoy', 'rows are decoys')} and kept on request: "
                "decoys are no identifications."
            )
        return
    frame.outcomes.filter(decoy, "decoy")


def filter_q_values(frame: Frame, canonicals: Sequence[str]) -> str:
    """Take out rows above the threshold in any of these columns, and return the filter in words.

    A column without a single value counts as absent. Rows without a value in a column that has some
    are filtered as well, and counted apart. Values outside 0..1 are defects of their rows.
    """
    options = frame.options
    if "q_value" in options.columns:
        # What the user calls the q-value counts, also where the format goes by another column.
        canonicals = ["q_value"]
    found = {name: frame.numbers(name) for name in canonicals if name in frame}
    found = {name: values for name, values in found.items() if (values.given | values.bad).any()}
    found = {name: each for name, each in found.items() if not _other_than_fractions(frame, name)}
    headers = " and ".join(frame.mapping[name] for name in found)
    if not found:
        if options.q_value is not None:
            frame.warnings.append("The file has no q-values: the threshold was not used.")
        return NO_Q_VALUES
    for name, values in found.items():
        with np.errstate(invalid="ignore"):
            odd = values.bad | (values.values < 0) | (values.values > 1)
        frame.reject(odd, name, "q-value is no number from 0 to 1")
    if options.unfiltered:
        return f"unfiltered on request ({headers} not used)"
    limit = DEFAULT_Q_VALUE if options.q_value is None else options.q_value
    for name, values in found.items():
        header = frame.mapping[name]
        frame.outcomes.filter(~values.given, f"no q-value ({header})")
        with np.errstate(invalid="ignore"):
            frame.outcomes.filter(values.values > limit, f"q-value > {limit:g} ({header})")
    return f"q-value <= {limit:g} ({headers})"


def unfiltered_note(frame: Frame, usual: str) -> str:
    """Return what to say of rows that nothing was filtered on: what is usual, unless it were wrong.

    Where a column is called like q-values and no reader knows it, nobody may say that there are
    none; a warning tells how it is read.
    """
    mapped = set(frame.mapping.values())
    unread = [
        name
        for name in frame.table.names
        if name not in mapped and _LIKE_Q_VALUES.search(name) and not _NOT_Q_VALUES.search(name)
    ]
    if usual != NO_Q_VALUES or not unread:
        return usual
    shown = ", ".join(f"'{name}'" for name in unread[:3])
    frame.warnings.append(
        f"No column of q-values was recognised, but {shown} may be one. To filter on it, name it: "
        f"--column q_value='{unread[0]}'."
    )
    return NOT_RECOGNISED


def _other_than_fractions(frame: Frame, canonical: str) -> bool:
    """Return whether a column called FDR holds percentages or texts; it is said and let go then."""
    header = frame.mapping[canonical]
    if "fdr" not in header.lower() or canonical in frame.options.columns:
        return False
    values = frame.numbers(canonical)
    with np.errstate(invalid="ignore"):
        fractions = not (values.bad | (values.values > 1)).any() and "%" not in header
    if not fractions:
        del frame.mapping[canonical]
        frame.warnings.append(
            f"'{header}' does not hold fractions from 0 to 1 and was not filtered on. If it holds "
            "percentages, divide them by 100."
        )
    return not fractions


def filter_contaminants(frame: Frame, proteins: Proteins) -> npt.NDArray[np.bool_]:
    """Return which rows are contaminants, by flag or prefix; take them out only if asked to.

    Asked to, those go whose every protein is a contaminant, or that are flagged while no protein
    says so by its name.
    """
    flagged = proteins.contaminant.copy()
    only = proteins.only_contaminants.copy()
    if "contaminant" in frame:
        by_flag = flags(frame.column("contaminant"))
        flagged |= by_flag
        only |= by_flag & ~proteins.contaminant
    alive = frame.outcomes.alive
    count, total = int((flagged & alive).sum()), int(alive.sum())
    if frame.options.drop_contaminants:
        frame.outcomes.filter(only, "contaminant")
    elif total >= _ENOUGH_ROWS and count > _SUSPICIOUS_SHARE * total:
        frame.warnings.append(
            f"{count} of {total} rows are flagged as contaminants, so many that they may be the "
            "sample itself. They were kept and stay flagged."
        )
    return flagged
