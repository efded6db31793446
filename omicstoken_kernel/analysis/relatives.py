"""Peptides of the owner's runs that are related to one by their letters, and where they occur."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omicstoken_kernel.context import Context

__all__ = ["Relative", "other_runs", "relatives"]


@dataclass(frozen=True)
class Relative:
    """A related peptide.

    Parameters
    ----------
    sequence
        The peptide.
    kind
        ``il_equal`` (differs only by I and L), ``substitutions`` (by one residue), ``contains`` (it
        contains the peptide asked for) or ``contained`` (it lies in it).
    runs
        Where it occurs: run id to name.
    """

    sequence: str
    kind: str
    runs: dict[str, str]

    def as_json(self) -> dict[str, object]:
        """Return the relative as a JSON object."""
        return asdict(self)


def relatives(ctx: Context, sequence: str) -> tuple[Relative, ...]:
    """Return all related peptides in any of the owner's runs, the closest kind first."""
    from omicstoken_kernel.analysis.sequences import find_exact

    found = [match for match in find_exact(ctx, sequence, substitutions=1) if match.kind != "equal"]
    runs = _runs_of(ctx, [match.peptide_id for match in found])
    return tuple(
        Relative(match.sequence, match.kind, runs.get(match.peptide_id, {})) for match in found
    )


def other_runs(ctx: Context, peptide_id: int, run_id: str) -> dict[str, str]:
    """Return the owner's runs a peptide occurs in, but for ``run_id``: id to name."""
    runs = _runs_of(ctx, [peptide_id]).get(peptide_id, {})
    return {found: name for found, name in runs.items() if found != run_id}


def _runs_of(ctx: Context, peptide_ids: list[int]) -> dict[int, dict[str, str]]:
    from omicstoken_kernel.store.features import Features

    places = Features(ctx).places(peptide_ids)
    runs: dict[int, dict[str, str]] = {}
    for place in places.to_pylist():
        runs.setdefault(place["peptide_id"], {})[place["run_id"]] = place["run_name"]
    return runs
