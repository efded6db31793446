"""Write what ligands of known molecules look like: ``python -m training.references``.

Residue counts at the nine end positions, one table for each HLA class I allele with at least
:data:`FEWEST` labelled ligands. All of them are used, also those of families that the weights and
the pockets never saw: this file names motifs and learns nothing. ``benchmarks/bench_motifs.py``
makes its own tables of the ligands it does not draw. No chance is in it. Seconds, most of them for
the nomenclature of ``mhcgnomes``, which is needed here only.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import save

from omicstoken_kernel.analysis import motif_reference
from omicstoken_kernel.analysis.motif_ends import POSITIONS, encode
from omicstoken_kernel.chemistry.residues import TWENTY
from omicstoken_kernel.ingest.hla import normalised_hla
from training.ligands import TABLE_SHA256, read_ligands

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["FEWEST", "tables"]

#: Alleles with fewer ligands have no table.
FEWEST = 20


def tables(ligands: pd.DataFrame) -> tuple[list[str], NDArray[np.float32], NDArray[np.int32]]:
    """Return alleles by name, their residue counts, (alleles, 9, 20), and numbers of ligands."""
    sizes = ligands["allele"].value_counts()
    alleles = sorted(sizes.index[sizes >= FEWEST])
    counts = [
        encode(ligands.loc[ligands["allele"] == allele, "peptide"].tolist()).one_hot.sum(axis=0)
        for allele in alleles
    ]
    return (
        alleles,
        np.array(counts, dtype=np.float32).reshape(-1, POSITIONS, len(TWENTY)),
        sizes[alleles].to_numpy(np.int32),
    )


def _check_names(alleles: list[str]) -> None:
    """Stop if an allele is not written as the nomenclature writes a class I molecule."""
    try:
        import mhcgnomes
    except ImportError as error:
        msg = "The package 'mhcgnomes' is missing: pip install mhcgnomes"
        raise SystemExit(msg) from error
    for allele in alleles:
        known = mhcgnomes.parse(allele, raise_on_error=False)
        # mhcgnomes accepts numbers nobody has given; normalised_hla knows the first fields.
        if known is None or known.to_string() != allele or normalised_hla(allele) != allele:
            msg = f"'{allele}' in the table of ligands is no HLA class I allele."
            raise SystemExit(msg)


def main() -> None:
    """Write the file that ``motif_reference`` reads."""
    alleles, counts, ligands = tables(read_ligands())
    _check_names(alleles)
    about = {
        "alleles": json.dumps(alleles),
        "letters": TWENTY,
        "source": "labelled ligands of immunotype 1.0.5 (AG Walz, MIT), lookup_db.csv",
        "table_sha256": TABLE_SHA256,
        "made_by": "python -m training.references",
    }
    content = save({"counts": counts, "ligands": ligands}, metadata=about)
    motif_reference.PATH.write_bytes(content)


if __name__ == "__main__":
    main()
