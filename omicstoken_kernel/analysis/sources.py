"""Where peptides come from: the genes or proteins of each, from a proteome or from the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.runs import Run

__all__ = ["Sources", "only_here", "sources_of"]


@dataclass(frozen=True)
class Sources:
    """The sources of peptides.

    Parameters
    ----------
    kind
        ``gene`` where the runs were mapped to a proteome that names genes, else ``protein``.
    of
        Names by sequence; a peptide of several has them all, one of unknown origin is left out.
    mapped
        Whether they were found in a proteome; otherwise they are those the files name.
    """

    kind: Literal["gene", "protein"]
    of: dict[str, tuple[str, ...]]
    mapped: bool


def sources_of(ctx: Context, runs: Sequence[Run]) -> Sources:
    """Return the sources of the peptides of some runs, all of one kind.

    Where every run was mapped to a proteome as it is now, by gene if the proteome names any, else
    by accession; otherwise by the proteins that the files name.

    Raises
    ------
    NotFound
        If a run does not exist or belongs to someone else.
    """
    places = _places(ctx, runs)
    if places is None:
        return Sources("protein", _named_in_files(ctx, runs), mapped=False)
    kind: Literal["gene", "protein"] = "gene" if (places["gene"] != "").any() else "protein"
    column = "gene" if kind == "gene" else "accession"
    known = places[places[column] != ""]
    grouped = known.groupby("sequence")[column].unique()
    return Sources(kind, {str(name): tuple(found) for name, found in grouped.items()}, mapped=True)


def _places(ctx: Context, runs: Sequence[Run]) -> pd.DataFrame | None:
    """Return the places of all runs in their newest mappings; None unless each has one."""
    import pandas as pd

    from omicstoken_kernel.store.mappings import Mappings

    parts = []
    for run in runs:
        current = [
            mapping
            for mapping in Mappings(ctx).of_run(run.id)
            if mapping.peptides_digest == run.peptides_digest
        ]
        if not current:
            return None
        parts.append(current[0].places.select(["sequence", "accession", "gene"]).to_pandas())
    return pd.concat(parts, ignore_index=True) if parts else None


def _named_in_files(ctx: Context, runs: Sequence[Run]) -> dict[str, tuple[str, ...]]:
    from omicstoken_kernel.store.features import Features

    found: dict[str, dict[str, None]] = {}
    for run in runs:
        table = Features(ctx).of_run(run.id)
        for sequence, proteins in zip(
            table["sequence"].to_pylist(), table["proteins"].to_pylist(), strict=True
        ):
            for protein in proteins.split(";"):
                if protein.strip():
                    found.setdefault(sequence, {})[protein.strip()] = None
    return {sequence: tuple(names) for sequence, names in found.items()}


def only_here(sources: Sources, only: Sequence[str], elsewhere: Sequence[str]) -> pd.DataFrame:
    """Return the sources of peptides found on one side only, the one with most of them first.

    Parameters
    ----------
    sources
        Of all peptides.
    only, elsewhere
        Peptides of that side only, and all peptides of the others.

    Returns
    -------
    DataFrame
        ``source``, ``peptides`` (of these only), ``elsewhere`` (its peptides on other sides) and
        ``sequences`` (joined by blanks). A peptide of several sources counts for each.
    """
    import pandas as pd

    beside: dict[str, int] = {}
    for sequence in elsewhere:
        for name in sources.of.get(sequence, ()):
            beside[name] = beside.get(name, 0) + 1
    mine: dict[str, list[str]] = {}
    for sequence in sorted(only):
        for name in sources.of.get(sequence, ()):
            mine.setdefault(name, []).append(sequence)
    rows = [
        (name, len(found), beside.get(name, 0), " ".join(found)) for name, found in mine.items()
    ]
    frame = pd.DataFrame(rows, columns=["source", "peptides", "elsewhere", "sequences"])
    # Ties by name, so that the picture is the same each time.
    return frame.sort_values(["peptides", "source"], ascending=[False, True], ignore_index=True)
