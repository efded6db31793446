from __future__ import annotations
from dataclasses import dataclass


@dataclass(frozen=True)
class HitRun:
    """A run a found peptide occurs in."""

    run_id: str
    name: str
    feature_ids: tuple[str, ...]
    proformas: tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """A peptide found by likeness (cosine similarity, -1..1; percentile 0..100 among random pairs of the same lengths)."""

    sequence: str
    similarity: float
    percentile: float | None
    runs: tuple[HitRun, ...]


@dataclass(frozen=True)
class ExactHit:
    """A peptide found by its letters. kind: 'equal', 'il_equal', 'contains' (the query lies in it), 'contained' , 'substitutions'."""

    sequence: str
    kind: str
    substitutions: int
    runs: tuple[HitRun, ...]


@dataclass(frozen=True)
class SearchResult:
    """Everything found for one query. stale: None, or why the index used is not up to date."""

    query: str
    model_key: str
    searched: int  # peptides compared with, after restriction
    hits: tuple[Hit, ...]
    exact: tuple[ExactHit, ...]
    stale: str | None = None
    note: str | None = None
