"""``omicstoken config``: every setting, its value, where it comes from and what it means."""

from __future__ import annotations

from dataclasses import asdict

from omicstoken_kernel.cli._edge import Home, Json, chosen_home, emit, guarded, table

__all__ = ["config"]


@guarded
def config(home: Home = None, as_json: Json = False) -> None:
    """Print every setting with its value, its source and its meaning.

    Example: omicstoken config
    """
    from omicstoken_kernel.settings import explain_settings

    rows = [asdict(setting) for setting in explain_settings(home=chosen_home(home))]
    if as_json:
        emit(rows)
    else:
        table(rows, {key: key for key in ("name", "value", "source", "meaning")})
