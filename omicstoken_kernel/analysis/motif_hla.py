"""Which HLA class I molecule the motifs of a fingerprint suggest, and which of the given types.

Suggested, never typed: a motif is compared with the published ligands of some 130 molecules
(:mod:`motif_reference`). Alleles that fit about as well as the best are named together, for their
motifs are nearly the same. Nothing is stored: the answer follows from the fingerprint and from the
types its samples have now.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.analysis.clusters import BY_MOTIF
from omicstoken_kernel.analysis.length_profile import FEWEST_FOR_SHARES, call_class
from omicstoken_kernel.analysis.motif_hla_words import (
    group_name,
    note_on_random_typings,
    of_cluster,
    with_one_molecule,
    without_motif,
)
from omicstoken_kernel.analysis.motif_reference import (
    LEAST_FIT,
    HlaReference,
    hla_reference,
    shares_of,
)
from omicstoken_kernel.analysis.motif_typing import Typing, read_typing, typing_p_value
from omicstoken_kernel.analysis.wording import statistic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.sentences import Sentence
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.fingerprints import Fingerprint

__all__ = ["ClusterHla", "HlaFit", "MotifHla", "hla_of_motifs", "match_motifs", "motif_hla"]

# Named with the best: alleles whose fit is at most this much lower ...
_CLOSE = 0.05
# ... or whose tables are at least so alike, if they fit.
_ALIKE = 0.8
#: A given type is matched from this fit on: six candidates need less than 130.
LEAST_TYPED_FIT = 0.7


@dataclass(frozen=True)
class HlaFit:
    """An allele, how well a motif fits it (-1..1), and how many ligands its table rests on."""

    allele: str
    fit: float
    ligands: int


@dataclass(frozen=True)
class ClusterHla:
    """What one motif suggests.

    Parameters
    ----------
    cluster
        The cluster's number.
    peptides
        How many peptides the motif rests on.
    suggested
        The alleles that fit best and about alike, the best first; empty where none fits.
    nearest
        The allele that fits best, whether well enough or not.
    p_value
        How often a random combination of known pockets fits any allele as well as ``nearest``.
    typed
        The given types that fit, by name, the best first, each with the allele it stands for.
    sentence
        All of this in words.
    """

    cluster: int
    peptides: int
    suggested: tuple[HlaFit, ...]
    nearest: HlaFit
    p_value: float
    typed: dict[str, HlaFit]
    sentence: Sentence


@dataclass(frozen=True)
class MotifHla:
    """What the motifs of a fingerprint suggest.

    Parameters
    ----------
    clusters
        By cluster number; empty where nothing is compared, for ``notes``.
    types
        The samples' HLA types.
    without_motif
        The types that can be matched and have no motif.
    typing_p_value
        How often random types of the same genes fit the motifs as well; None without types.
    sentences, notes
        About all motifs together; on what was compared with what, and on what was not.
    """

    clusters: dict[int, ClusterHla]
    types: tuple[str, ...] = ()
    without_motif: tuple[str, ...] = ()
    typing_p_value: float | None = None
    sentences: tuple[Sentence, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is said, motif by motif, then about all of them, then the notes."""
        of_motifs = [found.sentence.text for found in self.clusters.values()]
        return (*of_motifs, *(sentence.text for sentence in self.sentences), *self.notes)

    def in_short(self, cluster: int) -> str:
        """Return the alleles a cluster suggests with their fit; empty where none was asked for.

        >>> MotifHla({}).in_short(1)
        ''
        """
        found = self.clusters.get(cluster)
        if found is None:
            return ""
        if not found.suggested:
            return "none fits"
        names = group_name([each.allele for each in found.suggested])
        return f"{names} ({statistic(found.nearest.fit)})"

    def as_json(self) -> dict[str, object]:
        """Return it in the shape of ``hla`` in ``omicstoken fingerprint --json``."""
        return {
            "clusters": [asdict(found) for found in self.clusters.values()],
            "types": list(self.types),
            "without_motif": list(self.without_motif),
            "typing_p_value": self.typing_p_value,
            "sentences": [sentence.as_json() for sentence in self.sentences],
            "notes": list(self.notes),
        }


def motif_hla(ctx: Context, fingerprint: Fingerprint) -> MotifHla:
    """Return what the motifs suggest, with the HLA types the runs' samples have now.

    Raises
    ------
    NotFound
        If a run of the fingerprint does not exist or belongs to someone else.
    """
    from omicstoken_kernel.store.runs import Runs

    typings = [Runs(ctx).get(run_id).sample.hla for run_id in fingerprint.run_ids]
    found = hla_of_motifs(fingerprint, [name for types in typings for name in types])
    if len(set(typings)) < 2 or not found.clusters:
        return found
    note = "The runs' samples differ in their HLA types; here all of them count together."
    return replace(found, notes=(*found.notes, note))


def hla_of_motifs(fingerprint: Fingerprint, types: Sequence[str] = ()) -> MotifHla:
    """Return what the motifs of a fingerprint suggest, given HLA types or none."""
    distinct = tuple(dict.fromkeys(types))
    sequences = fingerprint.points["sequence"]
    call = call_class(sequences)
    if call.kind != "class_i" or fingerprint.method != BY_MOTIF:
        why = _why_not(call.kind, len(sequences))
        return MotifHla({}, distinct, notes=(f"No HLA molecule is suggested: {why}.",))
    labels = fingerprint.points["cluster"]
    numbers = sorted(labels.unique().drop_null().to_pylist())
    members = {number: sequences.filter(pc.equal(labels, number)) for number in numbers}
    return match_motifs(members, distinct)


def _why_not(kind: str, peptides: int) -> str:
    """Return why nothing is compared, as the end of a sentence."""
    if peptides < FEWEST_FOR_SHARES:
        return f"fewer than {FEWEST_FOR_SHARES} peptides give no motif"
    return {
        "class_i": "the peptides were not grouped by motif",
        "class_ii": "the peptides look like class II ligands, of which there is no reference",
        "tryptic": "the peptides look like a tryptic digest",
        "mixed": "the peptides look like class I and class II ligands mixed",
    }.get(kind, "the peptides do not look like class I ligands")


def match_motifs(
    motifs: Mapping[int, Sequence[str] | pa.ChunkedArray],
    types: Sequence[str] = (),
    *,
    reference: HlaReference | None = None,
) -> MotifHla:
    """Return what motifs of class I ligands suggest.

    Parameters
    ----------
    motifs
        The peptides of each motif by its number.
    types
        HLA types of the sample, however they are written.
    reference
        The alleles to choose from; None means those in the package.
    """
    reference = reference or hla_reference()
    typing = read_typing(types, reference)
    if typing.mouse:
        note = "No HLA molecule is suggested: the sample's types are those of a mouse."
        return MotifHla({}, tuple(types), notes=(note, *typing.notes))
    if not motifs:
        note = "No HLA molecule is suggested: there is no motif."
        return MotifHla({}, tuple(types), notes=(note, *typing.notes))
    fits = reference.fits(np.array([shares_of(peptides) for peptides in motifs.values()]))
    found = {
        number: _of_motif(number, len(motifs[number]), row, typing, reference=reference)
        for number, row in zip(motifs, fits, strict=True)
    }
    matched = {name for each in found.values() for name in list(each.typed)[:1]}
    alone = tuple(name for name in typing.alleles if name not in matched)
    p_value = typing_p_value(fits, typing, reference)
    sentences = [
        *with_one_molecule(found.values()),
        *without_motif(alone, found.values()),
        *note_on_random_typings(p_value, typing, tuple(found.values())),
    ]
    return MotifHla(
        found,
        types=tuple(types),
        without_motif=alone,
        typing_p_value=p_value,
        sentences=tuple(sentences),
        notes=(_WHAT_FIT_MEANS.format(len(reference.alleles)), *typing.notes),
    )


_WHAT_FIT_MEANS = (
    "HLA is suggested, not typed: each motif is compared with the published ligands of {} class I "
    "molecules. Fit is the correlation of residue shares at the peptides' ends (1 at best); p says "
    "how often the pockets of known molecules, combined at random, fit any molecule as well."
)


def _of_motif(
    number: int,
    peptides: int,
    fits: NDArray[np.float64],
    typing: Typing,
    *,
    reference: HlaReference,
) -> ClusterHla:
    """Return what one motif suggests, from its fits with all alleles."""
    order = np.argsort(-fits, kind="stable")
    best = float(fits[order[0]])
    alike = reference.fits(reference.shares[order[:1]])[0] >= _ALIKE
    close = [r for r in order if fits[r] >= (LEAST_FIT if alike[r] else best - _CLOSE)]
    close = close if best >= LEAST_FIT else []

    def told(row: int) -> HlaFit:
        return HlaFit(reference.alleles[row], float(fits[row]), int(reference.ligands[row]))

    of_types = {
        name: told(max((reference.place[each] for each in alleles), key=lambda row: fits[row]))
        for name, alleles in typing.alleles.items()
    }
    typed = {
        name: fit
        for name, fit in sorted(of_types.items(), key=lambda pair: -pair[1].fit)
        if fit.fit >= LEAST_TYPED_FIT
    }
    suggested, nearest = tuple(told(row) for row in close), told(order[0])
    p_value = reference.p_value(best)
    return ClusterHla(
        cluster=number,
        peptides=peptides,
        suggested=suggested,
        nearest=nearest,
        p_value=p_value,
        typed=typed,
        sentence=of_cluster(number, suggested, nearest, p_value, typed=typed, given=of_types),
    )
