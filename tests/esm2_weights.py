"""A weights file of ESM-2 8M as fair-esm publishes it, with seeded instead of trained numbers."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

FILE_NAME = "esm2_t6_8M_UR50D.pt"

#: Hugging Face's names for fair-esm's, part by part.
HUGGING_FACE = (
    ("embed_tokens.", "esm.embeddings.word_embeddings."),
    ("emb_layer_norm_after.", "esm.encoder.emb_layer_norm_after."),
    ("layers.", "esm.encoder.layer."),
    (".self_attn.q_proj.", ".attention.self.query."),
    (".self_attn.k_proj.", ".attention.self.key."),
    (".self_attn.v_proj.", ".attention.self.value."),
    (".self_attn.out_proj.", ".attention.output.dense."),
    (".self_attn_layer_norm.", ".attention.LayerNorm."),
    (".fc1.", ".intermediate.dense."),
    (".fc2.", ".output.dense."),
    (".final_layer_norm.", ".LayerNorm."),
)


def network_of(seed: int, layers: int = 6, dim: int = 320, heads: int = 20):
    """Return fair-esm's own ESM-2 in evaluation mode, initialised from a seed; 8M by default."""
    import torch
    from esm.model.esm2 import ESM2

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = ESM2(
            num_layers=layers,
            embed_dim=dim,
            attention_heads=heads,
            alphabet="ESM-1b",
            token_dropout=True,
        ).eval()
        # A fresh norm multiplies by one and adds nothing, which would hide a norm left out.
        for name, value in network.named_parameters():
            if "layer_norm" in name:
                value.data += 0.2 * torch.randn_like(value)
        return network


def published_form(network) -> dict:
    """Return what fair-esm's file holds: the configuration, and the weights under its old names."""
    shape = argparse.Namespace(
        encoder_layers=network.num_layers,
        encoder_embed_dim=network.embed_dim,
        encoder_attention_heads=network.attention_heads,
        token_dropout=True,
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


def hugging_face_of(network):
    """Return `transformers`' ESM-2 with the weights of fair-esm's."""
    from transformers import EsmConfig, EsmForMaskedLM

    config = EsmConfig(
        vocab_size=33,
        mask_token_id=32,
        pad_token_id=1,
        hidden_size=network.embed_dim,
        num_hidden_layers=network.num_layers,
        num_attention_heads=network.attention_heads,
        intermediate_size=4 * network.embed_dim,
        max_position_embeddings=1026,
        position_embedding_type="rotary",
        layer_norm_eps=1e-5,
        token_dropout=True,
    )
    model = EsmForMaskedLM(config).eval()
    state = {}
    for name, value in network.state_dict().items():
        if name.startswith(("embed_tokens.", "emb_layer_norm_after.", "layers.")):
            for ours, theirs in HUGGING_FACE:
                name = name.replace(ours, theirs)
            state[name] = value
    missing, odd = model.load_state_dict(state, strict=False)
    # Versions differ in how many tables of angles they keep.
    expected = re.compile(r"lm_head\.|esm\.contact_head\.|.*inv_freq$")
    assert all(expected.match(name) for name in missing), missing
    assert all(expected.match(name) for name in odd), odd
    return model


def write_hugging_face(folder: Path, form: str, seed: int = 0) -> Path:
    """Write the weights as Hugging Face does, `pytorch_model.bin` or `model.safetensors`."""
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    model = hugging_face_of(network_of(seed))
    if form == "model.safetensors":
        model.save_pretrained(folder)
    else:
        # What transformers wrote before it wrote safetensors only.
        torch.save(model.state_dict(), folder / form)
    return folder / form
