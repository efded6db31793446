"""Controls for everything a user may overrule in how a file is read."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import ipywidgets as iw

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.ingest import ReadOptions, formats
from omicstoken_kernel.ingest.features import QUANTITY_KINDS
from omicstoken_widgets._base import labelled, row

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Overrides"]

# A choice without a value would be shown blank.
_AS_READ = ("as recognised", "")


class Overrides(iw.VBox):
    """Format, columns, filters, quantities and units, each as recognised unless set."""

    def __init__(self) -> None:
        titles = [(info.title, info.name) for info in formats()]
        kinds = [(kind.replace("_", " "), kind) for kind in QUANTITY_KINDS if kind != "none"]
        self.format = _choice("Read as", titles)
        self.q_value = labelled(
            "Largest q-value kept", iw.Text(placeholder="0.01", layout={"width": "210px"})
        )
        self.unfiltered = _switch("keep all, whatever its q-value")
        self.keep_decoys = _switch("keep decoys")
        self.drop_contaminants = _switch("drop contaminants")
        self.run_name = labelled("Name of the run", iw.Text(placeholder="from the file"))
        self.sheet = labelled("Sheet of the workbook", iw.Text(placeholder="the first that fits"))
        self.columns = labelled(
            "Columns", iw.Text(placeholder="sequence=Peptide, run=Batch", layout={"width": "420px"})
        )
        self.quantity_kind = _choice("Quantities are", kinds)
        self.quantity_scale = _choice("on a scale", [("linear", "linear"), ("log2", "log2")])
        self.rt_unit = _choice("RT in", [("minutes", "min"), ("seconds", "s")])
        super().__init__(
            [
                row(self.format, self.columns),
                row(self.q_value, self.unfiltered, self.keep_decoys, self.drop_contaminants),
                row(self.quantity_kind, self.quantity_scale, self.rt_unit),
                row(self.run_name, self.sheet),
            ]
        )

    def options(self) -> ReadOptions:
        """Return what the controls say.

        Raises
        ------
        InputError
            If a control holds what it cannot hold.
        """
        made = ReadOptions(
            format=self.format.value or None,
            columns=_columns(self.columns.value),
            q_value=_q_value(self.q_value.value),
            unfiltered=self.unfiltered.value,
            drop_contaminants=self.drop_contaminants.value,
            run_name=self.run_name.value.strip() or None,
            sheet=self.sheet.value.strip() or None,
            keep_decoys=self.keep_decoys.value,
            quantity_kind=self.quantity_kind.value or None,
            quantity_scale=self.quantity_scale.value or None,
            rt_unit=self.rt_unit.value or None,
        )
        made.check()
        return made

    def given(self) -> dict[str, Any]:
        """Return only what differs from the defaults, as JSON can hold it."""
        chosen, default = self.options(), ReadOptions()
        names = [field.name for field in fields(ReadOptions)]
        return {
            name: getattr(chosen, name)
            for name in names
            if getattr(chosen, name) != getattr(default, name)
        }


def _choice(label: str, options: Sequence[tuple[str, str]]) -> iw.Widget:
    return labelled(label, iw.Dropdown(options=[_AS_READ, *options], value=""))


def _switch(label: str) -> iw.Checkbox:
    return iw.Checkbox(description=label, indent=False, layout=iw.Layout(width="auto"))


def _columns(text: str) -> dict[str, str]:
    columns = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, sign, header = (piece.strip() for piece in part.partition("="))
        if not (name and sign and header):
            msg = f"Columns are given as NAME=HEADER; found '{part}'."
            raise InputError(msg, "For example: sequence=Peptide, run=Batch")
        columns[name] = header
    return columns


def _q_value(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        msg = f"The largest q-value kept is '{text}'; expected a number from 0 to 1."
        raise InputError(msg, "For 1 % false discoveries give 0.01.") from None
