"""The labelled ligands: the table of the package ``immunotype``, checked by its digest.

``immunotype`` (MIT) ships some 280 000 published ligands of mono-allelic HLA class I samples, one
allele each. The table is read from the installed package without importing it, for the package's
own code needs libraries that nothing here does.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
import pandas as pd

from omicstoken_kernel.chemistry.residues import HUMAN_PROTEOME, TWENTY
from omicstoken_kernel.demo.samples import samples

__all__ = ["BACKGROUND", "LENGTHS", "TABLE_SHA256", "demo_peptides", "read_ligands"]

#: Digest of ``immunotype/data/lookup_db.csv`` of version 1.0.5.
TABLE_SHA256 = "1daf47e8ab92e29e0edc7f03b8b7a71fad989beecbb7a995bf739e5539119a67"
#: Shortest and longest ligand used, in residues: what lies outside is a handful.
LENGTHS = (8, 14)
#: Shares of the twenty residues in the human proteome, (20,) float64, in the order of ``TWENTY``.
BACKGROUND = np.array([HUMAN_PROTEOME[residue] for residue in TWENTY])
BACKGROUND /= BACKGROUND.sum()


def _table() -> Path:
    try:
        installed = distribution("immunotype")
    except PackageNotFoundError as error:
        msg = "The package 'immunotype' is missing: pip install --no-deps immunotype==1.0.5"
        raise SystemExit(msg) from error
    path = Path(str(installed.locate_file("immunotype/data/lookup_db.csv")))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != TABLE_SHA256:
        msg = f"{path} has the sha256 {digest}, expected {TABLE_SHA256} (version 1.0.5)."
        raise SystemExit(msg)
    return path


def read_ligands() -> pd.DataFrame:
    """Return the ligands, one a row: ``peptide`` and ``allele``, sorted by both.

    Only sequences of the twenty residues and of :data:`LENGTHS`.
    """
    table = pd.read_csv(_table(), usecols=["peptide", "allele"])
    table = table[table["peptide"].str.fullmatch(f"[{TWENTY}]+")]
    table = table[table["peptide"].str.len().between(*LENGTHS)]
    return table.sort_values(["allele", "peptide"], ignore_index=True)


def demo_peptides() -> list[str]:
    """Return the distinct peptides of the demo's samples."""
    lines = [line for sample in samples() for line in sample.path.read_text().split()]
    return sorted({line for line in lines if set(line) <= set(TWENTY)})
