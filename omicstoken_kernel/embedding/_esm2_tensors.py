"""ESM-2's weights in any of their published forms, as one set of tensors under fair-esm's names.

Read are fair-esm's ``.pt`` and Hugging Face's ``pytorch_model.bin`` (pickles, which can run code
when they are read: only ever by torch's restricted loader, with the one plain class fair-esm's file
needs allowed) and ``model.safetensors``. What the file is follows from its tensors, never from its
name. The digest is taken over the tensors the network computes with, so the same weights have the
same digest whatever file they came in.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import pickle
import re
import struct
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.embedding._esm2_shape import SIZES, Architecture

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import torch

__all__ = ["Checkpoint", "Unsuitable", "packed", "read_checkpoint"]

# What torch and safetensors raise over bytes that are not the file they expect: there is no common
# class.
_UNREADABLE = (
    pickle.UnpicklingError, RuntimeError, EOFError, LookupError, AttributeError, TypeError,
    ValueError, ArithmeticError, OSError, ImportError, AssertionError, struct.error, MemoryError,
)  # fmt: skip

_PREFIX = re.compile(r"^(encoder\.sentence_encoder\.|encoder\.(?!layer|emb_)|esm\.)")
# Hugging Face's names, turned into fair-esm's in this order.
_RENAMED = (
    ("embeddings.word_embeddings.", "embed_tokens."),
    ("encoder.emb_layer_norm_after.", "emb_layer_norm_after."),
    ("encoder.layer.", "layers."),
    (".attention.self.query.", ".self_attn.q_proj."),
    (".attention.self.key.", ".self_attn.k_proj."),
    (".attention.self.value.", ".self_attn.v_proj."),
    (".attention.output.dense.", ".self_attn.out_proj."),
    (".attention.LayerNorm.", ".self_attn_layer_norm."),
    (".intermediate.dense.", ".fc1."),
    (".output.dense.", ".fc2."),
    (".LayerNorm.", ".final_layer_norm."),
)
# Some versions of `transformers` write a norm's two tensors under their old names.
_OLD_ENDINGS = {".gamma": ".weight", ".beta": ".bias"}
# Tables that follow from the architecture alone.
_DERIVED = re.compile(r"(inv_freq|position_ids)$")
# A table of learned positions that Hugging Face writes for every ESM and ESM-2 does not read.
_POSITIONS = "embeddings.position_embeddings.weight"
_STRANGERS = {
    "embed_positions.": "its positions are learned, as in ESM-1b and ESM-1v",
    "emb_layer_norm_before": "it has a norm before the first layer, as in ESM-1b",
    "embeddings.layer_norm": "it has a norm before the first layer, as in ESM-1b",
    "transformer.blocks.": "its layers are named as in ESM C and ESM-3",
    "token_type_embeddings": "it is a BERT",
}


class Unsuitable(Exception):
    """The bytes are no weights of ESM-2; the text says why, as the end of a sentence."""


@dataclass(frozen=True)
class Checkpoint:
    """Weights of ESM-2, recognised and complete.

    Parameters
    ----------
    size
        The architecture.
    tensors
        Under fair-esm's names, float32; exactly those the network computes with.
    format
        Whose names the file uses: ``fair-esm`` or ``Hugging Face``.
    ignored
        Parts for another task that the file holds, too: ``lm_head``, ``classifier``.
    digest
        sha256 over names, shapes and numbers of the tensors.
    """

    size: Architecture
    tensors: Mapping[str, torch.Tensor]
    format: str
    ignored: tuple[str, ...]
    digest: str


def read_checkpoint(content: bytes) -> Checkpoint:
    """Return the weights a file's bytes hold.

    Raises
    ------
    Unsuitable
        If they are damaged, of another architecture, or no weights at all.
    """
    try:
        found = _unpacked(content)
    except _UNREADABLE as error:
        raise Unsuitable(_reason(error)) from error
    stripped = {_PREFIX.sub("", name): tensor for name, tensor in found.items()}
    _refuse_strangers(found, stripped)
    renamed = {_fair_name(name): tensor for name, tensor in stripped.items()}
    size = _recognised(renamed)
    shapes = size.shapes()
    inner = ("embed_tokens.", "layers.", "emb_layer_norm_after.")
    odd = sorted(name for name in renamed if name.startswith(inner) and name not in shapes)
    if odd:
        msg = f"it holds '{odd[0]}', which ESM-2 does not have"
        raise Unsuitable(msg)
    tensors = {name: _checked(renamed.get(name), name, shape) for name, shape in shapes.items()}
    return Checkpoint(
        size=size,
        tensors=tensors,
        format="Hugging Face" if any("attention.self" in name for name in found) else "fair-esm",
        ignored=tuple(sorted({name.partition(".")[0] for name in renamed if name not in shapes})),
        digest=_digest(tensors),
    )


def packed(checkpoint: Checkpoint) -> bytes:
    """Return the tensors as the bytes of a safetensors file."""
    from safetensors.torch import save

    content: bytes = save(dict(checkpoint.tensors), {"architecture": checkpoint.size.published})
    return content


def _unpacked(content: bytes) -> dict[str, torch.Tensor]:
    """Return the tensors by the names the file gives them."""
    import torch

    if content[8:9] == b"{":
        from safetensors import SafetensorError
        from safetensors.torch import load

        try:
            return dict(load(content))
        except SafetensorError as error:
            raise Unsuitable(_reason(error)) from error
    with warnings.catch_warnings(), torch.serialization.safe_globals([argparse.Namespace]):
        # torch warns of odd pickles, which are refused below anyway.
        warnings.simplefilter("ignore")
        data = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    if isinstance(data, dict) and isinstance(data.get("model"), dict):
        data = data["model"]
    if not isinstance(data, dict) or not data:
        msg = "it does not hold tensors by name"
        raise Unsuitable(msg)
    if not all(isinstance(tensor, torch.Tensor) for tensor in data.values()):
        msg = "it holds more than tensors"
        raise Unsuitable(msg)
    return {str(name): tensor for name, tensor in data.items()}


def _refuse_strangers(found: Iterable[str], stripped: Mapping[str, torch.Tensor]) -> None:
    for sign, reason in _STRANGERS.items():
        if any(sign in name for name in stripped):
            raise Unsuitable(reason)
    if _POSITIONS in stripped and not any("rotary" in name for name in found):
        msg = "its positions are learned, as in ESM-1b and ESM-1v"
        raise Unsuitable(msg)


def _fair_name(name: str) -> str:
    for theirs, ours in _RENAMED:
        name = name.replace(theirs, ours)
    for old, new in _OLD_ENDINGS.items():
        name = name.removesuffix(old) + new if name.endswith(old) else name
    return name


def _recognised(tensors: dict[str, torch.Tensor]) -> Architecture:
    """Return which size the tensors are of; drops those that any ESM-2 could work out."""
    for name in [name for name in tensors if _DERIVED.search(name) or name == _POSITIONS]:
        del tensors[name]
    if "embed_tokens.weight" not in tensors:
        msg = "none of its tensors is ESM-2's table of residues"
        raise Unsuitable(msg)
    layers = {int(found[1]) for name in tensors if (found := re.match(r"layers\.(\d+)\.", name))}
    dim = tensors["embed_tokens.weight"].shape[-1]
    for size in SIZES:
        if (size.layers, size.dim) == (len(layers), dim):
            return size
    known = ", ".join(f"{size.layers} of {size.dim}" for size in SIZES)
    msg = f"it holds {len(layers)} layers of width {dim}; ESM-2 comes with {known}"
    raise Unsuitable(msg)


def _checked(tensor: torch.Tensor | None, name: str, shape: tuple[int, ...]) -> torch.Tensor:
    """Return a tensor in float32, or say why it cannot be used."""
    import torch

    if tensor is None:
        msg = f"the tensor '{name}' is missing"
        raise Unsuitable(msg)
    if tuple(tensor.shape) != shape or not tensor.is_floating_point():
        found = f"{tuple(tensor.shape)} {str(tensor.dtype).removeprefix('torch.')}"
        msg = f"the tensor '{name}' is {found}, expected {shape} of floating-point numbers"
        raise Unsuitable(msg)
    tensor = tensor.to(torch.float32).contiguous()
    if not bool(torch.isfinite(tensor).all()):
        msg = f"the tensor '{name}' holds values that are not numbers"
        raise Unsuitable(msg)
    return tensor


def _digest(tensors: Mapping[str, torch.Tensor]) -> str:
    """Return the sha256 over name, shape and little-endian float32 bytes of each, by name."""
    digest = hashlib.sha256()
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name}:{tuple(tensor.shape)}\n".encode())
        digest.update(tensor.numpy().astype("<f4", copy=False).tobytes())
    return digest.hexdigest()


def _reason(error: BaseException) -> str:
    if isinstance(error, pickle.UnpicklingError):
        # torch's own text advises to read the file without restrictions: never do that.
        return "it holds more than numbers, or is not a weights file at all"
    # What follows the first sentence is torch's advice about its own internals.
    text = (str(error).strip() or type(error).__name__).splitlines()[0].partition(". ")[0]
    return f"it is cut short or damaged ({text.rstrip('.')[:200]})"
