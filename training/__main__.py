"""Fit the ``ligand`` encoder and write its weights: ``python -m training``.

Seeded, on one thread, ten minutes or so. The families go to ``training/families.csv``.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.numpy import save

import omicstoken_kernel.embedding.ligand as model
from omicstoken_kernel.logs import set_up_logging
from omicstoken_kernel.settings import load_settings
from training.fit import fit_cores, fit_ends
from training.ligands import TABLE_SHA256
from training.recombine import Recombiner
from training.split import make_split

if TYPE_CHECKING:
    from training.families import Family

_CHANNELS = 128
_HERE = Path(__file__).parent


def main() -> None:
    """Read the command line, fit, write."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=2500, help="steps of each of the two fits")
    parser.add_argument("--out", type=Path, default=Path(model.__file__).with_name(model.FILE_NAME))
    chosen = parser.parse_args()
    set_up_logging(load_settings(log_level="INFO"))
    # One thread adds up in one order, so the same seed gives the same bytes on the same machine.
    torch.set_num_threads(1)
    began = time.monotonic()
    split = make_split()
    ligands = Recombiner(split.train)
    ends = fit_ends(ligands, dim=model.DIM_ENDS, steps=chosen.steps, seed=chosen.seed)
    cores = fit_cores(
        ligands, dim=model.DIM_CORES, channels=_CHANNELS, steps=chosen.steps, seed=chosen.seed
    )
    about = {
        "model": "ligand",
        "ligands": "immunotype 1.0.5, lookup_db.csv (MIT)",
        "ligands_sha256": TABLE_SHA256,
        "train_sha256": split.train_sha256,
        "train_ligands": str(len(split.train)),
        "train_alleles": str(split.train["allele"].nunique()),
        "seed": str(chosen.seed),
        "steps": str(chosen.steps),
        "torch": torch.__version__,
    }
    content = save({**ends.weights(), **cores.weights()}, metadata=about)
    temporary = chosen.out.with_suffix(".part")
    temporary.write_bytes(content)
    temporary.replace(chosen.out)
    _write_families(split.families)
    print(f"{chosen.out}: {len(content)} bytes, {time.monotonic() - began:.0f} s")


def _write_families(families: tuple[Family, ...]) -> None:
    with (_HERE / "families.csv").open("w", encoding="ascii", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["family", "held_out", "alleles"])
        for number, family in enumerate(families, 1):
            held_out = "yes" if family.fold == 0 else "no"
            rows.writerow([number, held_out, " ".join(family.alleles)])


if __name__ == "__main__":
    main()
