"""A weights file of ESM-2 8M as fair-esm publishes it, with seeded instead of trained numbers."""

from __future__ import annotations

import argparse
from pathlib import Path

FILE_NAME = "esm2_t6_8M_UR50D.pt"


def network_of(seed: int):
    """Return fair-esm's own ESM-2 8M in evaluation mode, initialised from a seed."""
    import torch
    from esm.model.esm2 import ESM2

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return ESM2(
            num_layers=6,
            embed_dim=320,
            attention_heads=20,
            alphabet="ESM-1b",
            token_dropout=True,
        ).eval()


def published_form(network) -> dict:
    """Return what fair-esm's file holds: the configuration, and the weights under its old names."""
    shape = argparse.Namespace(
        encoder_layers=6, encoder_embed_dim=320, encoder_attention_heads=20, token_dropout=True
    )
    weights = {
        ("encoder." if name.startswith("lm_head") else "encoder.sentence_encoder.") + name: value
        for name, value in network.state_dict().items()
        # The regression that predicts contacts lies in a file of its own.
        if not name.startswith("contact_head.regression")
    }
    return {"cfg": {"model": shape}, "model": weights}


def write_weights(folder: Path, seed: int = 0) -> Path:
    """Write the file into a folder and return its path."""
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    torch.save(published_form(network_of(seed)), path)
    return path
