"""What Percolator and mokapot write: one row per match or per peptide, with q-value and PEP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.ingest._columns import dialect, map_columns, require
from omicstoken_kernel.ingest._frame import Frame, open_frame
from omicstoken_kernel.ingest._head import parse_head, spelling
from omicstoken_kernel.ingest._long import RunColumn
from omicstoken_kernel.ingest._outcomes import Outcomes
from omicstoken_kernel.ingest._psms import read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._refusals import peptide_share
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest._tail import read_with_tail, tail_names
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="percolator",
    title="Percolator or mokapot output",
    version="1",
    reads="tables of matches or peptides of Percolator and mokapot; one run per raw file that its "
    "rows or their ids name.",
)

_NOTATION = Notation(unsigned_mass="total_if_whole")

# Ids that hold the raw file and the charge: of msgf2pin, of Comet, Crux and X!Tandem, of
# Oktoberfest.
_IDS = (
    r"^(?P<run>.+?)_SII_\d+_\d+_\d+_(?P<charge>\d{1,2})_\d+$",
    r"^(?:(?:target|decoy)_)?(?P<run>.+)_\d+_(?P<charge>\d{1,2})_\d+$",
    r"^(?P<run>.+)-\d+-[A-Za-z0-9\[\]:+.]+-(?P<charge>\d{1,2})-\d+$",
)
_MAX_CHARGE_IN_ID = 10

# With fewer readable peptides in its first rows the file is not for us: ids, cross-links.
_MIN_SHARE = 0.5

_DECOY_FILE = re.compile(r"(?i)(?:^|[._ -])decoys?(?:$|[._ -])")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is Percolator's or mokapot's output, and not its input."""
    del name
    table = parse_head(head)
    if not (
        table.has("PSMId", "q-value", "posterior_error_prob", "peptide")
        or table.has("peptide", "mokapot score", "mokapot q-value")
    ):
        return 0.0
    return 0.98 if peptide_share(_peptides(head)) >= _MIN_SHARE else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return Percolator's or mokapot's rows; those of one peptidoform, charge and run merge."""
    frame = _open(path, options)
    _filter_decoy_file(frame)
    ids = _ids(frame)
    if "charge" not in frame and ids is not None:
        frame.table.columns["(charge in the id)"] = ids[1]
        frame.mapping["charge"] = "(charge in the id)"
    runs = None
    if "run" in frame:
        runs = RunColumn(frame.text("run"), "run")
    elif ids is not None:
        runs = RunColumn(ids[0], "psm_id")
    peptides = frame.text("sequence")
    once = pc.count_distinct(peptides).as_py() == len(frame)
    # Where no peptide stands twice, rows are peptides and no matches to be counted.
    numbers = {"psm_count": np.full(len(frame), np.nan)} if once else None
    return read_psms(frame, notation=_NOTATION, runs=runs, q_values=["q_value"], numbers=numbers)


def _peptides(head: bytes) -> list[str]:
    """Return the peptides of the first rows, whatever number of proteins stands behind them."""
    table = parse_head(head)
    names = tail_names(head)
    place = next((at for at, name in enumerate(names) if spelling(name) == "peptide"), None)
    if place is None or table.delimiter != "\t":
        return table.column(next(name for name in table.names if spelling(name) == "peptide"))
    rows = (line.split("\t") for line in head.decode("utf-8", errors="replace").splitlines()[1:200])
    return [row[place] for row in rows if len(row) > place]


def _open(path: Path, options: ReadOptions) -> Frame:
    spellings = dialect(INFO.name)
    source = open_source(path)
    names = tail_names(source.head) if source.kind == "text" else ()
    mapping = map_columns(names, spellings, options.columns) if len(names) > 1 else {}
    if not mapping or spelling(names[-1]) != spelling(mapping.get("proteins", "")):
        return open_frame(path, options, spellings, needed=("sequence", "q_value"), what=INFO.title)
    require(mapping, ("sequence", "q_value"), spellings, INFO.title)
    table = read_with_tail(source, names, list(dict.fromkeys(mapping.values())))
    return Frame(source, spellings, mapping, options, table, Outcomes(table))


def _filter_decoy_file(frame: Frame) -> None:
    """Take out every row of a file of decoys: Percolator says so in the file's name alone."""
    if "target" in frame:
        return
    name = frame.options.run_name or frame.source.name
    if _DECOY_FILE.search(name) and frame.options.keep_decoys:
        frame.warnings.append(f"The file is called '{name}': its rows are likely to be decoys.")
    elif _DECOY_FILE.search(name):
        frame.outcomes.filter(np.ones(len(frame), bool), "decoy")
        frame.warnings.append(
            f"The file is called '{name}' and its rows do not say whether they are decoys: all "
            "were taken for decoys. Rename the file if they are not."
        )


def _ids(frame: Frame) -> tuple[pa.Array, pa.Array] | None:
    """Return each row's raw file and charge out of its id; None unless all ids hold them."""
    if "psm_id" not in frame or not len(frame):
        return None
    ids = frame.text("psm_id")
    for pattern in _IDS:
        found = pc.extract_regex(ids, pattern)
        if found.null_count:
            continue
        runs, charges = pc.struct_field(found, "run"), pc.struct_field(found, "charge")
        numbers = pc.cast(charges, "int64")
        if pc.min(numbers).as_py() > 0 and pc.max(numbers).as_py() <= _MAX_CHARGE_IN_ID:
            return runs, charges
    return None
