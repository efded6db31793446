"""Embedders: peptides in, one vector each out."""

from omicstoken_kernel.embedding._esm2_shape import Architecture
from omicstoken_kernel.embedding._registry import (
    ModelInfo,
    describe_models,
    is_at_hand,
    load_model,
    model_names,
    verify_models,
    weights_of,
)
from omicstoken_kernel.embedding.base import BaseEmbedder
from omicstoken_kernel.embedding.choice import choose_model

__all__ = [
    "Architecture",
    "BaseEmbedder",
    "ModelInfo",
    "choose_model",
    "describe_models",
    "is_at_hand",
    "load_model",
    "model_names",
    "verify_models",
    "weights_of",
]
