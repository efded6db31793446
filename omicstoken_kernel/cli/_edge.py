"""Where the command line meets the kernel: options every command has, output, progress, exit codes.

Errors are translated here and nowhere else: bad input exits with 2, what is not found or not
allowed with 3, a model or service that is not available with 4, our own fault with 1.
"""

from __future__ import annotations

import functools
import json
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from omicstoken_kernel.errors import (
    InputError,
    ModelUnavailable,
    NotFound,
    OmicsTokenError,
    ServiceUnavailable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from omicstoken_kernel.progress import Progress
    from omicstoken_kernel.workbench import Workbench

__all__ = [
    "Home",
    "Json",
    "chosen_home",
    "emit",
    "exit_code",
    "guarded",
    "remember_home",
    "say",
    "table",
    "watch",
    "workbench",
]

Home = Annotated[
    Path | None, typer.Option("--home", help="The workspace folder (OMICSTOKEN_HOME).")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]

_home: ContextVar[Path | None] = ContextVar("home", default=None)

_EXIT_CODES: tuple[tuple[type[OmicsTokenError], int], ...] = (
    (InputError, 2),
    (NotFound, 3),
    (ModelUnavailable, 4),
    (ServiceUnavailable, 4),
)


def exit_code(error: OmicsTokenError) -> int:
    """Return the exit code of an error, by its class."""
    return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), 1)


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the errors of a command into a message on stderr and an exit code."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - typer passes what the command declares
        from omicstoken_kernel.logs import correlation_id, new_correlation

        new_correlation()
        try:
            command(*args, **kwargs)
        except OmicsTokenError as error:
            if kwargs.get("as_json"):
                emit(error.body(correlation_id()))
            sys.stderr.write(f"Error: {error.message}\n")
            if error.hint:
                sys.stderr.write(f"{error.hint}\n")
            raise typer.Exit(exit_code(error)) from error

    return run


def workbench(home: Path | None) -> Workbench:
    """Open the workspace a command works in."""
    from omicstoken_kernel.workbench import Workbench

    return Workbench(home=chosen_home(home))


def remember_home(home: Path | None) -> None:
    """Keep the workspace given before the command's name (``omicstoken --home X runs list``)."""
    _home.set(home)


def chosen_home(home: Path | None) -> Path | None:
    """Return the workspace given with the command, else before it; None if neither was."""
    return home or _home.get()


def emit(document: object) -> None:
    """Print one JSON document on stdout."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False, default=str))


def say(text: str = "") -> None:
    """Print one line for a person on stdout."""
    typer.echo(text)


def table(rows: list[dict[str, object]], columns: dict[str, str]) -> None:
    """Print rows as a table for a person; ``columns`` maps keys to headings."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=SIMPLE_HEAD, pad_edge=False)
    for key, heading in columns.items():
        numeric = any(isinstance(row.get(key), int | float) for row in rows)
        grid.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(_shown(row.get(key))) for key in columns))
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(grid)


def _shown(value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace(",", "\u2009")
    if isinstance(value, float):
        return f"{value:.3g}"
    return str(value)


@contextmanager
def watch(title: str) -> Iterator[Progress]:
    """Show progress, pace and time left on stderr while the block runs, where someone watches."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    from omicstoken_kernel.progress import Pace

    console = Console(stderr=True)
    pace = Pace()
    with Bars(
        TextColumn(title),
        BarColumn(),
        TextColumn("{task.description}", markup=False),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bars:
        task = bars.add_task("", total=None)

        def tell(done: int, total: int, what: str) -> None:
            words = pace.words(done, total, what)
            bars.update(task, completed=done, total=total, description=words)

        yield tell
