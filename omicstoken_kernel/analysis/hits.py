"""What a search returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.wording import count, plural

if TYPE_CHECKING:
    import pandas as pd

    from omicstoken_kernel.index.chance import Chance

__all__ = ["ExactHit", "Hit", "HitRun", "SearchResult", "search_note"]


@dataclass(frozen=True)
class HitRun:
    """A run a found peptide occurs in, with the features and peptidoforms it occurs as."""

    run_id: str
    name: str
    feature_ids: tuple[str, ...]
    proformas: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the run in the shape of ``omicstoken search --json``."""
        return {
            "run_id": self.run_id,
            "name": self.name,
            "feature_ids": list(self.feature_ids),
            "proformas": list(self.proformas),
        }


@dataclass(frozen=True)
class Hit:
    """A peptide found by likeness.

    Parameters
    ----------
    sequence
        The peptide.
    similarity
        Cosine of its vector and the query's, -1..1.
    percentile
        Share of random pairs of the same two lengths that are at most as similar, 0..100; None
        where it was not asked for.
    runs
        Where it occurs, among the runs searched.
    """

    sequence: str
    similarity: float
    percentile: float | None
    runs: tuple[HitRun, ...]

    def as_json(self) -> dict[str, object]:
        """Return the hit in the shape of ``omicstoken search --json``."""
        return {
            "sequence": self.sequence,
            "similarity": round(self.similarity, 6),
            "percentile": None if self.percentile is None else round(self.percentile, 3),
            "runs": [run.as_json() for run in self.runs],
        }


@dataclass(frozen=True)
class ExactHit:
    """A peptide found by its letters.

    Parameters
    ----------
    sequence
        The peptide.
    kind
        ``equal``, ``il_equal`` (but for I and L), ``substitutions``, ``contains`` (the query lies
        in it) or ``contained`` (it lies in the query).
    substitutions
        How many, I and L counting as one residue.
    runs
        Where it occurs, among the runs searched.
    """

    sequence: str
    kind: str
    substitutions: int
    runs: tuple[HitRun, ...]

    def as_json(self) -> dict[str, object]:
        """Return the hit in the shape of ``omicstoken search --json``."""
        return {
            "sequence": self.sequence,
            "kind": self.kind,
            "substitutions": self.substitutions,
            "runs": [run.as_json() for run in self.runs],
        }


@dataclass(frozen=True)
class SearchResult:
    """Everything found for one query.

    Parameters
    ----------
    query
        The sequence searched for.
    model_key
        The model whose vectors were compared.
    searched
        Peptides compared with: visible to the owner, inside the restrictions, with a vector.
    hits
        By likeness, most similar first. The query itself is among them, with similarity 1, where
        it is stored.
    exact
        By letters, best kind first.
    stale
        None, or why the index used is not up to date.
    note
        None, or what the reader should know: that peptides have no vectors yet, or that even the
        best hit is no nearer than chance.
    chance
        How the best hit compares with those of random peptides of the query's length; None where
        nothing was found by likeness.
    """

    query: str
    model_key: str
    searched: int
    hits: tuple[Hit, ...]
    exact: tuple[ExactHit, ...]
    stale: str | None = None
    note: str | None = None
    chance: Chance | None = None

    def as_json(self) -> dict[str, object]:
        """Return the result in the shape of ``omicstoken search --json``."""
        return {
            "query": self.query,
            "model_key": self.model_key,
            "searched": self.searched,
            "exact": [hit.as_json() for hit in self.exact],
            "hits": [hit.as_json() for hit in self.hits],
            "stale": self.stale,
            "note": self.note,
            "chance": None if self.chance is None else self.chance.as_json(),
        }

    @property
    def frame(self) -> pd.DataFrame:
        """The hits by likeness as a table, one row each, most similar first.

        Columns: ``sequence``, ``length``, ``similarity``, ``percentile``, ``runs`` (names joined by
        '; ') and ``features`` (their number).
        """
        import pandas as pd

        rows = [
            {
                "sequence": hit.sequence,
                "length": len(hit.sequence),
                "similarity": hit.similarity,
                "percentile": hit.percentile,
                "runs": "; ".join(run.name for run in hit.runs),
                "features": sum(len(run.feature_ids) for run in hit.runs),
            }
            for hit in self.hits
        ]
        columns = ["sequence", "length", "similarity", "percentile", "runs", "features"]
        return pd.DataFrame(rows, columns=columns)


def search_note(result: SearchResult, visible: int) -> str | None:
    """Return what to tell the user of a search among ``visible`` peptides; None: nothing."""
    if not visible:
        return "No peptide of yours fits these restrictions."
    notes = []
    if result.searched < visible:
        notes.append(
            f"{count(result.searched)} of {plural(visible, 'peptide')} have a vector of "
            f"{result.model_key}. Run 'omicstoken embed RUN' to give it to the others."
        )
    chance = result.chance
    if chance is not None and not chance.nearer:
        alike = round(chance.share * chance.drawn)
        notes.append(
            f"Not even the best hit by likeness is nearer than chance: {count(alike)} of "
            f"{count(chance.drawn)} random peptides of this length find one at least as similar "
            f"among the same {plural(result.searched, 'peptide')}."
        )
    return " ".join(notes) or None
