"""What every ESM-2 network is made of: its sizes, its vocabulary and the names of its weights.

Names and order of the tokens are fair-esm's (``Alphabet.from_architecture("ESM-1b")``), and so are
the names of the tensors.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BEGIN", "END", "SIZES", "TOKENS", "Architecture", "is_esm2", "size_of"]

#: The vocabulary; a token's number is its place.
TOKENS = (
    "<cls>", "<pad>", "<eos>", "<unk>",
    *"LAGVSERTIDPKQNFYMHWCXBUZO.-",
    "<null_1>", "<mask>",
)  # fmt: skip
#: The special tokens before and after a sequence.
BEGIN, END = TOKENS.index("<cls>"), TOKENS.index("<eos>")


@dataclass(frozen=True)
class Architecture:
    """One size of ESM-2.

    Parameters
    ----------
    name
        The model's name in the registry.
    published
        The name fair-esm publishes the weights under.
    layers, dim, heads
        Number of layers, length of the vectors, attention heads of each layer.
    """

    name: str
    published: str
    layers: int
    dim: int
    heads: int

    @property
    def file_name(self) -> str:
        """Name of fair-esm's file."""
        return f"{self.published}.pt"

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of every tensor the network computes with, by fair-esm's name."""
        dim = self.dim
        found: dict[str, tuple[int, ...]] = {"embed_tokens.weight": (len(TOKENS), dim)}
        linear = {
            "self_attn.q_proj": (dim, dim),
            "self_attn.k_proj": (dim, dim),
            "self_attn.v_proj": (dim, dim),
            "self_attn.out_proj": (dim, dim),
            "fc1": (4 * dim, dim),
            "fc2": (dim, 4 * dim),
        }
        for layer in range(self.layers):
            for part, shape in linear.items():
                found[f"layers.{layer}.{part}.weight"] = shape
                found[f"layers.{layer}.{part}.bias"] = shape[:1]
            for part in ("self_attn_layer_norm", "final_layer_norm"):
                found |= {f"layers.{layer}.{part}.{kind}": (dim,) for kind in ("weight", "bias")}
        return found | {f"emb_layer_norm_after.{kind}": (dim,) for kind in ("weight", "bias")}


#: Every size that was published, smallest first.
SIZES = (
    Architecture("esm2", "esm2_t6_8M_UR50D", layers=6, dim=320, heads=20),
    Architecture("esm2-35m", "esm2_t12_35M_UR50D", layers=12, dim=480, heads=20),
    Architecture("esm2-150m", "esm2_t30_150M_UR50D", layers=30, dim=640, heads=20),
    Architecture("esm2-650m", "esm2_t33_650M_UR50D", layers=33, dim=1280, heads=20),
    Architecture("esm2-3b", "esm2_t36_3B_UR50D", layers=36, dim=2560, heads=40),
    Architecture("esm2-15b", "esm2_t48_15B_UR50D", layers=48, dim=5120, heads=40),
)


def is_esm2(name: str) -> bool:
    """Return whether a model of the registry is a size of ESM-2."""
    return any(size.name == name for size in SIZES)


def size_of(name: str) -> Architecture:
    """Return the size of ESM-2 that a model's name stands for.

    >>> size_of("esm2").dim
    320
    """
    return next(size for size in SIZES if size.name == name)
