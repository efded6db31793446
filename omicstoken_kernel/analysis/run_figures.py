"""What the checks of quality look at: counts and shares of one run, or of a sample's runs."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from omicstoken_kernel.store.fingerprints import Fingerprint
    from omicstoken_kernel.store.runs import Run

__all__ = ["BY_DESIGN", "Elution", "FileAccount", "RunFigures", "account_of", "figures_of"]

#: Modifications that the laboratory puts on by design: alkylation of cysteine and mass labels. They
#: say nothing against a sample, however many peptides carry them.
BY_DESIGN = re.compile(
    r"carbamidomethyl|methylthio|n-?ethylmaleimide|propionamide|^tmt|itraq|^label:|silac|mtraq",
    re.IGNORECASE,
)

_TAG = re.compile(r"\[([^\[\]]+)\]")
# Fewer peptides than this say nothing about the order of elution.
_FEWEST_ELUTED = 50
_TENTHS = 10


@dataclass(frozen=True)
class Elution:
    """When the peptides of a run eluted.

    Parameters
    ----------
    first_s, last_s
        Earliest and latest retention time, in seconds.
    fullest_tenth
        Share of the peptides in the fullest tenth of that span, 0..1.
    hydrophobicity
        Spearman correlation of retention time with the Kyte-Doolittle mean (GRAVY), -1..1; None
        where one of them does not vary.
    peptides
        Number of peptides with a retention time.
    """

    first_s: float
    last_s: float
    fullest_tenth: float
    hydrophobicity: float | None
    peptides: int


@dataclass(frozen=True)
class FileAccount:
    """What became of the rows of the file a run came from, all its runs together."""

    rows: int
    used: int
    merged: int
    decoys: int


@dataclass(frozen=True)
class RunFigures:
    """What the checks look at; shares are 0..1 and None where there is nothing to take a share of.

    ``modified``, ``modified_undesigned`` (otherwise than by :data:`BY_DESIGN`), ``contaminants``
    and ``quantified`` are shares of features, ``undefined`` of peptides (those with B, J, X or Z).
    ``modifications`` gives kinds with their share of features, the commonest first, ``charges`` the
    share of each precursor charge among features that have one, ``forms`` the number of distinct
    peptidoforms and charges. ``unassigned`` is the share of peptides in no motif; None where
    they were not grouped by motif. ``bare`` says that the file lists peptides and nothing else,
    ``proteins_given`` that it names proteins, without which nothing is known of contaminants;
    ``timed`` is the number of features with a retention time.
    """

    peptides: int
    features: int
    modified: float | None
    contaminants: float | None
    quantified: float | None
    undefined: float | None
    quantity_kind: str
    hla: tuple[str, ...]
    forms: int | None = None
    modifications: tuple[tuple[str, float], ...] = ()
    modified_undesigned: float | None = None
    charges: tuple[tuple[int, float], ...] = ()
    elution: Elution | None = None
    account: FileAccount | None = None
    unassigned: float | None = None
    bare: bool = False
    proteins_given: bool = True
    timed: int = 0

    @property
    def features_per_peptide(self) -> float | None:
        """Mean number of distinct peptidoforms and charges a peptide was found as."""
        found = self.features if self.forms is None else self.forms
        return found / self.peptides if self.peptides else None

    def as_json(self) -> dict[str, Any]:
        """Return the figures as a JSON object."""
        return {
            **vars(self),
            "hla": list(self.hla),
            "modifications": dict(self.modifications),
            "charges": {str(charge): held for charge, held in self.charges},
            "elution": None if self.elution is None else vars(self.elution).copy(),
            "account": None if self.account is None else vars(self.account).copy(),
            "features_per_peptide": self.features_per_peptide,
        }


def account_of(report: dict[str, Any]) -> FileAccount | None:
    """Return the account of a file's rows from its ingest report; None where it has no ledger."""
    ledger = report.get("ledger", {})
    if not ledger:
        return None
    filtered = ledger.get("filtered", {})
    decoys = sum(number for why, number in filtered.items() if "decoy" in why)
    return FileAccount(ledger["rows_in"], ledger["used"], ledger["merged"], decoys)


def figures_of(
    run: Run,
    features: pa.Table,
    sequences: list[str],
    *,
    account: FileAccount | None = None,
    fingerprint: Fingerprint | None = None,
) -> RunFigures:
    """Return the figures of a run.

    Parameters
    ----------
    run
        The run, with its sample.
    features
        All its features, with the columns of :data:`~omicstoken_kernel.store.features.RUN_FEATURES`
        but for the ids.
    sequences
        Its distinct peptides.
    account
        Of the file it came from.
    fingerprint
        Of the run by motif; None where there is none.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    total = features.num_rows

    def of_features(mask: pa.ChunkedArray) -> float | None:
        return (pc.sum(mask).as_py() or 0) / total if total else None

    letters = pc.match_substring_regex(pa.array(sequences, pa.string()), "[BJXZ]")
    undefined = pc.sum(letters).as_py() or 0
    kinds, undesigned = _modifications(features)
    charges = _charges(features)
    elution = _elution(features)
    return RunFigures(
        peptides=len(sequences),
        features=total,
        # A ProForma string without modification is the bare sequence.
        modified=of_features(pc.not_equal(features["proforma"], features["sequence"])),
        contaminants=of_features(features["contaminant"]),
        quantified=of_features(pc.is_valid(features["quantity"])),
        undefined=undefined / len(sequences) if sequences else None,
        quantity_kind=run.quantity_kind,
        hla=run.sample.hla,
        forms=_forms(features),
        modifications=kinds,
        modified_undesigned=undesigned / total if total else None,
        charges=charges,
        elution=elution,
        account=account,
        unassigned=_unassigned(fingerprint),
        bare=_is_bare(run, features),
        timed=total - features["rt_s"].null_count,
        proteins_given=bool(pc.any(pc.not_equal(features["proteins"], "")).as_py()),
    )


def _is_bare(run: Run, features: pa.Table) -> bool:
    given = any(features[name].null_count < len(features) for name in ("precursor_charge", "rt_s"))
    return run.quantity_kind == "none" and not given


def _forms(features: pa.Table) -> int:
    keys = features.select(["proforma", "precursor_charge"])
    return int(keys.group_by(keys.column_names).aggregate([]).num_rows)


def _modifications(features: pa.Table) -> tuple[tuple[tuple[str, float], ...], int]:
    """Return kinds with their share of features, and how many features have an undesigned one."""
    import pyarrow.compute as pc

    kinds: Counter[str] = Counter()
    undesigned = 0
    written = features["proforma"]
    for proforma in written.filter(pc.match_substring(written, "[")).to_pylist():
        found = set(_TAG.findall(proforma))
        kinds.update(found)
        undesigned += any(not BY_DESIGN.search(name) for name in found)
    total = features.num_rows
    ranked = sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))
    return tuple((name, number / total) for name, number in ranked), undesigned


def _charges(features: pa.Table) -> tuple[tuple[int, float], ...]:
    given = features["precursor_charge"].drop_null().to_pylist()
    return tuple((charge, n / len(given)) for charge, n in sorted(Counter(given).items()))


def _elution(features: pa.Table) -> Elution | None:
    """Return when peptides eluted; None where too few have a time, or all the same one."""
    import numpy as np
    import pandas as pd

    frame = features.select(["sequence", "rt_s"]).to_pandas().dropna()
    times = frame.groupby("sequence")["rt_s"].median()
    if len(times) < _FEWEST_ELUTED or times.min() == times.max():
        return None
    # Loaded where there are times: it takes longer than all else here.

    from omicstoken_kernel.chemistry.descriptors import describe

    held, _edges = np.histogram(times, _TENTHS)
    gravy = describe(list(times.index))["gravy"].to_numpy(zero_copy_only=False).astype(float)
    known = np.isfinite(gravy)
    varied = known.sum() >= _FEWEST_ELUTED and np.ptp(gravy[known]) > 0
    # Spearman's correlation is that of ranks; scipy's takes two seconds to import.
    ranks = pd.DataFrame({"time": times[known], "gravy": gravy[known]}).rank()
    return Elution(
        first_s=float(times.min()),
        last_s=float(times.max()),
        fullest_tenth=float(held.max() / len(times)),
        hydrophobicity=float(np.corrcoef(ranks, rowvar=False)[0, 1]) if varied else None,
        peptides=len(times),
    )


def _unassigned(fingerprint: Fingerprint | None) -> float | None:
    if fingerprint is None or not fingerprint.points.num_rows:
        return None
    return float(fingerprint.unassigned / fingerprint.points.num_rows)
