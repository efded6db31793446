"""The ``esm2`` model: ESM-2 with 8 million parameters, the mean over residues.

Source: Lin Z et al. Evolutionary-scale prediction of atomic-level protein structure with a language
model. Science 2023, 379:1123-1130. The network is fair-esm's own class; the weights are its
published file.

The file is a pickle, and a pickle can run code when it is read, so it is only ever read by torch's
restricted loader, with the one plain class the file needs (``argparse.Namespace``) allowed.
fair-esm's own loading functions ask for the unrestricted loader, hence the detour over
``load_model_and_alphabet_core``.

Sequences go through in batches of exactly equal length: no padding is computed, and none can leak
into a mean. The two special tokens at the ends take part in the attention but not in the mean.
"""

from __future__ import annotations

import argparse
import io
import pickle
import struct
import threading
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from omicstoken_kernel.embedding._lengths import same_length_batches
from omicstoken_kernel.embedding.base import EMBEDDABLE, BaseEmbedder
from omicstoken_kernel.embedding.weights import read_weights
from omicstoken_kernel.errors import ModelUnavailable
from omicstoken_kernel.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import torch
    from numpy.typing import NDArray

    from omicstoken_kernel.embedding.weights import Weights

__all__ = ["DIM", "FILE_NAME", "Esm2Embedder", "load_esm2"]

_ARCHITECTURE = "esm2_t6_8M_UR50D"
#: Name of the weights file, as published.
FILE_NAME = f"{_ARCHITECTURE}.pt"
#: Length of every vector.
DIM = 320
_LAYERS = 6

# On two CPU cores larger batches gain nothing, and these keep long sequences small in memory.
_RESIDUES_PER_BATCH = 2048
_SEQUENCES_PER_BATCH = 128

# What torch and fair-esm raise over bytes that are not the file they expect: there is no common
# class.
_UNREADABLE = (
    pickle.UnpicklingError, RuntimeError, EOFError, LookupError, AttributeError, TypeError,
    ValueError, ArithmeticError, OSError, ImportError, AssertionError, struct.error,
)  # fmt: skip

_log = get_logger(__name__)


class Esm2Embedder(BaseEmbedder):
    """Mean of the last layer's residue vectors; made by :func:`load_esm2`."""

    name = "esm2"
    dim = DIM

    def __init__(self, network: torch.nn.Module, tokens: dict[str, int], *, sha256: str) -> None:
        self.weights_sha256 = sha256
        self.model_key = f"{_ARCHITECTURE}:{sha256[:12]}:mean"
        self._device = _best_device()
        self._network = network.eval().to(self._device)
        # fair-esm's rotary embedding keeps tables for the length it saw last, so two threads with
        # different lengths would spoil each other's.
        self._one_at_a_time = threading.Lock()
        self._begin, self._end = tokens["<cls>"], tokens["<eos>"]
        self._token_of = np.zeros(256, dtype=np.int64)
        for letter in EMBEDDABLE:
            self._token_of[ord(letter)] = tokens[letter]

    def _forward(self, sequences: Sequence[str]) -> NDArray[np.float32]:
        import torch

        vectors = np.empty((len(sequences), self.dim), dtype=np.float32)
        with self._one_at_a_time, torch.inference_mode():
            for positions, codes in same_length_batches(
                sequences,
                residues_per_batch=_RESIDUES_PER_BATCH,
                sequences_per_batch=_SEQUENCES_PER_BATCH,
            ):
                tokens = torch.from_numpy(self._tokens(codes)).to(self._device)
                output = self._network(tokens, repr_layers=[_LAYERS])["representations"][_LAYERS]
                vectors[positions] = output[:, 1:-1].mean(dim=1).float().cpu().numpy()
        return vectors

    def _tokens(self, codes: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Return the tokens with the special ones at both ends, (n, length + 2) int64."""
        tokens = np.empty((codes.shape[0], codes.shape[1] + 2), dtype=np.int64)
        tokens[:, 0] = self._begin
        tokens[:, 1:-1] = self._token_of[codes]
        tokens[:, -1] = self._end
        return tokens


def _best_device() -> torch.device:
    import torch

    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def load_esm2(folder: Path) -> Esm2Embedder:
    """Return the model with the weights that lie in a folder.

    Raises
    ------
    ModelUnavailable
        If the file is missing, damaged or of another model.
    """
    weights = read_weights(folder, FILE_NAME, model="esm2")
    try:
        network, tokens = _build(weights)
    except _UNREADABLE as error:
        raise _refusal(weights, _first_line(error)) from error
    embedder = Esm2Embedder(network, tokens, sha256=weights.sha256)
    # Weights can be complete and still be nonsense; one look at every residue tells.
    probe = embedder.embed("".join(sorted(EMBEDDABLE)))
    if not np.isfinite(probe).all() or not probe.any():
        raise _refusal(weights, "its weights give vectors that are not numbers")
    _log.info("model_loaded", model_key=embedder.model_key, device=str(embedder._device))
    return embedder


def _build(weights: Weights) -> tuple[torch.nn.Module, dict[str, int]]:
    """Return the network and the numbers of its tokens."""
    import torch
    from esm.pretrained import load_model_and_alphabet_core

    with warnings.catch_warnings():
        # They warn of the missing regression weights, which predict contacts that nobody asks for
        # here, and of odd pickles, which are refused below anyway.
        warnings.simplefilter("ignore")
        with torch.serialization.safe_globals([argparse.Namespace]):
            data: dict[str, Any] = torch.load(
                io.BytesIO(weights.content), map_location="cpu", weights_only=True
            )
        # Checked before the network is made: a foreign file could ask for one of any size.
        shape = data["cfg"]["model"]
        found = (shape.encoder_layers, shape.encoder_embed_dim)
        if found != (_LAYERS, DIM):
            msg = f"it holds {found[0]} layers of width {found[1]}, expected {_LAYERS} of {DIM}"
            raise ValueError(msg)
        network, alphabet, *_ = load_model_and_alphabet_core(_ARCHITECTURE, data, None)
    return network, dict(alphabet.tok_to_idx)


def _refusal(weights: Weights, reason: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"The weights file {weights.path} ({len(weights.content)} bytes, sha256 "
        f"{weights.sha256[:12]}) cannot be used as {_ARCHITECTURE}: {reason}.",
        "It is damaged or of another model: replace it with the file published under that name.",
    )


def _first_line(error: BaseException) -> str:
    if isinstance(error, pickle.UnpicklingError):
        # torch's own text advises to read the file without restrictions: never do that.
        return "it holds more than numbers, or is not a weights file at all"
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0].rstrip(".")[:200]
