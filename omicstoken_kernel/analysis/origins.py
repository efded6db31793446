"""Where one peptide of a run comes from: its places in the proteomes its run was mapped to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.protein_search import AMBIGUOUS, SHORTEST

if TYPE_CHECKING:
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.mappings import Mapping
    from omicstoken_kernel.store.runs import Run

__all__ = ["Origin", "ProteinPlace", "origins_of"]


@dataclass(frozen=True)
class ProteinPlace:
    """One place of a peptide in a protein.

    ``start`` and ``end`` count from 1, both included; ``before`` and ``after`` are the residues
    beside it, fewer at a protein's ends; ``found_as`` is the protein's own spelling, which differs
    by I and L at most; ``gene`` is empty where the FASTA file names none.
    """

    accession: str
    gene: str
    start: int
    end: int
    before: str
    after: str
    found_as: str


@dataclass(frozen=True)
class Origin:
    """A peptide in one proteome.

    Parameters
    ----------
    proteome_id, proteome
        The proteome and its name.
    il_equivalent
        Whether I and L counted as one residue.
    stale
        Whether the run was read anew since it was mapped.
    unsearched
        Why the peptide was not searched; empty where it was.
    places
        All of them, in the order of the FASTA file; empty where it is in no protein.
    """

    proteome_id: str
    proteome: str
    il_equivalent: bool
    stale: bool
    unsearched: str
    places: tuple[ProteinPlace, ...]

    @property
    def accessions(self) -> tuple[str, ...]:
        """The proteins, each once."""
        return tuple(dict.fromkeys(place.accession for place in self.places))

    @property
    def genes(self) -> tuple[str, ...]:
        """The gene names, each once."""
        return tuple(dict.fromkeys(place.gene for place in self.places if place.gene))

    def as_json(self) -> dict[str, object]:
        """Return the origin as a JSON object."""
        document: dict[str, object] = asdict(self)
        return document | {"proteins": len(self.accessions), "genes": list(self.genes)}


def origins_of(ctx: Context, run: Run, sequence: str) -> tuple[Origin, ...]:
    """Return a peptide's places in each proteome its run was mapped to, the newest mapping first.

    Raises
    ------
    NotFound
        If the run does not exist or belongs to someone else.
    """
    from omicstoken_kernel.store.mappings import Mappings

    return tuple(
        _origin(mapping, sequence, digest=run.peptides_digest)
        for mapping in Mappings(ctx).of_run(run.id)
    )


def _origin(mapping: Mapping, sequence: str, *, digest: str) -> Origin:
    import pyarrow.compute as pc

    rows = mapping.places.filter(pc.equal(mapping.places["sequence"], sequence)).to_pylist()
    return Origin(
        proteome_id=mapping.proteome_id,
        proteome=mapping.proteome_name,
        il_equivalent=mapping.il_equivalent,
        stale=mapping.peptides_digest != digest,
        unsearched=_why_not(sequence, il_equivalent=mapping.il_equivalent),
        places=tuple(
            ProteinPlace(
                accession=row["accession"],
                gene=row["gene"],
                start=row["start"],
                end=row["start"] + len(sequence) - 1,
                before=row["before"],
                after=row["after"],
                found_as=row["found_as"],
            )
            for row in rows
        ),
    )


def _why_not(sequence: str, *, il_equivalent: bool) -> str:
    if len(sequence) < SHORTEST:
        return f"shorter than {SHORTEST} residues"
    if (AMBIGUOUS - ({"J"} if il_equivalent else set())) & set(sequence):
        return "a letter for several residues"
    return ""
