"""Selections: peptides that somebody chose, saved by name with the rule they were chosen by."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import sqlalchemy as sa

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.store._owned import not_found, owned_row, owned_runs, writing_for
from omicstoken_kernel.store._stream import from_stream, to_stream
from omicstoken_kernel.store._values import as_utc, dumps, now, storable, strings
from omicstoken_kernel.store.annotation_tables import SELECTION
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.ids import make_id
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.tables import RUN

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store._values import AnyRow

__all__ = ["Rule", "Selection", "Selections"]

_CONTENT = pa.schema([pa.field("sequence", pa.string(), nullable=False)])
_HEAD = [column for column in SELECTION.c if column.name != "content"]
_LONGEST = 200


@dataclass(frozen=True)
class Rule:
    """How peptides were chosen; what is empty restricted nothing, and all empty means a list.

    Parameters
    ----------
    clusters
        Clusters of the fingerprint, by number as text, or ``unassigned``.
    polygon
        Corners ``(x, y)`` of a lasso on the fingerprint's map, in its coordinates.
    picked
        Whether points were picked on the map one by one.
    filter
        Of the peptide table: words, or conditions such as ``length=8-11``.
    """

    clusters: tuple[str, ...] = ()
    polygon: tuple[tuple[float, float], ...] = ()
    picked: bool = False
    filter: str = ""

    @property
    def in_words(self) -> str:
        """What was done, for people."""
        parts = []
        if self.clusters:
            named = ", ".join(self.clusters)
            parts.append(named if named == "unassigned" else f"cluster {named}")
        if self.polygon:
            parts.append(f"a lasso of {len(self.polygon)} corners on the map")
        if self.picked:
            parts.append("picked on the map")
        if self.filter:
            parts.append(f"filter '{self.filter}'")
        return " and ".join(parts) or "a list"

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Rule:
        """Return the rule that was stored as JSON."""
        return cls(
            clusters=tuple(stored.get("clusters", ())),
            polygon=tuple((float(x), float(y)) for x, y in stored.get("polygon", ())),
            picked=bool(stored.get("picked", False)),
            filter=str(stored.get("filter", "")),
        )


@dataclass(frozen=True)
class Selection:
    """A saved selection, without its peptides.

    ``runs`` are ids and names as they were when it was saved; ``fingerprint_id`` is the map the
    rule speaks of, None where it needs none.
    """

    id: str
    name: str
    runs: tuple[tuple[str, str], ...]
    fingerprint_id: str | None
    rule: Rule
    peptides: int
    created_at: datetime = field(compare=False)

    @property
    def run_ids(self) -> tuple[str, ...]:
        """Ids of its runs, ascending."""
        return tuple(run_id for run_id, _name in self.runs)


class Selections:
    """The owner's saved selections."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._engine = ctx.engine
        self._owner = ctx.owner

    def save(
        self,
        name: str,
        sequences: Collection[str],
        *,
        run_ids: Collection[str],
        rule: Rule | None = None,
        fingerprint_id: str | None = None,
    ) -> Selection:
        """Save peptides of some runs under a name; the same under the same name is known.

        Raises
        ------
        InputError
            If there is no peptide or no name, a peptide is in none of the runs, or other peptides
            have the name already.
        NotFound
            If any run does not exist or belongs to someone else.
        """
        called, chosen = _name(name), sorted(set(sequences))
        self._check(chosen, run_ids)
        with writing_for(self._engine, self._owner) as connection:
            known = self._named(connection, called)
            if known is None:
                row = self._row(connection, called, chosen, run_ids)
                row |= {"rule": dumps(asdict(rule or Rule())), "fingerprint_id": fingerprint_id}
                connection.execute(sa.insert(SELECTION).values(row))
                return _selection(owned_row(connection, self._owner, SELECTION, str(row["id"])))
            if self._content(connection, known.id) != chosen:
                msg = f"There is a selection '{called}' already, of {known.peptides} peptides."
                raise InputError(msg, "Take another name, or rename or delete that one first.")
            return known

    def _check(self, chosen: Sequence[str], run_ids: Collection[str]) -> None:
        if not chosen or not run_ids:
            msg = "A selection has at least one peptide and one run."
            raise InputError(msg, "Choose a cluster, lasso points, or give sequences.")
        there = set(Peptides(self._ctx).of_runs(run_ids)["sequence"].to_pylist())
        strangers = [sequence for sequence in chosen if sequence not in there]
        if strangers:
            msg = f"{len(strangers)} of {len(chosen)} peptides are in none of the runs, "
            msg += f"for example '{strangers[0]}'."
            raise InputError(msg, "Name the runs they were found in.")

    def _row(
        self, connection: Connection, name: str, chosen: Sequence[str], run_ids: Collection[str]
    ) -> dict[str, object]:
        ids = owned_runs(connection, self._owner, run_ids)
        listed = strings(connection, ids)
        query = sa.select(RUN.c.id, RUN.c.name).join(listed, listed.c.value == RUN.c.id)
        moment = now()
        return {
            # The moment too: a name may be given away by renaming and be taken again.
            "id": make_id("sel", self._owner, name, moment.isoformat()),
            "owner": self._owner,
            "name": name,
            "runs": dumps(sorted((run.id, run.name) for run in connection.execute(query))),
            "peptides": len(chosen),
            "content": to_stream(pa.table({"sequence": chosen}), _CONTENT),
            "created_at": moment,
        }

    def list(self) -> tuple[Selection, ...]:
        """Return the owner's selections, newest first."""
        query = (
            sa.select(*_HEAD)
            .where(SELECTION.c.owner == self._owner)
            .order_by(SELECTION.c.created_at.desc(), SELECTION.c.id)
        )
        with reading(self._engine) as connection:
            return tuple(_selection(row) for row in connection.execute(query))

    def find(self, name_or_id: str) -> Selection:
        """Return a selection by its name or id.

        Raises
        ------
        NotFound
            If there is none, or it is someone else's.
        """
        with reading(self._engine) as connection:
            return self._found(connection, name_or_id)

    def sequences(self, name_or_id: str) -> tuple[str, ...]:
        """Return the peptides of a selection, ascending.

        Raises
        ------
        NotFound
            If there is none, or it is someone else's.
        """
        with reading(self._engine) as connection:
            return tuple(self._content(connection, self._found(connection, name_or_id).id))

    def rename(self, name_or_id: str, name: str) -> Selection:
        """Give a selection another name and return it.

        Raises
        ------
        InputError
            If the name is empty or taken.
        NotFound
            If there is none, or it is someone else's.
        """
        called = _name(name)
        with writing_for(self._engine, self._owner) as connection:
            found = self._found(connection, name_or_id)
            taken = self._named(connection, called)
            if taken is not None and taken.id != found.id:
                msg = f"There is a selection '{called}' already."
                raise InputError(msg, "Take another name.")
            update = sa.update(SELECTION).where(SELECTION.c.id == found.id)
            connection.execute(update.values(name=called))
            return self._found(connection, found.id)

    def delete(self, name_or_id: str) -> Selection:
        """Delete a selection and return what it was; its peptides and runs stay.

        Raises
        ------
        NotFound
            If there is none, or it is someone else's.
        """
        with writing_for(self._engine, self._owner) as connection:
            found = self._found(connection, name_or_id)
            connection.execute(sa.delete(SELECTION).where(SELECTION.c.id == found.id))
            return found

    def _named(self, connection: Connection, name_or_id: str) -> Selection | None:
        """Return a selection by its name, else by its id; None where there is none."""
        for column in (SELECTION.c.name, SELECTION.c.id):
            query = sa.select(*_HEAD).where(SELECTION.c.owner == self._owner, column == name_or_id)
            row = connection.execute(query).one_or_none()
            if row is not None:
                return _selection(row)
        return None

    def _found(self, connection: Connection, name_or_id: str) -> Selection:
        found = self._named(connection, name_or_id)
        if found is None:
            raise not_found(SELECTION, name_or_id)
        return found

    def _content(self, connection: Connection, selection_id: str) -> Sequence[str]:
        query = sa.select(SELECTION.c.content).where(SELECTION.c.id == selection_id)
        content: bytes = connection.scalars(query).one()
        found: Sequence[str] = from_stream(content)["sequence"].to_pylist()
        return found


def _name(name: str) -> str:
    called = storable(name.strip(), "name")
    if not 0 < len(called) <= _LONGEST:
        msg = f"A selection's name has 1 to {_LONGEST} characters; found {len(called)}."
        raise InputError(msg, "Give it a name, for example 'B7 nonamers'.")
    return called


def _selection(row: AnyRow) -> Selection:
    return Selection(
        id=row.id,
        name=row.name,
        runs=tuple((run_id, name) for run_id, name in json.loads(row.runs)),
        fingerprint_id=row.fingerprint_id,
        rule=Rule.of(json.loads(row.rule)),
        peptides=row.peptides,
        created_at=as_utc(row.created_at),
    )
