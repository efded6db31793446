"""The two parts of the encoder that are learned, as torch modules.

:mod:`omicstoken_kernel.embedding.ligand` says what they are and computes the same from the arrays
that ``weights`` returns; a test holds the two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional as f

from omicstoken_kernel.embedding.ligand import END, HEADS, LONGEST_TOLD, WINDOW
from training.batch import BLANK

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Cores", "Ends"]


def _as_numpy(tensor: torch.Tensor) -> NDArray[np.float32]:
    array: NDArray[np.float32] = tensor.detach().numpy()
    return array


class Ends(nn.Module):
    """A sum of one row per residue and position, counted from both ends, and one per length."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.rows = nn.Parameter(0.1 * torch.randn(2 * END * BLANK, dim))
        self.of_length = nn.Parameter(torch.zeros(LONGEST_TOLD + 1, dim))

    def forward(self, codes: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return unit vectors, (n, dim), of codes (n, width) and lengths (n,), both int64."""
        place = torch.arange(END)
        from_end = lengths[:, None] - 1 - place
        last = codes.gather(1, from_end.clamp(min=0)).masked_fill(from_end < 0, BLANK)
        ends = torch.cat([codes[:, :END], last], dim=1)
        shown = f.one_hot(ends, BLANK + 1)[..., :BLANK].flatten(1).float()
        summed = shown @ self.rows + self.of_length[lengths.clamp(max=LONGEST_TOLD)]
        return f.normalize(summed, dim=1)

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Return the arrays by the names they have in the weights file."""
        return {"ends.rows": _as_numpy(self.rows), "ends.of_length": _as_numpy(self.of_length)}


class Cores(nn.Module):
    """Windows of nine residues; each head looks for its own kind and reports what it found."""

    def __init__(self, dim: int, channels: int) -> None:
        super().__init__()
        self.window = nn.Parameter(0.2 * torch.randn(WINDOW * BLANK, channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.attention = nn.Parameter(0.1 * torch.randn(WINDOW * BLANK, HEADS))
        self.out = nn.Parameter(torch.randn(channels, dim) / channels**0.5)

    def forward(self, codes: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return unit vectors, (n, dim), of codes (n, width) and lengths (n,), both int64."""
        count, width = codes.shape
        shown = f.one_hot(codes, BLANK + 1)[..., :BLANK].float()
        padded = f.pad(shown, (0, 0, WINDOW // 2, WINDOW // 2))
        windows = padded.unfold(1, WINDOW, 1).transpose(2, 3).reshape(count, width, -1)
        found = f.relu(windows @ self.window + self.bias).view(count, width, HEADS, -1)
        scores = windows @ self.attention
        outside = torch.arange(width)[None] >= lengths[:, None]
        share = scores.masked_fill(outside[..., None], -torch.inf).softmax(dim=1)
        pooled = (share[..., None] * found).sum(dim=1).flatten(1)
        return f.normalize(pooled @ self.out, dim=1)

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Return the arrays by the names they have in the weights file."""
        names = ("window", "bias", "attention", "out")
        return {f"cores.{name}": _as_numpy(getattr(self, name)) for name in names}
