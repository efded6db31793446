"""A report's parameters: named, typed and checked before anything runs.

Papermill only warns about a parameter the notebook does not have, and its inspection drops some
annotated defaults, so the parameters cell is read here as Python's own syntax tree.
"""

from __future__ import annotations

import ast
import difflib
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter, ValidationError

from omicstoken_kernel.errors import InputError, ReportError
from omicstoken_kernel.report.templates import assignments, find_template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from omicstoken_kernel.report.templates import Template

__all__ = ["Parameter", "check_parameters", "template_parameters", "with_runs"]

_PLAIN: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}

#: Parameters that name runs: the one, and the many.
_RUN, _RUNS = "run", "runs"


class Parameter:
    """One parameter of a template: its name, its type as written, its default, its check."""

    def __init__(self, name: str, written: str, default: object, kind: Any) -> None:  # noqa: ANN401 - a type form
        self.name = name
        self.written = written
        self.default = default
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def check(self, value: object) -> object:
        """Return the value as the parameter's type; text is read as that type, nothing else is.

        Raises
        ------
        InputError
            If it cannot be.
        """
        try:
            # Text comes from a command line, where everything is text; all other types must fit.
            return self._adapter.validate_python(value, strict=not isinstance(value, str))
        except ValidationError as error:
            msg = f"The parameter '{self.name}' is {value!r}; expected {self.written}."
            hint = f"For example: {self.name}={self.default!r}"
            raise InputError(msg, hint) from error


def template_parameters(template: Template) -> dict[str, Parameter]:
    """Return the parameters of a template by name, in the order of its cell."""
    return {
        node.target.id: Parameter(
            node.target.id,
            ast.unparse(node.annotation),
            ast.literal_eval(node.value),
            _kind(node.annotation, template),
        )
        for node in assignments(template)
        if isinstance(node.target, ast.Name) and node.value is not None
    }


def _kind(node: ast.expr, template: Template) -> Any:  # noqa: ANN401 - a type form
    """Return the type an annotation names; only plain types, lists, choices and None."""
    if isinstance(node, ast.Constant) and node.value is None:
        return None
    if isinstance(node, ast.Name) and node.id in _PLAIN:
        return _PLAIN[node.id]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _kind(node.left, template) | _kind(node.right, template)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        if node.value.id == "list":
            return list[_kind(node.slice, template)]  # type: ignore[misc]
        if node.value.id == "Literal":
            choices = ast.literal_eval(node.slice)
            return Literal[choices if isinstance(choices, tuple) else (choices,)]
    msg = f"'{ast.unparse(node)}' is not a type a report parameter can have."
    raise ReportError(msg, f"Correct the parameters cell of {template.path}.")


def check_parameters(template: Template, given: Mapping[str, object]) -> dict[str, Any]:
    """Return all parameters of a template: the given ones checked, the others at their defaults.

    Raises
    ------
    InputError
        If a parameter is unknown, of the wrong type, or required and not given.
    """
    known = template_parameters(template)
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean '{close[0]}'?" if close else f"There are: {', '.join(known)}."
            msg = f"The template '{template.name}' has no parameter '{name}'."
            raise InputError(msg, hint)
    for name in template.required:
        if not given.get(name):
            msg = f"The template '{template.name}' needs the parameter '{name}'."
            raise InputError(msg, f"Give it as {known[name].written}.")
    return {
        name: parameter.check(given[name]) if name in given else parameter.default
        for name, parameter in known.items()
    }


def with_runs(
    template: str, run_ids: Sequence[str], parameters: Mapping[str, object]
) -> dict[str, object]:
    """Return the parameters with the runs put where the template takes them.

    Raises
    ------
    InputError
        If the template takes one run and another number is given.
    """
    known = template_parameters(find_template(template))
    if _RUNS in known:
        return {**parameters, _RUNS: list(run_ids)}
    if len(run_ids) != 1:
        msg = f"The template '{template}' is about one run; {len(run_ids)} were given."
        raise InputError(msg, "Make one report for each, or use comparison_report.")
    return {**parameters, _RUN: run_ids[0]}
