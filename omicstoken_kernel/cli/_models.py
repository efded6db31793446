"""Commands that let one choose a model show each with what it is for, when asked for help."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand

__all__ = ["ChoosesModel", "Model"]

Model = Annotated[str | None, typer.Option("--model", help="One of the models below.")]


class ChoosesModel(TyperCommand):
    """A command whose help ends with the models' cards, read from the registry only then."""

    # Typer's own copy of click, or click itself, depending on typer's version.
    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write the models by name, those of one purpose together."""
        from omicstoken_kernel.embedding import model_cards

        super().format_epilog(ctx, formatter)
        names: dict[str, list[str]] = {}
        for card in model_cards().values():
            text = f"For {card.used_for}. Not for {card.not_for}."
            names.setdefault(text, []).append(card.name)
        with formatter.section("Models"):
            formatter.write_dl([(", ".join(alike), text) for text, alike in names.items()])
