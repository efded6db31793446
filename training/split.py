"""What is trained on and what is held out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from training.families import FEWEST_TO_EVALUATE, HELD_OUT, Family, families
from training.ligands import demo_peptides, read_ligands
from training.relatives import are_relatives

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Split", "make_split"]


@dataclass(frozen=True)
class Split:
    """The ligands of the training alleles and of the held-out ones.

    Parameters
    ----------
    train
        ``peptide`` and ``allele``: no held-out peptide, no demo peptide, and none that differs from
        one of either by one residue.
    held_out
        The same columns: every ligand of every held-out allele.
    families
        All families with their fold.
    """

    train: pd.DataFrame
    held_out: pd.DataFrame
    families: tuple[Family, ...]

    @property
    def train_sha256(self) -> str:
        """Digest of the training ligands, one ``peptide,allele`` a line."""
        return hashlib.sha256(self.train.to_csv(index=False, header=False).encode()).hexdigest()

    def evaluated(self) -> tuple[str, ...]:
        """Return the held-out alleles with enough ligands to evaluate."""
        sizes = self.held_out["allele"].value_counts()
        return tuple(sorted(sizes.index[sizes >= FEWEST_TO_EVALUATE]))


@cache
def make_split(fold: int = HELD_OUT) -> Split:
    """Return the split that holds one fold out; the same for everyone, always."""
    ligands = read_ligands()
    kin = families(ligands)
    fold_of = {allele: family.fold for family in kin for allele in family.alleles}
    folds = ligands["allele"].map(fold_of)
    held_out = ligands[folds == fold].reset_index(drop=True)
    train = ligands[folds.notna() & (folds != fold)]
    kept_away = [*held_out["peptide"], *demo_peptides()]
    train = train[~are_relatives(train["peptide"].tolist(), kept_away)].reset_index(drop=True)
    return Split(train=train, held_out=held_out, families=kin)
