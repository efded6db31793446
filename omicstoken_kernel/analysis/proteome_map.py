"""The peptides of a run in the proteins of a proteome: exact, all positions, with flanks."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from omicstoken_kernel.analysis.protein_search import AMBIGUOUS, SHORTEST, ProteinText, find_places
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.progress import silent
from omicstoken_kernel.store.mappings import PLACES, Mapping, Mappings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omicstoken_kernel.analysis.protein_search import Places
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.progress import Progress

__all__ = ["FLANK", "MOST_FLANK", "is_mapping_stale", "map_run", "places_of"]

#: Residues told on either side, unless asked for otherwise, and at most.
FLANK = 3
MOST_FLANK = 30


def map_run(
    ctx: Context,
    run_id: str,
    proteome_id: str,
    *,
    il_equivalent: bool = False,
    flank: int = FLANK,
    progress: Progress = silent,
) -> Mapping:
    """Map every peptide of one of the owner's runs to a proteome, store it and return it.

    Parameters
    ----------
    il_equivalent
        Whether I and L, which weigh the same, count as one residue.
    flank
        How many residues before and after a place are kept, 0 to :data:`MOST_FLANK`.

    Raises
    ------
    InputError
        If ``flank`` is out of range.
    NotFound
        If the run or the proteome does not exist or belongs to someone else.
    """
    from omicstoken_kernel.store.peptides import Peptides
    from omicstoken_kernel.store.proteomes import Proteomes
    from omicstoken_kernel.store.runs import Runs

    if not 0 <= flank <= MOST_FLANK:
        msg = f"{flank} flanking residues were asked for; 0 to {MOST_FLANK} can be kept."
        raise InputError(msg, f"The default is {FLANK}.")
    run = Runs(ctx).get(run_id)
    proteins = Proteomes(ctx).proteins(proteome_id)
    peptides: list[str] = Peptides(ctx).of_runs([run_id])["sequence"].to_pylist()
    short = [each for each in peptides if len(each) < SHORTEST]
    unclear = _ambiguous(peptides, il_equivalent=il_equivalent)
    sought = sorted(set(peptides) - set(short) - unclear)
    text = ProteinText.of(proteins["sequence"].to_pylist())
    found = find_places(sought, text, il_equivalent=il_equivalent, progress=progress)
    counts = _counts(found, proteins) | {
        "peptides": len(peptides),
        "not_found": len(sought) - len(np.unique(found.peptide)),
        "too_short": len(short),
        "ambiguous": len(unclear - set(short)),
    }
    mapping = Mapping(
        run_id=run.id,
        proteome_id=proteome_id,
        peptides_digest=run.peptides_digest,
        il_equivalent=il_equivalent,
        flank=flank,
        counts=counts,
        places=places_of(sought, proteins, found, flank=flank),
    )
    return Mappings(ctx).save(mapping)


def is_mapping_stale(mapping: Mapping, peptides_digest: str) -> bool:
    """Return whether the run has other peptides now than when it was mapped."""
    return mapping.peptides_digest != peptides_digest


def _ambiguous(peptides: Sequence[str], *, il_equivalent: bool) -> set[str]:
    # J is I or L, which are one residue then.
    letters = AMBIGUOUS - {"J"} if il_equivalent else AMBIGUOUS
    return {each for each in peptides if letters & set(each)}


def _counts(found: Places, proteins: pa.Table) -> dict[str, int]:
    """Return how many peptides, proteins and genes are hit, and how many peptides hit only one.

    A protein without a gene name counts as a gene of its own where it is asked whether a peptide
    comes from one gene only; it does not count among the genes.
    """
    genes = proteins["gene"].to_pylist()
    hit: dict[int, set[int]] = defaultdict(set)
    for peptide, protein in zip(found.peptide.tolist(), found.protein.tolist(), strict=True):
        hit[peptide].add(protein)
    named = {genes[protein] for protein in np.unique(found.protein).tolist()} - {""}
    one_gene = sum(
        len({genes[protein] for protein in each}) == 1 and genes[next(iter(each))] != ""
        for each in hit.values()
    )
    return {
        "mapped": len(hit),
        "places": len(found.peptide),
        "proteins": len(np.unique(found.protein)),
        "genes": len(named),
        "one_protein": sum(len(each) == 1 for each in hit.values()),
        "one_gene": one_gene,
    }


def places_of(
    peptides: Sequence[str], proteins: pa.Table, found: Places, *, flank: int
) -> pa.Table:
    """Return found places with accession, gene, position and flanks, schema ``PLACES``."""
    sequences = proteins["sequence"].to_pylist()
    at = [
        (peptides[peptide], sequences[protein], start)
        for peptide, protein, start in zip(*(each.tolist() for each in found), strict=True)
    ]
    columns = {
        "sequence": [peptide for peptide, _, _ in at],
        "accession": proteins["accession"].take(found.protein),
        "gene": proteins["gene"].take(found.protein),
        "start": found.start + 1,
        "before": [whole[max(start - flank, 0) : start] for _, whole, start in at],
        "after": [
            whole[start + len(peptide) : start + len(peptide) + flank]
            for peptide, whole, start in at
        ],
        "found_as": [whole[start : start + len(peptide)] for peptide, whole, start in at],
    }
    return pa.table(columns).cast(PLACES)
