"""Supervised contrast: peptides of one class are to be nearer to each other than to all others.

Source: Khosla P et al. Supervised contrastive learning. NeurIPS 2020, 33:18661-18673 (the loss with
the sum outside the logarithm).

Random peptides are thrown into every batch, each alone in its class: nothing is drawn to them, all
classes keep away from them. Without them the neighbours of ligands and of noise look equally near
(measured: area under the curve 0.82 without, 0.88 with them, the neighbours' purity unchanged).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from omicstoken_kernel.logs import get_logger
from training import recombine, simulate
from training.batch import Batch, random_peptides, together
from training.network import Cores, Ends

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

    from training.recombine import Recombiner

__all__ = ["fit_cores", "fit_ends"]

_TEMPERATURE = 0.1
_CLASSES, _MEMBERS, _NOISE = 48, 16, 384
_LEARNING_RATE, _WEIGHT_DECAY, _WARM_UP = 2e-3, 0.02, 0.1
_TOLD_EVERY = 200

_log = get_logger(__name__)


def _contrast(vectors: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    itself = torch.eye(len(classes), dtype=torch.bool)
    same = (classes[:, None] == classes[None]) & ~itself
    nearness = (vectors @ vectors.T / _TEMPERATURE).masked_fill(itself, -1e9)
    log_share = nearness - nearness.logsumexp(dim=1, keepdim=True)
    partners = same.sum(dim=1)
    wanted = (log_share * same).sum(dim=1) / partners.clamp(min=1)
    return -wanted[partners > 0].mean()


def _fit(network: nn.Module, next_batch: Callable[[], Batch], steps: int, what: str) -> None:
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=_LEARNING_RATE, weight_decay=_WEIGHT_DECAY
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, _LEARNING_RATE, total_steps=steps, pct_start=_WARM_UP
    )
    for step in range(1, steps + 1):
        batch = next_batch()
        vectors = network(
            torch.from_numpy(batch.codes.astype(np.int64)), torch.from_numpy(batch.lengths)
        )
        loss = _contrast(vectors, torch.from_numpy(batch.classes))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % _TOLD_EVERY == 0:
            _log.info("fitted", what=what, step=step, steps=steps, loss=round(loss.item(), 4))


def fit_ends(ligands: Recombiner, *, dim: int, steps: int, seed: int) -> Ends:
    """Return the network of the ends, fitted to invented alleles."""
    torch.manual_seed(seed)
    draw = np.random.default_rng([seed, 0])

    def next_batch() -> Batch:
        noise = random_peptides(draw, ligands.lengths(draw, _NOISE), recombine.WIDTH)
        return together(ligands.batch(draw, _CLASSES, _MEMBERS), noise)

    network = Ends(dim)
    _fit(network, next_batch, steps, "ends")
    return network


def fit_cores(ligands: Recombiner, *, dim: int, channels: int, steps: int, seed: int) -> Cores:
    """Return the network of the cores, fitted to simulated molecules, kin and invented alleles."""
    torch.manual_seed(seed)
    draw = np.random.default_rng([seed, 1])

    def next_batch() -> Batch:
        noise = draw.integers(6, simulate.WIDTH - 3, _NOISE)
        return together(
            simulate.core_classes(draw, _CLASSES // 2, _MEMBERS),
            simulate.kin_classes(draw, _CLASSES, _MEMBERS // 2),
            ligands.batch(draw, _CLASSES // 3, _MEMBERS).widened(simulate.WIDTH),
            random_peptides(draw, noise, simulate.WIDTH),
        )

    network = Cores(dim, channels)
    _fit(network, next_batch, steps, "cores")
    return network
