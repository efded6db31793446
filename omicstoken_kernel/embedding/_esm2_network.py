"""ESM-2's forward pass, for means over residues and nothing else.

Problem: peptides are short. Much of a 9-mer's time in fair-esm's own module goes into what is not a
matrix product or is not needed for a mean: padding, the head that predicts residues, tables made
anew in each layer, copies.

Choice: the tokens of many sequences lie in one matrix, (tokens, dim), whatever their lengths, and
every linear layer is one product of that matrix. Only the attention looks at sequences, all those
of one length at once. Further:

- query, key and value are one product; the query's scale is folded into its weights;
- the rows of query and key are ordered so that the two numbers a rotary embedding turns stand side
  by side: turning them is one complex multiplication, its factors looked up once for all layers;
- the first layer's query, key and value depend on the token alone (positions enter by the rotation
  after them), so they are a table of 33 rows;
- residual sums and biases are added in place;
- after the last attention the special tokens are dropped, for nothing looks at them any more.

fair-esm's dropout of tokens leaves its mark without any mask, too: it multiplies the embeddings by
0.88, which is folded into them.

Rejected, measured on one core of an EPYC with 350 tokens at once: `scaled_dot_product_attention`
below 32 tokens a sequence (at 10 tokens 1.6 ms against 1.1 ms for two batched products; it wins
from there on: at 102 2.8 against 4.5); einsum (a third slower at 10 tokens) and products by
element (slower still); LayerNorm's affine part folded into the next layer (torch's LayerNorm takes
twice the time without it); weights laid out beforehand for oneDNN (a tenth slower) or MKL (the same
within two per cent).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from omicstoken_kernel.embedding.base import MAX_RESIDUES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from omicstoken_kernel.embedding._esm2_packs import Pack
    from omicstoken_kernel.embedding._esm2_shape import Architecture

__all__ = ["Esm2Network"]

# fair-esm, ESM2.forward: x * (1 - mask_ratio_train) / (1 - mask_ratio_observed), with the ratio of
# masks in training 0.15 * 0.8 and none observed.
_EMBEDDING_SCALE = 1 - 0.15 * 0.8
# From here on torch's fused attention is the faster one on a CPU; it saves memory besides.
_FUSED_FROM_TOKENS = 32

# Weight, (out, in), and bias, (out,); for a norm both are (dim,).
_Affine = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True)
class _Layer:
    attention_norm: _Affine
    qkv: _Affine
    out: _Affine
    feed_norm: _Affine
    fc1: _Affine
    fc2: _Affine


class Esm2Network:
    """The network on one device, in one precision; any number of threads may use it at once.

    Parameters
    ----------
    tensors
        The weights under fair-esm's names, float32.
    size
        The architecture; the tensors must fit it.
    device, dtype
        Where and in which precision to compute.
    """

    def __init__(
        self,
        tensors: Mapping[str, torch.Tensor],
        size: Architecture,
        *,
        device: torch.device,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.device, self.dtype = device, dtype
        self._heads, self._dim = size.heads, size.dim
        with torch.inference_mode():
            layers = [_fused(tensors, f"layers.{i}.", size.heads) for i in range(size.layers)]
            embeddings = tensors["embed_tokens.weight"] * _EMBEDDING_SCALE
            first = layers[0]
            first_qkv = functional.linear(_norm(embeddings, first.attention_norm), *first.qkv)
            self._embeddings, self._first_qkv = self._moved(embeddings), self._moved(first_qkv)
            self._layers = [
                _Layer(**{name: self._pair(pair) for name, pair in vars(layer).items()})
                for layer in layers
            ]
            self._norm_after = self._pair(_affine(tensors, "emb_layer_norm_after"))
            self._turns = _turns(size.dim // size.heads).to(device)

    def _moved(self, tensor: torch.Tensor) -> torch.Tensor:
        return tensor.to(self.device, self.dtype).contiguous()

    def _pair(self, pair: _Affine) -> _Affine:
        return self._moved(pair[0]), self._moved(pair[1])

    @torch.inference_mode()
    def means(self, pack: Pack) -> torch.Tensor:
        """Return the mean over each sequence's residues, (n, dim) float32 on the CPU."""
        groups = pack.groups()
        tokens = torch.from_numpy(pack.tokens()).to(self.device)
        positions = np.concatenate([np.tile(np.arange(size), count) for count, size in groups])
        turns = self._turns[torch.from_numpy(positions).to(self.device)].unsqueeze(1)
        states, qkv = self._embeddings[tokens], self._first_qkv[tokens]
        for place, layer in enumerate(self._layers):
            if place:
                qkv = functional.linear(_norm(states, layer.attention_norm), *layer.qkv)
            context = self._attend(qkv, turns, groups)
            if place == len(self._layers) - 1:
                residues = _residues(groups).to(self.device)
                states, context = states[residues], context[residues]
            _add_linear(states, context, layer.out)
            fed = functional.linear(_norm(states, layer.feed_norm), *layer.fc1)
            _add_linear(states, functional.gelu(fed), layer.fc2)
        return self._means_of(_norm(states, self._norm_after), groups)

    def _attend(
        self, qkv: torch.Tensor, turns: torch.Tensor, groups: Sequence[tuple[int, int]]
    ) -> torch.Tensor:
        """Return what each token gathers from its sequence, (tokens, dim)."""
        heads, dim = self._heads, self._dim
        # Complex numbers exist in single precision only; the view turns qkv itself where it is.
        turned = qkv[:, : 2 * dim].float()
        torch.view_as_complex(turned.view(len(qkv), 2 * heads, -1, 2)).mul_(turns)
        if self.dtype != torch.float32:
            qkv[:, : 2 * dim] = turned
        context = torch.empty(len(qkv), dim, dtype=self.dtype, device=self.device)
        begin = 0
        for count, size in groups:
            rows = slice(begin, begin + count * size)
            # (3, count, heads, size, dim of a head)
            parts = qkv[rows].view(count, size, 3, heads, -1).permute(2, 0, 3, 1, 4)
            gathered = self._gather(parts, size)
            context[rows].view(count, size, heads, -1).copy_(gathered.transpose(1, 2))
            begin = rows.stop
        return context

    def _gather(self, parts: torch.Tensor, size: int) -> torch.Tensor:
        """Return softmax(query x key) x value of sequences of one length."""
        if size >= _FUSED_FROM_TOKENS or self.device.type != "cpu":
            query, key, value = parts.unbind()
            return functional.scaled_dot_product_attention(query, key, value, scale=1.0)
        query, key, value = parts.flatten(1, 2).contiguous().unbind()
        weights = torch.bmm(query, key.transpose(1, 2)).softmax(-1)
        return torch.bmm(weights, value).view(*parts.shape[1:3], size, -1)

    def _means_of(self, states: torch.Tensor, groups: Sequence[tuple[int, int]]) -> torch.Tensor:
        """Return the means of the residues' states, (n, dim) float32."""
        parts = torch.split(states, [count * (size - 2) for count, size in groups])
        means = [
            part.view(count, size - 2, self._dim).mean(1, dtype=torch.float32)
            for part, (count, size) in zip(parts, groups, strict=True)
        ]
        return torch.cat(means).cpu()


def _norm(states: torch.Tensor, pair: _Affine) -> torch.Tensor:
    return functional.layer_norm(states, pair[0].shape, *pair)


def _add_linear(states: torch.Tensor, inputs: torch.Tensor, pair: _Affine) -> None:
    """Add a linear layer's output to the states, in place."""
    weight, bias = pair
    states.add_(bias).addmm_(inputs, weight.t())


def _affine(tensors: Mapping[str, torch.Tensor], name: str) -> _Affine:
    return tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def _fused(tensors: Mapping[str, torch.Tensor], prefix: str, heads: int) -> _Layer:
    """Return one layer's weights, query, key and value in one."""
    pairs = [_affine(tensors, f"{prefix}self_attn.{kind}_proj") for kind in "qkv"]
    dim = len(pairs[0][1])
    scale = (dim // heads) ** -0.5
    weights = [_turnable(pairs[0][0] * scale, heads), _turnable(pairs[1][0], heads), pairs[2][0]]
    biases = [_turnable(pairs[0][1] * scale, heads), _turnable(pairs[1][1], heads), pairs[2][1]]
    return _Layer(
        attention_norm=_affine(tensors, f"{prefix}self_attn_layer_norm"),
        qkv=(torch.cat(weights), torch.cat(biases)),
        out=_affine(tensors, f"{prefix}self_attn.out_proj"),
        feed_norm=_affine(tensors, f"{prefix}final_layer_norm"),
        fc1=_affine(tensors, f"{prefix}fc1"),
        fc2=_affine(tensors, f"{prefix}fc2"),
    )


def _turnable(rows: torch.Tensor, heads: int) -> torch.Tensor:
    """Return rows reordered so that each head's i-th and (half + i)-th stand side by side."""
    halves = rows.view(heads, 2, len(rows) // heads // 2, -1)
    return halves.transpose(1, 2).reshape(rows.shape)


def _turns(head_dim: int) -> torch.Tensor:
    """Return the rotary embedding of every position, (positions, head_dim / 2) complex64."""
    frequencies = 1.0 / (10000 ** (torch.arange(0, head_dim, 2).float() / head_dim))
    angles = torch.outer(torch.arange(MAX_RESIDUES + 2).float(), frequencies)
    return torch.complex(angles.cos(), angles.sin())


def _residues(groups: Sequence[tuple[int, int]]) -> torch.Tensor:
    """Return the places of all tokens that stand for residues."""
    keep = [np.tile(np.pad(np.ones(size - 2, bool), 1), count) for count, size in groups]
    return torch.from_numpy(np.flatnonzero(np.concatenate(keep)))
