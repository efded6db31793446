"""Many rows at once go in whole, once, and say how many were new."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from omicstoken_kernel.errors import StoreError
from omicstoken_kernel.store._bulk import insert_new, insert_rows
from omicstoken_kernel.store.engine import reading, writing
from omicstoken_kernel.store.tables import SAMPLE

COLUMNS = ("id", "owner", "name", "donor", "hla", "extra")


def rows(numbers, note="first"):
    return [(f"s{n}", "o", f"n{n}", None if n % 2 else note, "[]", "\t\\N\n") for n in numbers]


def stored(ctx):
    with reading(ctx.engine) as connection:
        query = sa.select(*(SAMPLE.c[name] for name in COLUMNS)).order_by(SAMPLE.c.id)
        return sorted(tuple(row) for row in connection.execute(query))


@pytest.mark.parametrize("count", [0, 1, 3000])
def test_rows_go_in_as_they_are(any_ctx, count):
    with writing(any_ctx.engine) as connection:
        insert_rows(connection, SAMPLE, COLUMNS, iter(rows(range(count))))
    assert stored(any_ctx) == sorted(rows(range(count)))


@pytest.mark.parametrize("count", [10, 3000])
def test_only_new_rows_go_in_and_are_counted(any_ctx, count):
    with writing(any_ctx.engine) as connection:
        assert insert_new(connection, SAMPLE, COLUMNS, rows(range(0, count, 3)), order="id") == (
            len(range(0, count, 3))
        )
    with writing(any_ctx.engine) as connection:
        again = rows(range(count), note="second")
        new = insert_new(connection, SAMPLE, COLUMNS, again, order="id")
        assert new == count - len(range(0, count, 3))
        # Twice in one transaction: the waiting table of the first time is gone.
        assert insert_new(connection, SAMPLE, COLUMNS, again, order="id") == 0
    expected = rows(range(0, count, 3)) + [
        row for n, row in enumerate(rows(range(count), note="second")) if n % 3
    ]
    assert stored(any_ctx) == sorted(expected)


@pytest.mark.parametrize("insert", ["rows", "new"])
def test_a_row_the_database_refuses_undoes_all(any_ctx, insert):
    bad = [*rows(range(1000)), ("late", None, "n", None, "[]", "{}")]

    def run():
        with writing(any_ctx.engine) as connection:
            if insert == "rows":
                insert_rows(connection, SAMPLE, COLUMNS, bad)
            else:
                insert_new(connection, SAMPLE, COLUMNS, bad, order="id")

    with pytest.raises(StoreError):
        run()
    assert stored(any_ctx) == []
