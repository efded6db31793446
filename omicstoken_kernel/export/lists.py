"""A run's peptides as the input of other programs, and the command line that reads it.

| program | lengths | file |
|---|---|---|
| ``netmhcpan`` | 8 to 14 | one peptide a line |
| ``netmhciipan`` | 9 and more | one peptide a line |
| ``mixmhcpred`` | 8 to 14 | one peptide a line |
| ``mhcflurry`` | 8 to 15 | CSV with the columns ``allele`` and ``peptide``, a row for each pair |
| ``gibbscluster`` | 8 to 13 for class I ligands, else 9 to 50 | one peptide a line |

Peptides are written without modifications, each once, sorted; letters are the twenty amino acids'.
"""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.export._publish import published
from omicstoken_kernel.export.allele_names import Spelt, spell
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.files import digest_of
from omicstoken_kernel.store.runs import Runs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from omicstoken_kernel.context import Context

__all__ = ["PROGRAMS", "ListResult", "write_list"]

_TWENTY = frozenset("ACDEFGHIKLMNPQRSTVWY")


class _Program(NamedTuple):
    """A program: its name as its authors write it, least and greatest length, and its call."""

    name: str
    least: int
    most: int
    command: str


_ENDLESS = 100_000

#: Programs by the name they are asked for.
PROGRAMS: dict[str, _Program] = {
    "netmhcpan": _Program(
        "NetMHCpan", 8, 14, "netMHCpan -p {file} -a {alleles} -BA -xls -xlsfile {out}.xls"
    ),
    "netmhciipan": _Program(
        "NetMHCIIpan",
        9,
        _ENDLESS,
        "netMHCIIpan -f {file} -inptype 1 -a {alleles} -BA -xls -xlsfile {out}.xls",
    ),
    "mixmhcpred": _Program("MixMHCpred", 8, 14, "MixMHCpred -i {file} -o {out}.txt -a {alleles}"),
    "mhcflurry": _Program("MHCflurry", 8, 15, "mhcflurry-predict {file} --out {out}.csv"),
    "gibbscluster": _Program(
        "GibbsCluster", 9, 50, "gibbscluster -f {file} -P {run} -g 1-6 -l 9 -T -j 2"
    ),
}
# The configuration its authors recommend for class I ligands: no shifts, deletions, an insertion.
_GIBBS_CLASS_I = _Program("GibbsCluster", 8, 13, f"{PROGRAMS['gibbscluster'].command} -C -D 4 -I 1")


@dataclass(frozen=True)
class ListResult:
    """A written list.

    Parameters
    ----------
    path, sha256, records
        The file, its checksum, and how many peptides it holds.
    program
        The program's name.
    left_out
        Peptides of the run that are not in it, by reason.
    modified_only
        Peptides in it that the run has with modifications only: the program sees none of these.
    alleles, alleles_left_out
        The sample's types in the program's spelling, and those it cannot be given, with the reason.
    command
        The command line, with ``ALLELES`` where the sample has no usable types.
    notes
        What else the reader should know.
    """

    path: Path
    sha256: str
    records: int
    program: str
    left_out: dict[str, int]
    modified_only: int
    alleles: tuple[str, ...]
    alleles_left_out: dict[str, str]
    command: str
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the shape of ``omicstoken export --for PROGRAM --json``."""
        return {
            "path": str(self.path),
            "sha256": self.sha256,
            "records": self.records,
            "program": self.program,
            "left_out": self.left_out,
            "modified_only": self.modified_only,
            "alleles": list(self.alleles),
            "alleles_left_out": self.alleles_left_out,
            "command": self.command,
            "notes": list(self.notes),
        }


def write_list(ctx: Context, run_id: str, path: Path, *, program: str) -> ListResult:
    """Write a run's peptides as another program reads them.

    Raises
    ------
    InputError
        If the program is unknown, or no peptide of the run is one it takes.
    NotFound
        If the run does not exist or belongs to someone else.
    ExportError
        If the file cannot be written.
    """
    if program not in PROGRAMS:
        msg = f"There is no list for '{program}'."
        raise InputError(msg, f"Lists are written for: {', '.join(PROGRAMS)}.")
    run = Runs(ctx).get(run_id)
    features = Features(ctx).of_run(run_id)
    sequences: list[str] = sorted(features["sequence"].unique().to_pylist())
    chosen = _chosen(program, sequences)
    kept, left_out = _sifted(sequences, chosen)
    if not kept:
        told = ", ".join(f"{number:,} {reason}" for reason, number in left_out.items())
        msg = f"No peptide of '{run.name}' is one {chosen.name} takes: {told or 'it has none'}."
        raise InputError(msg, "Nothing was written.")
    spelt = spell(run.sample.hla, program) if _is_by_allele(program) else Spelt()
    with published(path) as part:
        part.write_text(_text(program, kept, spelt.alleles), encoding="ascii", newline="\n")
        sha256 = digest_of(part)
    whole = _unmodified(features)
    return ListResult(
        path=path,
        sha256=sha256,
        records=len(kept),
        program=chosen.name,
        left_out=left_out,
        modified_only=sum(each not in whole for each in kept),
        alleles=tuple(spelt.alleles),
        alleles_left_out=spelt.left_out,
        command=_command(chosen, path, spelt.alleles),
        notes=_notes(chosen, spelt, program),
    )


def _is_by_allele(program: str) -> bool:
    return program != "gibbscluster"


def _chosen(program: str, sequences: Sequence[str]) -> _Program:
    from omicstoken_kernel.analysis.length_profile import call_class

    if program == "gibbscluster" and call_class(sequences).kind == "class_i":
        return _GIBBS_CLASS_I
    return PROGRAMS[program]


def _sifted(sequences: Sequence[str], chosen: _Program) -> tuple[list[str], dict[str, int]]:
    left_out: Counter[str] = Counter()
    kept = []
    for sequence in sequences:
        if len(sequence) < chosen.least:
            left_out[f"shorter than {chosen.least} residues"] += 1
        elif len(sequence) > chosen.most:
            left_out[f"longer than {chosen.most} residues"] += 1
        elif not _TWENTY.issuperset(sequence):
            left_out["with a letter that is none of the twenty amino acids"] += 1
        else:
            kept.append(sequence)
    return kept, dict(left_out)


def _unmodified(features: pa.Table) -> set[str]:
    """Return the peptides the run has without any modification."""
    import pyarrow.compute as pc

    plain = pc.equal(features["sequence"], features["proforma"])
    return set(features["sequence"].filter(plain).to_pylist())


def _text(program: str, kept: Sequence[str], alleles: Sequence[str]) -> str:
    if program != "mhcflurry":
        return "\n".join(kept) + "\n"
    if not alleles:
        return "\n".join(["peptide", *kept]) + "\n"
    rows = [f"{allele},{peptide}" for allele in alleles for peptide in kept]
    return "\n".join(["allele,peptide", *rows]) + "\n"


def _command(chosen: _Program, path: Path, alleles: Sequence[str]) -> str:
    stem = path.with_name(f"{path.name.partition('.')[0] or path.name}-result")
    return chosen.command.format(
        file=shlex.quote(str(path)),
        out=shlex.quote(str(stem)),
        run=shlex.quote(stem.name),
        alleles=",".join(alleles) or "ALLELES",
    )


def _notes(chosen: _Program, spelt: Spelt, program: str) -> tuple[str, ...]:
    notes = []
    if _is_by_allele(program) and not spelt.alleles:
        where = "the column 'allele' is missing" if program == "mhcflurry" else "put in ALLELES"
        notes.append(
            f"The sample has no HLA type that {chosen.name} takes, so {where}: "
            "'omicstoken runs annotate RUN --hla TYPES' gives it some."
        )
    if spelt.paired:
        notes.append("DQ or DP chains were typed one by one: every pair of them is named.")
    return tuple(notes)
