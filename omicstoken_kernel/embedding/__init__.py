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
from omicstoken_kernel.embedding.cards import ModelCard, model_cards
from omicstoken_kernel.embedding.choice import names_to_embed

__all__ = [
    "Architecture",
    "BaseEmbedder",
    "ModelCard",
    "ModelInfo",
    "describe_models",
    "is_at_hand",
    "load_model",
    "model_cards",
    "model_names",
    "names_to_embed",
    "verify_models",
    "weights_of",
]
