"""No repository lets one owner at what is another's: every public method is tried with foreign ids.

The methods are found by looking at the repositories, so a new one fails here until it is covered or
listed as having no owner, with the reason.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import numpy as np
import pytest

from omicstoken_kernel import store
from omicstoken_kernel.errors import NotFound
from omicstoken_kernel.ingest.fasta import PROTEINS, ParsedProteome
from omicstoken_kernel.store.dump import logical_dump
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.fingerprints import POINTS, Fingerprint, Fingerprints
from omicstoken_kernel.store.jobs import Jobs
from omicstoken_kernel.store.mappings import PLACES, Mapping, Mappings
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.predictions import PREDICTED, Predictions, PredictionSet
from omicstoken_kernel.store.proteomes import Proteomes
from omicstoken_kernel.store.reports import Report, Reports
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.selections import Selections
from omicstoken_kernel.store.uploads import Uploads
from omicstoken_kernel.store.vectors import Vectors

REPOSITORIES = (
    Uploads, Features, Runs, Peptides, Vectors, Fingerprints, Reports, Jobs, Proteomes, Mappings,
    Predictions, Selections,
)  # fmt: skip
MISSING = "run_0000000000000000"

#: What has no owner, and why that gives nothing away.
OWNERLESS = {
    "Peptides.by_ids": "a peptide belongs to nobody; ids come from what the owner may see",
    "Peptides.descriptors": "descriptors are public functions of a sequence",
    "Vectors.model": "models belong to nobody",
    "Vectors.models": "models belong to nobody",
    "Vectors.lacking": "vectors belong to nobody; ids come from what the owner may see",
    "Vectors.add": "a vector is a public function of its sequence",
    "Vectors.stream": "vectors belong to nobody; the index is built from all of them",
    "Vectors.of_peptides": "vectors belong to nobody; ids come from what the owner may see",
    "Uploads.add": "writes what is the caller's own",
    "Proteomes.add": "writes what is the caller's own",
    "Jobs.create": "writes what is the caller's own",
}


class Theirs:
    """What somebody else has stored."""

    def __init__(self, ctx, store_runs, make_sequences):
        self.sequences = make_sequences(20, 5)
        (self.run,) = store_runs(ctx, {"their secret run": self.sequences}, file="theirs.tsv")
        self.upload = Uploads(ctx).get(self.run.upload_id)
        self.peptide_ids = Peptides(ctx).visible_ids()
        Vectors(ctx).add(
            model_key="m",
            name="m",
            dim=1,
            peptide_ids=self.peptide_ids,
            vectors=np.ones((20, 1), dtype=np.float32),
        )
        self.fingerprint = Fingerprints(ctx).save(made_fingerprint(self.run.id))
        self.report = Reports(ctx).save(made_report(self.run.id))
        self.job = Jobs(ctx).create("embed", {}, self.run.id)
        self.proteome = add_proteome(ctx)
        self.mapping = Mappings(ctx).save(made_mapping(self.run.id, self.proteome.id))
        self.prediction = Predictions(ctx).save(made_predictions(self.run.id))
        self.selection = Selections(ctx).save(
            "their secret selection", self.sequences[:2], run_ids=[self.run.id]
        )


def made_fingerprint(run_id):
    empty = POINTS.empty_table()
    return Fingerprint("", (run_id,), "0" * 64, "m", "motifs", {}, {}, {}, (), empty)


def made_report(run_id):
    return Report("", "insight_report", {}, (run_id,), "/a.html", "/a.ipynb", "0" * 64, 1.0)


def add_proteome(ctx):
    parsed = ParsedProteome(PROTEINS.empty_table(), {}, {})
    return Proteomes(ctx).add(
        parsed, name="their proteome", file_name="p.fasta", sha256="0" * 64, size_bytes=1
    )


def made_mapping(run_id, proteome_id):
    return Mapping(run_id, proteome_id, "0" * 64, False, 3, {}, PLACES.empty_table())


def made_predictions(run_id):
    return PredictionSet(run_id, "a.xls", "0" * 64, "NetMHCpan", "", {}, PREDICTED.empty_table())


@pytest.fixture
def theirs(any_ctx, other, store_runs, make_sequences):
    return Theirs(other(any_ctx), store_runs, make_sequences)


def by_run(call):
    """Return calls with a foreign and with a missing run."""
    return lambda ctx, their: (lambda: call(ctx, their.run.id), lambda: call(ctx, MISSING))


def by_id(kind, call):
    """Return calls with a foreign and with a missing id of a kind."""
    return lambda ctx, their: (
        lambda: call(ctx, getattr(their, kind).id),
        lambda: call(ctx, MISSING),
    )


#: Methods that must say NotFound: a foreign id and a missing one, alike.
REFUSED = {
    "Uploads.get": by_id("upload", lambda c, i: Uploads(c).get(i)),
    "Uploads.delete": by_id("upload", lambda c, i: Uploads(c).delete(i)),
    "Features.of_run": by_run(lambda c, i: Features(c).of_run(i)),
    "Features.batches": by_run(lambda c, i: list(Features(c).batches(i, 10))),
    "Features.occurrences": by_run(lambda c, i: Features(c).occurrences([1], run_ids=[i])),
    "Runs.list": by_id("upload", lambda c, i: Runs(c).list(upload_id=i)),
    "Runs.get": by_run(lambda c, i: Runs(c).get(i)),
    "Runs.find": by_run(lambda c, i: Runs(c).find(i)),
    "Runs.rename": by_run(lambda c, i: Runs(c).rename(i, "mine now")),
    "Runs.annotate": by_run(lambda c, i: Runs(c).annotate(i, donor="me")),
    "Runs.delete": by_run(lambda c, i: Runs(c).delete(i)),
    "Peptides.of_runs": by_run(lambda c, i: Peptides(c).of_runs([i])),
    "Peptides.visible": by_run(lambda c, i: Peptides(c).visible(run_ids=[i])),
    "Peptides.visible_ids": by_run(lambda c, i: Peptides(c).visible_ids(run_ids=[i])),
    "Vectors.missing": by_run(lambda c, i: Vectors(c).missing("m", [i])),
    "Vectors.counts_by_run": by_run(lambda c, i: Vectors(c).counts_by_run([i])),
    "Vectors.count": by_run(lambda c, i: Vectors(c).count("m", [i])),
    "Fingerprints.save": by_run(lambda c, i: Fingerprints(c).save(made_fingerprint(i))),
    "Fingerprints.get": by_id("fingerprint", lambda c, i: Fingerprints(c).get(i)),
    "Fingerprints.latest": by_run(lambda c, i: Fingerprints(c).latest([i])),
    "Fingerprints.list": by_run(lambda c, i: Fingerprints(c).list(i)),
    "Reports.save": by_run(lambda c, i: Reports(c).save(made_report(i))),
    "Reports.get": by_id("report", lambda c, i: Reports(c).get(i)),
    "Reports.delete": by_id("report", lambda c, i: Reports(c).delete(i)),
    "Proteomes.find": by_id("proteome", lambda c, i: Proteomes(c).find(i)),
    "Proteomes.proteins": by_id("proteome", lambda c, i: Proteomes(c).proteins(i)),
    "Proteomes.remove": by_id("proteome", lambda c, i: Proteomes(c).remove(i)),
    "Mappings.of_run": by_run(lambda c, i: Mappings(c).of_run(i)),
    "Mappings.save": by_run(lambda c, i: Mappings(c).save(made_mapping(i, "prot_0"))),
    "Predictions.of_run": by_run(lambda c, i: Predictions(c).of_run(i)),
    "Predictions.save": by_run(lambda c, i: Predictions(c).save(made_predictions(i))),
    "Predictions.remove": by_id("prediction", lambda c, i: Predictions(c).remove(i)),
    "Jobs.get": by_id("job", lambda c, i: Jobs(c).get(i)),
    "Jobs.update": by_id("job", lambda c, i: Jobs(c).update(i, progress=0.5)),
    "Jobs.request_cancel": by_id("job", lambda c, i: Jobs(c).request_cancel(i)),
}

REFUSED |= {
    "Selections.find": by_id("selection", lambda c, i: Selections(c).find(i)),
    "Selections.sequences": by_id("selection", lambda c, i: Selections(c).sequences(i)),
    "Selections.rename": by_id("selection", lambda c, i: Selections(c).rename(i, "mine")),
    "Selections.delete": by_id("selection", lambda c, i: Selections(c).delete(i)),
    "Selections.save": by_run(lambda c, i: Selections(c).save("mine", ["AAK"], run_ids=[i])),
}

#: Methods that must return what an owner without anything gets.
EMPTY = {
    "Uploads.list": (lambda c, their: Uploads(c).list(), ()),
    "Uploads.by_sha256": (lambda c, their: Uploads(c).by_sha256(their.upload.sha256), None),
    "Features.occurrences": (
        lambda c, their: Features(c).occurrences(their.peptide_ids).num_rows,
        0,
    ),
    "Features.places": (lambda c, their: Features(c).places(their.peptide_ids).num_rows, 0),
    "Runs.list": (lambda c, their: Runs(c).list(), ()),
    "Peptides.of_runs": (lambda c, their: Peptides(c).of_runs([]).num_rows, 0),
    "Peptides.visible": (lambda c, their: Peptides(c).visible().num_rows, 0),
    "Peptides.visible_ids": (lambda c, their: len(Peptides(c).visible_ids()), 0),
    "Peptides.find": (lambda c, their: Peptides(c).find(their.sequences[0]), None),
    "Vectors.missing": (lambda c, their: Vectors(c).missing("other", None).num_rows, 0),
    "Vectors.counts_by_run": (lambda c, their: Vectors(c).counts_by_run(), {}),
    "Fingerprints.list": (lambda c, their: Fingerprints(c).list(), ()),
    "Reports.list": (lambda c, their: Reports(c).list(their.run.id), ()),
    "Proteomes.list": (lambda c, their: Proteomes(c).list(), ()),
    "Proteomes.by_sha256": (lambda c, their: Proteomes(c).by_sha256("0" * 64), None),
    "Selections.list": (lambda c, their: Selections(c).list(), ()),
    "Jobs.list": (lambda c, their: Jobs(c).list(), ()),
    "Jobs.latest": (lambda c, their: Jobs(c).latest(their.run.id), None),
    "Jobs.latest_by_subject": (lambda c, their: Jobs(c).latest_by_subject(), {}),
}


def public_methods():
    return {
        f"{repository.__name__}.{name}"
        for repository in REPOSITORIES
        for name, _ in inspect.getmembers(repository, inspect.isfunction)
        if not name.startswith("_")
    }


def test_every_repository_of_the_store_is_looked_at():
    found = set()
    for module_info in pkgutil.iter_modules(store.__path__):
        module = importlib.import_module(f"{store.__name__}.{module_info.name}")
        for _, member in inspect.getmembers(module, inspect.isclass):
            if member.__module__ == module.__name__ and not member.__name__.startswith("_"):
                parameters = list(inspect.signature(member).parameters)
                if parameters[:1] == ["ctx"]:
                    found.add(member)
    assert found == set(REPOSITORIES)


def test_every_public_method_is_tried_or_has_a_reason_not_to_be():
    tried = set(REFUSED) | set(EMPTY) | {"Features.replace"}
    assert public_methods() - tried - set(OWNERLESS) == set()
    assert (tried | set(OWNERLESS)) - public_methods() == set()
    assert tried & set(OWNERLESS) == set()
    assert all(OWNERLESS.values())


def test_every_method_with_ids_of_owned_things_is_among_the_refused():
    owned = {"run_id", "run_ids", "upload_id", "fingerprint_id", "report_id", "job_id"}
    named = {
        f"{repository.__name__}.{name}"
        for repository in REPOSITORIES
        for name, method in inspect.getmembers(repository, inspect.isfunction)
        if not name.startswith("_") and owned & set(inspect.signature(method).parameters)
    }
    # Reports outlive their runs, so theirs are listed for a run that may be gone.
    assert named - set(REFUSED) == {"Features.replace", "Reports.list"}


@pytest.mark.parametrize("method", sorted(REFUSED))
def test_a_foreign_id_is_as_unknown_as_a_missing_one(any_ctx, theirs, method):
    before = logical_dump(any_ctx)
    foreign, missing = REFUSED[method](any_ctx, theirs)
    with pytest.raises(NotFound) as of_foreign:
        foreign()
    with pytest.raises(NotFound) as of_missing:
        missing()
    assert blurred(of_foreign.value) == blurred(of_missing.value)
    assert "their secret run" not in str(of_foreign.value)
    assert logical_dump(any_ctx) == before


def blurred(error):
    """Return code, message and hint of an error with the id itself blotted out."""
    message, _, rest = error.message.partition("'")
    return error.code, message, rest.partition("'")[2], error.hint


def test_a_foreign_upload_cannot_be_written_to(any_ctx, theirs, make_parsed):
    before = logical_dump(any_ctx)
    parsed = make_parsed({"a": ["PEPTIDEK"]})
    with pytest.raises(NotFound) as of_foreign:
        Features(any_ctx).replace(theirs.upload.id, parsed, {})
    with pytest.raises(NotFound) as of_missing:
        Features(any_ctx).replace(MISSING, parsed, {})
    assert blurred(of_foreign.value) == blurred(of_missing.value)
    assert logical_dump(any_ctx) == before


@pytest.mark.parametrize("method", sorted(EMPTY))
def test_what_others_have_is_not_in_what_an_owner_gets(any_ctx, theirs, method):
    call, expected = EMPTY[method]
    assert call(any_ctx, theirs) == expected


def test_one_foreign_run_among_own_ones_spoils_the_question(any_ctx, theirs, store_runs):
    (own,) = store_runs(any_ctx, {"mine": ["PEPTIDEK"]})
    with pytest.raises(NotFound, match=theirs.run.id):
        Peptides(any_ctx).visible(run_ids=[own.id, theirs.run.id])


def test_a_shared_peptide_shows_only_the_owners_occurrences(any_ctx, theirs, store_runs):
    (own,) = store_runs(any_ctx, {"mine": theirs.sequences[:3]})
    found = Features(any_ctx).occurrences(theirs.peptide_ids)
    assert set(found["run_id"].to_pylist()) == {own.id}
    assert Vectors(any_ctx).counts_by_run() == {own.id: {"m": 3}}


def test_deleting_ones_own_leaves_what_is_theirs(any_ctx, theirs, other, store_runs):
    before = logical_dump(any_ctx)
    (own,) = store_runs(any_ctx, {"their secret run": theirs.sequences})
    Fingerprints(any_ctx).save(made_fingerprint(own.id))
    Uploads(any_ctx).delete(own.upload_id)
    assert logical_dump(any_ctx) == before
