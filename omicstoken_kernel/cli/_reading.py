"""What ``upload`` tells a person: how a file is read, and what became of every row."""

from __future__ import annotations

from typing import Any

from omicstoken_kernel.analysis.wording import plural
from omicstoken_kernel.cli._edge import say
from omicstoken_kernel.cli.embed import tell_embedded

__all__ = ["tell_ledger", "tell_upload"]

_SHOWN = 5


def tell_upload(entry: dict[str, Any]) -> None:
    """Tell one file's entry of ``omicstoken upload --json``."""
    if entry["error"]:
        say(f"{entry['file']}: refused. {entry['error']['message']} {entry['error']['hint']}")
        return
    say(f"{entry['file']}: {entry['status']} as {entry['format']}")
    if "preview" in entry:
        _tell_recognition(entry)
    for run in entry["runs"]:
        identifier = run.get("run_id") or ""
        size = f"{plural(run['peptides'], 'peptide')}, {plural(run['features'], 'feature')}"
        say(f"  run {run['name']}  {identifier}  {size}")
        if "quantity_kind" in run:
            say(f"    {_quantity(run)}; {run['filter_note']}")
    tell_ledger(entry["ledger"])
    for row in entry.get("rejections", [])[:_SHOWN]:
        say(f"    line {row['line']}, column '{row['column']}', '{row['value']}': {row['reason']}")
    for warning in entry.get("warnings", []):
        say(f"  note: {warning}")
    _tell_embedding(entry.get("embed", {}))


def _tell_recognition(entry: dict[str, Any]) -> None:
    say(f"  sure: {entry['confidence']:.0%}. {entry['why']}")
    for role, header in entry["columns"].items():
        say(f"  column {role} = {header}")
    for row in entry["preview"][:_SHOWN]:
        charge = f"/{row['precursor_charge']}" if row["precursor_charge"] else ""
        quantity = "" if row["quantity"] is None else f"  {row['quantity']:g}"
        say(f"  line {row['line']}: {row['proforma']}{charge}{quantity}")


def _quantity(run: dict[str, Any]) -> str:
    kind = str(run["quantity_kind"]).replace("_", " ")
    if run["quantity_column"] is None:
        return "no quantities" if kind == "none" else f"{kind}, counted from the rows"
    return f"{kind} from '{run['quantity_column']}', {run['quantity_scale']}"


def tell_ledger(ledger: dict[str, Any]) -> None:
    """Tell both accounts of a file."""
    say(
        f"  rows: {ledger['rows_in']} in = {ledger['used']} used + {ledger['merged']} merged"
        f" + {sum(ledger['filtered'].values())} filtered"
        f" + {sum(ledger['rejected'].values())} rejected"
    )
    for what in ("filtered", "rejected"):
        for reason, count in ledger[what].items():
            say(f"    {what}: {count} {reason}")
    cells = ledger["cells"]
    say(
        f"  cells: {cells['in']} in = {cells['features']} features + {cells['merged']} merged"
        f" + {cells['empty']} empty + {sum(cells['rejected'].values())} rejected"
    )
    for reason, count in cells["rejected"].items():
        say(f"    rejected cells: {count} {reason}")


def _tell_embedding(embedded: dict[str, Any]) -> None:
    if "error" in embedded:
        say(f"  not embedded: {embedded['error']['message']} {embedded['error']['hint']}")
    elif embedded:
        tell_embedded(embedded)
