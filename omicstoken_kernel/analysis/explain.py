"""The explanation of one peptide of a run: everything known about it, on what grounds."""

from __future__ import annotations

import difflib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.analysis import peptide_card
from omicstoken_kernel.analysis.described import described_peptides
from omicstoken_kernel.analysis.explain_words import explanation_sentences
from omicstoken_kernel.analysis.origins import origins_of
from omicstoken_kernel.analysis.predicted import predicted_of
from omicstoken_kernel.analysis.relatives import other_runs, relatives
from omicstoken_kernel.analysis.suggested_hla import suggested_hla
from omicstoken_kernel.errors import IndexUnavailable, ModelUnavailable, NotFound

if TYPE_CHECKING:
    import pyarrow as pa

    from omicstoken_kernel.analysis.hits import Hit, SearchResult
    from omicstoken_kernel.analysis.origins import Origin
    from omicstoken_kernel.analysis.peptide_card import Abundance, Descriptor, Peptidoform
    from omicstoken_kernel.analysis.predicted import PredictedBy
    from omicstoken_kernel.analysis.relatives import Relative
    from omicstoken_kernel.analysis.sentences import Sentence
    from omicstoken_kernel.analysis.suggested_hla import SuggestedHla
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.fingerprints import Fingerprint
    from omicstoken_kernel.store.runs import Run

__all__ = ["Explanation", "Place", "explain"]

_NEIGHBOURS = 10


@dataclass(frozen=True)
class Place:
    """Where a peptide lies in its run's fingerprint; ``cluster`` and ``motif`` None: unassigned.

    ``responsibility`` (0..1) says how surely it belongs to its cluster, None where nothing is
    grouped; ``method`` is how the run was grouped.
    """

    cluster: int | None
    motif: str | None
    responsibility: float | None
    clusters: int
    method: str


@dataclass(frozen=True)
class Explanation:
    """One peptide of a run.

    Parameters
    ----------
    run_id, run_name, peptide
        What is explained.
    peptidoforms
        As what it was found in the run.
    quantity_kind
        Kind of the run's quantities.
    abundance
        Its quantity and rank; None where the file has none for it.
    descriptors
        Value and percentile within the run, by name.
    place
        Its cluster; None where the run has no fingerprint, for ``note``.
    neighbours
        The most alike peptides of the owner's runs, itself left out.
    relatives
        Peptides of the owner's runs that contain it, lie in it, or differ from it by one residue or
        only by I and L.
    other_runs
        The owner's other runs it was found in: id to name.
    runs_searched
        How many other runs the owner has.
    proteins
        As the file names them.
    origins
        Where it lies in the proteomes the run was mapped to.
    predictions
        What other programs predict for it.
    suggested_hla
        What the motif of its cluster suggests; None where nothing is compared with it.
    model_key
        The model behind cluster and neighbours; None where there is none.
    note
        What is missing here, and how to get it; empty where nothing is.
    sentences
        All of this in words.
    """

    run_id: str
    run_name: str
    peptide: str
    peptidoforms: tuple[Peptidoform, ...]
    quantity_kind: str
    abundance: Abundance | None
    descriptors: dict[str, Descriptor]
    place: Place | None
    neighbours: tuple[Hit, ...]
    relatives: tuple[Relative, ...]
    other_runs: dict[str, str]
    runs_searched: int
    proteins: tuple[str, ...]
    origins: tuple[Origin, ...]
    predictions: tuple[PredictedBy, ...]
    suggested_hla: SuggestedHla | None
    model_key: str | None
    note: str
    sentences: tuple[Sentence, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the explanation in the shape of ``omicstoken explain --json``."""
        return {
            "run_id": self.run_id,
            "run_name": self.run_name,
            "peptide": self.peptide,
            "sentences": [sentence.as_json() for sentence in self.sentences],
            "peptidoforms": [asdict(form) for form in self.peptidoforms],
            "quantity_kind": self.quantity_kind,
            "abundance": None if self.abundance is None else asdict(self.abundance),
            "descriptors": {name: asdict(found) for name, found in self.descriptors.items()},
            "place": None if self.place is None else asdict(self.place),
            "neighbours": [hit.as_json() for hit in self.neighbours],
            "relatives": [relative.as_json() for relative in self.relatives],
            "other_runs": [
                {"run_id": run_id, "name": name} for run_id, name in self.other_runs.items()
            ],
            "proteins": list(self.proteins),
            "origins": [origin.as_json() for origin in self.origins],
            "predictions": [found.as_json() for found in self.predictions],
            "suggested_hla": self.suggested_hla and self.suggested_hla.as_json(),
            "model_key": self.model_key,
            "note": self.note,
        }


def explain(
    ctx: Context, run_id: str, peptide: str, *, model: str | None = None, seed: int = 0
) -> Explanation:
    """Return what is known about one peptide of one of the owner's runs.

    Parameters
    ----------
    ctx
        The Context.
    run_id
        The run.
    peptide
        Its sequence, or a peptidoform in ProForma; blanks and case do not matter.
    model
        Name of the embedder; None means the settings' choice, and what needs vectors the run does
        not have is then left out and said.
    seed
        Of the fingerprint.

    Raises
    ------
    InputError
        If the peptide cannot be read.
    NotFound
        If the run does not exist or belongs to someone else, has no such peptide (close ones are
        named), or has no vectors of a named model.
    """
    from omicstoken_kernel.store.features import Features
    from omicstoken_kernel.store.runs import Runs

    run = Runs(ctx).get(run_id)
    features = Features(ctx).of_run(run_id)
    sequence = _sequence_in(run, features, peptide)
    own = _of(features, sequence)
    found, note = _fingerprint(ctx, run_id, model=model, seed=seed)
    result, missing = _alike(ctx, sequence, model=_model_name(ctx, found, model))
    ids = np.sort(features["peptide_id"].unique().to_numpy())
    place = None if found is None else _place(found, sequence)
    explanation = Explanation(
        run_id=run.id,
        run_name=run.name,
        peptide=sequence,
        peptidoforms=peptide_card.peptidoforms(own),
        quantity_kind=run.quantity_kind,
        abundance=peptide_card.abundance(features, sequence, scale=run.quantity_scale),
        descriptors=peptide_card.descriptors(described_peptides(ctx, ids), sequence),
        place=place,
        neighbours=() if result is None else _others(result, sequence),
        relatives=relatives(ctx, sequence),
        other_runs=other_runs(ctx, own["peptide_id"][0].as_py(), run_id),
        runs_searched=len(Runs(ctx).list()) - 1,
        proteins=_proteins(own),
        origins=origins_of(ctx, run, sequence),
        predictions=predicted_of(ctx, run, sequence),
        suggested_hla=suggested_hla(ctx, found, None if place is None else place.cluster),
        model_key=None if result is None else result.model_key,
        note=note or missing,
    )
    return replace(explanation, sentences=explanation_sentences(explanation))


def _sequence_in(run: Run, features: pa.Table, peptide: str) -> str:
    """Return the stripped sequence after checking that the run has it."""
    from omicstoken_kernel.chemistry.proforma import strip
    from omicstoken_kernel.embedding.base import clean_sequence

    plain = peptide.isascii() and peptide.replace(" ", "").isalpha()
    sequence = clean_sequence(peptide if plain else strip(peptide.strip()))
    if pc.index(features["sequence"], sequence).as_py() >= 0:
        return sequence
    sequences = features["sequence"].unique().to_pylist()
    close = difflib.get_close_matches(sequence, sequences, n=3, cutoff=0.5)
    shown = sequence if len(sequence) <= 40 else f"{sequence[:40]}..."
    msg = f"The run '{run.name}' has no peptide '{shown}'."
    hint = f"Did you mean {' or '.join(close)}?" if close else ""
    raise NotFound(msg, hint or "'omicstoken runs features RUN' lists its peptides.")


def _of(features: pa.Table, sequence: str) -> pa.Table:
    return features.filter(pc.equal(features["sequence"], sequence))


def _fingerprint(
    ctx: Context, run_id: str, *, model: str | None, seed: int
) -> tuple[Fingerprint | None, str]:
    from omicstoken_kernel.analysis.fingerprint import fingerprint

    try:
        return fingerprint(ctx, [run_id], model=model, seed=seed), ""
    except NotFound as error:
        # The run exists, so it has no vectors; without a wish for a model the rest can be told.
        if model is not None:
            raise
        return None, str(error)


def _model_name(ctx: Context, found: Fingerprint | None, model: str | None) -> str | None:
    """Return the model neighbours are searched with: the one the cluster comes from."""
    from omicstoken_kernel.store.vectors import Vectors

    stored = None if found is None else Vectors(ctx).model(found.model_key)
    return model if stored is None else stored.name


def _alike(ctx: Context, sequence: str, *, model: str | None) -> tuple[SearchResult | None, str]:
    """Return the search for a peptide, or None and why there are no neighbours."""
    from omicstoken_kernel.analysis.search import search
    from omicstoken_kernel.embedding.base import why_not_embeddable

    reason = why_not_embeddable(sequence)
    if reason is not None:
        return None, f"{sequence} has no place among the others: {reason}."
    try:
        return search(ctx, sequence, model=model, k=_NEIGHBOURS + 1, substitutions=None), ""
    except (ModelUnavailable, IndexUnavailable) as error:
        return None, str(error)


def _others(result: SearchResult, sequence: str) -> tuple[Hit, ...]:
    hits = [hit for hit in result.hits if hit.sequence != sequence]
    return tuple(hits[:_NEIGHBOURS])


def _place(found: Fingerprint, sequence: str) -> Place | None:
    """Return where a peptide lies, or None where it has no vector."""
    row = pc.index(found.points["sequence"], sequence).as_py()
    if row < 0:
        return None
    cluster = found.points["cluster"][row].as_py()
    motifs = {each.id: each.motif for each in found.clusters}
    return Place(
        cluster=cluster,
        motif=None if cluster is None else motifs[cluster],
        responsibility=found.points["responsibility"][row].as_py(),
        clusters=len(found.clusters),
        method=found.method,
    )


def _proteins(own: pa.Table) -> tuple[str, ...]:
    named = {
        protein.strip(): None
        for proteins in own["proteins"].to_pylist()
        for protein in proteins.split(";")
    }
    return tuple(protein for protein in named if protein)
