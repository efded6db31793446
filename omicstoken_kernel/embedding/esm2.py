"""The ``esm2`` models: ESM-2 of any size, the mean over residues.

Source: Lin Z et al. Evolutionary-scale prediction of atomic-level protein structure with a language
model. Science 2023, 379:1123-1130. The weights are the published ones; the forward pass is our own
(:mod:`._esm2_network`) and gives fair-esm's numbers.

Sequences go through without padding, so none can leak into a mean. The two special tokens at the
ends take part in the attention but not in the mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.embedding._esm2_packs import make_packs
from omicstoken_kernel.embedding.base import EMBEDDABLE, BaseEmbedder
from omicstoken_kernel.embedding.weights import load_weights
from omicstoken_kernel.errors import ModelUnavailable
from omicstoken_kernel.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import torch
    from numpy.typing import NDArray

    from omicstoken_kernel.embedding._esm2_network import Esm2Network
    from omicstoken_kernel.embedding._esm2_packs import Pack
    from omicstoken_kernel.embedding._esm2_shape import Architecture
    from omicstoken_kernel.embedding._esm2_tensors import Checkpoint

__all__ = ["Esm2Embedder", "load_esm2", "usable_vectors"]

# Tokens that go through the network together. On a CPU one core's share of them stays in its cache;
# a GPU is busy only from many more on.
_TOKENS_PER_PACK = {"cpu": 704, "cuda": 1 << 15, "mps": 1 << 13}
# Vectors computed with short numbers may differ from those in single precision by this much.
_TOLERANCE = 1e-3

_log = get_logger(__name__)


class Esm2Embedder(BaseEmbedder):
    """Mean of the last layer's residue vectors; made by :func:`load_esm2`."""

    def __init__(
        self, checkpoint: Checkpoint, *, sha256: str | None = None, device: str = "auto"
    ) -> None:
        from omicstoken_kernel.embedding._device import chosen_device

        size = checkpoint.size
        self.name, self.dim = size.name, size.dim
        self.weights_sha256 = sha256
        self.model_key = f"{size.published}:{checkpoint.digest[:12]}:mean"
        self._device = chosen_device(device)
        self._tokens_per_pack = _TOKENS_PER_PACK[self._device.type]
        self._network = _fastest_network(checkpoint, self._device)

    @property
    def device(self) -> str:
        """Where and in which precision this computes, as in ``cpu float32``."""
        precision = str(self._network.dtype).removeprefix("torch.")
        return f"{self._device.type} {precision}"

    def _forward(self, sequences: Sequence[str]) -> NDArray[np.float32]:
        from omicstoken_kernel.embedding._device import in_parallel, workers_on

        vectors = np.empty((len(sequences), self.dim), dtype=np.float32)
        packs = list(
            make_packs(
                sequences,
                tokens_per_pack=self._tokens_per_pack,
                workers=workers_on(self._device),
            )
        )
        # The longest first, so that no worker is left with a long one at the end.
        results = in_parallel(self._means, packs[::-1], device=self._device)
        for pack, means in zip(packs[::-1], results, strict=True):
            vectors[list(pack.places)] = means
        return vectors

    def _means(self, pack: Pack) -> NDArray[np.float32]:
        """Return the vectors of a pack; one that does not fit into memory is halved."""
        from omicstoken_kernel.embedding._device import is_out_of_memory

        try:
            means: NDArray[np.float32] = self._network.means(pack).numpy()
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            reason = str(error).strip().partition("\n")[0][:200]
        else:
            return means
        # Out of the handler: its traceback keeps the failed batch in memory.
        if len(pack.sequences) == 1:
            msg = (
                f"There is too little memory on {self._device.type} to embed one sequence of "
                f"{len(pack.sequences[0])} residues with {self.name}: {reason}."
            )
            raise ModelUnavailable(
                msg, "Close other programs, set OMICSTOKEN_DEVICE=cpu, or use a smaller model."
            )
        # Later packs begin with what fits; no fewer than a few peptides, as this may be passing.
        self._tokens_per_pack = max(64, self._tokens_per_pack // 2)
        _log.warning("batch_halved", device=self._device.type, sequences=len(pack.sequences))
        return np.concatenate([self._means(half) for half in pack.halves()])


def load_esm2(
    folder: Path, size: Architecture | None = None, *, device: str = "auto"
) -> Esm2Embedder:
    """Return a model with the weights that lie in a folder.

    Parameters
    ----------
    folder
        The folder of weights.
    size
        Which ESM-2; None means the smallest.
    device
        ``auto``, ``cpu``, ``cuda`` or ``mps``.

    Raises
    ------
    ModelUnavailable
        If the weights are missing, damaged, changed or of another model, or the device is not here.
    """
    from omicstoken_kernel.embedding._esm2_shape import SIZES

    weights = load_weights(folder, size or SIZES[0])
    embedder = Esm2Embedder(weights.checkpoint, sha256=weights.sha256, device=device)
    if not usable_vectors(embedder):
        msg = f"The weights file {weights.path} gives vectors that are not numbers."
        raise ModelUnavailable(msg, "Replace it: 'omicstoken models add' takes another file.")
    _log.info("model_loaded", model_key=embedder.model_key, device=embedder.device)
    return embedder


def usable_vectors(embedder: Esm2Embedder) -> bool:
    """Return whether a look at every residue gives numbers: complete weights can be nonsense."""
    probe = embedder.embed_batch(["".join(sorted(EMBEDDABLE)), "SIINFEKL"])
    return bool(
        np.isfinite(probe).all() and probe.any(axis=1).all() and (probe[0] != probe[1]).any()
    )


def _fastest_network(checkpoint: Checkpoint, device: torch.device) -> Esm2Network:
    """Return the network, with short numbers where the hardware has them and they agree."""
    from omicstoken_kernel.embedding._device import half_precision
    from omicstoken_kernel.embedding._esm2_network import Esm2Network

    exact = Esm2Network(checkpoint.tensors, checkpoint.size, device=device)
    short = half_precision(device)
    if short is None:
        return exact
    fast = Esm2Network(checkpoint.tensors, checkpoint.size, device=device, dtype=short)
    difference = _difference(fast, exact)
    if difference <= _TOLERANCE:
        return fast
    _log.info("single_precision_kept", difference=difference, tolerance=_TOLERANCE)
    return exact


def _difference(fast: Esm2Network, exact: Esm2Network) -> float:
    """Return the largest difference between two networks' vectors of some probe sequences."""
    letters = "".join(sorted(EMBEDDABLE))
    probe = [letters, letters[::-1] * 4, *(letters[i : i + 9] for i in range(14))]
    (pack,) = make_packs(probe, tokens_per_pack=1 << 10)
    difference = (fast.means(pack) - exact.means(pack)).abs().max()
    return float(difference.nan_to_num(nan=np.inf))
