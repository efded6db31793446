"""Saved selections of peptides, as verbs.

:class:`~omicstoken_kernel.workbench.Workbench` has these beside the verbs of the pipeline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import pandas as pd

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.selections import Rule, Selection

__all__ = ["SelectionVerbs"]


class SelectionVerbs:
    """The verbs for selections: save, list, load, rename, delete."""

    context: Context

    def selection_save(
        self,
        name: str,
        sequences: Iterable[str],
        *,
        runs: Collection[str],
        rule: Rule | None = None,
        fingerprint_id: str | None = None,
    ) -> Selection:
        """Save peptides of some runs under a name, with the rule they were chosen by."""
        from omicstoken_kernel.store.runs import Runs
        from omicstoken_kernel.store.selections import Selections

        run_ids = [Runs(self.context).find(run).id for run in runs]
        return Selections(self.context).save(
            name, list(sequences), run_ids=run_ids, rule=rule, fingerprint_id=fingerprint_id
        )

    def selections(self) -> pd.DataFrame:
        """Return the saved selections, one row each, newest first.

        Columns: ``name``, ``peptides``, ``runs`` (names when it was saved), ``rule`` in words,
        ``fingerprint_id``, ``created_at`` and ``selection_id``.
        """
        import pandas as pd

        from omicstoken_kernel.store.selections import Selections

        rows = [
            (
                found.name,
                found.peptides,
                ", ".join(name for _id, name in found.runs),
                found.rule.in_words,
                found.fingerprint_id,
                found.created_at,
                found.id,
            )
            for found in Selections(self.context).list()
        ]
        columns = ["name", "peptides", "runs", "rule", "fingerprint_id", "created_at"]
        return pd.DataFrame(rows, columns=[*columns, "selection_id"])

    def selection(self, name: str) -> tuple[str, ...]:
        """Return the peptides of a saved selection, by its name or id."""
        from omicstoken_kernel.store.selections import Selections

        return Selections(self.context).sequences(name)

    def selection_rename(self, name: str, new_name: str) -> Selection:
        """Give a saved selection another name."""
        from omicstoken_kernel.store.selections import Selections

        return Selections(self.context).rename(name, new_name)

    def selection_delete(self, name: str) -> Selection:
        """Delete a saved selection; its peptides and runs stay."""
        from omicstoken_kernel.store.selections import Selections

        return Selections(self.context).delete(name)
