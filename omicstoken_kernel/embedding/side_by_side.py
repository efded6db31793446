"""A run's vectors under several models, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from omicstoken_kernel.embedding._registry import load_model
from omicstoken_kernel.embedding.encode import EncodeResult, encode_runs
from omicstoken_kernel.errors import ModelUnavailable
from omicstoken_kernel.progress import silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.progress import Progress

__all__ = ["EmbedResult", "embed_with"]


@dataclass(frozen=True)
class EmbedResult(EncodeResult):
    """What became of the runs' peptides under the model that search uses, and under each.

    Parameters
    ----------
    models
        One result per model, this one's among them.
    """

    models: tuple[EncodeResult, ...] = ()

    @classmethod
    def of(cls, models: Sequence[EncodeResult], searched: str) -> Self:
        """Return results together, led by that of the model_key searched with, else the first."""
        leading = next((each for each in models if each.model_key == searched), models[0])
        return cls(**vars(leading), models=tuple(models))

    def as_json(self) -> dict[str, object]:
        """Return the result in the shape of ``omicstoken embed --json``."""
        return super().as_json() | {"models": [each.as_json() for each in self.models]}


def embed_with(
    ctx: Context, run_ids: Sequence[str], names: Sequence[str], *, progress: Progress = silent
) -> tuple[tuple[EncodeResult, ...], ModelUnavailable | None]:
    """Give the runs the vectors of several models, and return what was done and what could not be.

    A model that is not available does not keep the others from their work; its error, the first
    where there are several, is returned for the caller to raise once the rest is in order.
    """
    results: list[EncodeResult] = []
    missing: ModelUnavailable | None = None
    for place, name in enumerate(names, 1):
        try:
            model = load_model(name, ctx.settings)
        except ModelUnavailable as error:
            missing = missing or error
            continue
        what = "peptides" if len(names) == 1 else f"peptides, {name} ({place} of {len(names)})"
        results.append(encode_runs(ctx, run_ids, model=model, progress=progress, what=what))
    if missing is not None and results:
        done = ", ".join(result.model_key for result in results)
        kept = f"What could be made is stored: the vectors of {done}."
        missing = ModelUnavailable(missing.message, f"{missing.hint} {kept}".strip())
    return tuple(results), missing
