"""The summary of a run: what it is made of and where it stands, each sentence with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omicstoken_kernel.analysis.clusters import BY_VECTOR
from omicstoken_kernel.analysis.motif_hla import motif_hla
from omicstoken_kernel.analysis.quality import assess
from omicstoken_kernel.analysis.run_figures import account_of
from omicstoken_kernel.analysis.standing import Neighbour, neighbouring_runs
from omicstoken_kernel.analysis.summary_words import RunPicture, summary_sentences
from omicstoken_kernel.errors import NotFound

if TYPE_CHECKING:
    from omicstoken_kernel.analysis.sentences import Sentence
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.fingerprints import Fingerprint

__all__ = ["Summary", "summarize"]


@dataclass(frozen=True)
class Summary:
    """A run in sentences.

    Parameters
    ----------
    run_id, run_name
        The run.
    sentences
        The most telling first.
    facts
        The figures behind them, for programs: ``peptides``, ``features``, ``class``, ``quality``,
        ``lengths``, ``clusters``, ``hla``, ``other_runs``, ``mappings``, ``model_key``,
        ``fingerprint_id``.
    """

    run_id: str
    run_name: str
    sentences: tuple[Sentence, ...]
    facts: dict[str, Any]

    def as_json(self) -> dict[str, object]:
        """Return the summary in the shape of ``omicstoken summarize --json``."""
        return {
            "run_id": self.run_id,
            "run_name": self.run_name,
            "sentences": [sentence.as_json() for sentence in self.sentences],
            "facts": self.facts,
        }


def summarize(ctx: Context, run_id: str, *, model: str | None = None, seed: int = 0) -> Summary:
    """Return what one of the owner's runs is made of, in plain sentences.

    The run's fingerprint is computed and stored if it is not there yet. Where no model is named
    and the run has no vectors, the summary does without clusters and says so.

    Raises
    ------
    NotFound
        If the run does not exist or belongs to someone else, or has no vectors of a named model.
    """
    from omicstoken_kernel.store.features import Features
    from omicstoken_kernel.store.mappings import Mappings
    from omicstoken_kernel.store.runs import Runs
    from omicstoken_kernel.store.uploads import Uploads

    run = Runs(ctx).get(run_id)
    features = Features(ctx).of_run(run_id)
    found, reason = _fingerprint(ctx, run_id, model=model, seed=seed)
    by_motif = found if found is not None and found.method != BY_VECTOR else None
    account = account_of(Uploads(ctx).get(run.upload_id).report)
    picture = RunPicture(
        run=run,
        quality=assess(run, features, account=account, fingerprint=by_motif),
        fingerprint=found,
        no_fingerprint=reason,
        others=neighbouring_runs(ctx, run_id, features),
        quantities=features.select(["sequence", "quantity"]),
        mappings=Mappings(ctx).of_run(run_id),
        hla=None if by_motif is None else motif_hla(ctx, by_motif),
    )
    return Summary(run.id, run.name, summary_sentences(picture), _facts(picture))


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
        return None, error.hint


def _facts(picture: RunPicture) -> dict[str, Any]:
    quality, found = picture.quality, picture.fingerprint
    return {
        "peptides": quality.figures.peptides,
        "features": quality.figures.features,
        "class": quality.call.kind,
        "quality": quality.grade,
        "lengths": {str(length): number for length, number in quality.lengths.items()},
        "clusters": [] if found is None else found.as_json()["clusters"],
        "hla": None if picture.hla is None else picture.hla.as_json(),
        "other_runs": [_as_dict(other) for other in picture.others],
        "mappings": [{"proteome": each.proteome_name, **each.counts} for each in picture.mappings],
        "model_key": None if found is None else found.model_key,
        "fingerprint_id": None if found is None else found.id,
    }


def _as_dict(other: Neighbour) -> dict[str, object]:
    return vars(other).copy()
