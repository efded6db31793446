"""Which column of a table of unknown origin names the run of each row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._cells import as_text
from omicstoken_kernel.ingest._long import RunColumn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from omicstoken_kernel.ingest._frame import Frame

__all__ = ["join_runs", "run_column", "warn_of_runs"]


def join_runs(frame: Frame, headers: Sequence[str]) -> None:
    """Make one column of runs of the several that the user named."""
    if not headers:
        return
    texts = [as_text(frame.table.columns[header]) for header in headers]
    encoded = pc.dictionary_encode(pc.binary_join_element_wise(*texts, "\x1f"))
    # A part that is blank leaves no comma behind.
    together = [
        ", ".join(filter(None, text.split("\x1f"))) for text in encoded.dictionary.to_pylist()
    ]
    joined = pa.array(together, pa.string()).take(encoded.indices)
    named = "; ".join(headers)
    frame.table.columns[named] = joined
    frame.mapping["run"] = named
    frame.options = replace(frame.options, columns={**frame.options.columns, "run": named})


def run_column(frame: Frame) -> RunColumn | None:
    """Return what names each row's run; a column of as many values as rows names none."""
    if "run" not in frame:
        return None
    text, header = frame.text("run"), frame.mapping["run"]
    distinct = pc.count_distinct(text).as_py()
    if distinct == 1 and not text[0].as_py():
        del frame.mapping["run"]
        return None
    if "run" not in frame.options.columns and distinct > max(20, len(frame) // 2):
        frame.warnings.append(
            f"'{header}' has {distinct} values in {len(frame)} rows and was not taken for the "
            f'run; if it is, say --column run="{header}".'
        )
        del frame.mapping["run"]
        return None
    return RunColumn(text, "run")


def warn_of_runs(frame: Frame, columns: Iterable[str]) -> None:
    """Say that a column that could name the runs of rows does not, for columns are the runs."""
    if "run" not in frame or pc.count_distinct(frame.text("run")).as_py() < 2:
        return
    header, first = frame.mapping["run"], next(iter(columns))
    frame.warnings.append(
        f"Columns such as '{first}' were read as the runs, and rows of one peptide added up "
        f"whatever stands in '{header}'; if that names the runs, say --column run=\"{header}\"."
    )
