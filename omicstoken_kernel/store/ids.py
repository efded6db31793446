"""Ids that say what they identify and are the same whenever the same thing is stored again."""

from __future__ import annotations

import hashlib

__all__ = ["feature_id", "make_id", "peptides_digest"]


def make_id(prefix: str, *parts: str) -> str:
    """Return ``prefix_`` and 16 hex digits of the parts' digest.

    >>> make_id("run", "up_1", "Run A") == make_id("run", "up_1", "Run A")
    True
    """
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()
    return f"{prefix}_{digest[:16]}"


def feature_id(run_id: str, ordinal: int) -> str:
    """Return the public id of a feature: its run's id, a dot, its 1-based position in the run."""
    return f"{run_id}.{ordinal}"


def peptides_digest(sequences: list[str]) -> str:
    """Return the sha256 over the sorted distinct sequences, one a line; fingerprints rest on it."""
    # Sorting what comes sorted, as it mostly does, is quick; a set would lose that.
    distinct = dict.fromkeys(sorted(sequences))
    return hashlib.sha256("\n".join(distinct).encode("ascii")).hexdigest()
