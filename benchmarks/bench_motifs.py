"""How well motifs are told apart and named; writes the figures into docs/science.md.

Mixtures of two, three and six alleles of held-out families, none of which the prior of the motifs
has seen, with and without random peptides; each motif compared with what is known of molecules,
with and without its own family; made-up class II runs whose cores are known. Needs the package
``immunotype`` (its table of labelled ligands). Mixtures are dealt out to one process per core.

    python benchmarks/bench_motifs.py --mixtures 30
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT))

import _motif_workers as workers  # noqa: E402 - after the path is set

from training.split import make_split  # noqa: E402

_DOC = _ROOT / "docs" / "science.md"
_BEGIN, _END = "<!-- figures: begin -->", "<!-- figures: end -->"
_JUNK = (0.0, 0.2)
_FEW = (2, 3)  # alleles of the smaller mixtures
_MOLECULES = (1, 2, 3, 4)  # of the made-up class II runs
_ROWS = {
    "ARI assigned": "motif mixture, number found: assigned peptides (junk among them counts)",
    "ARI assigned ligands": "the same, assigned ligands",
    "ARI all ligands": "the same, all ligands, the unassigned as one group",
    "plain": "plain mixture, told k = 6: all ligands",
    "plain on assigned": "plain mixture, told k = 6: ligands that the motif mixture assigns",
    "k-means 4 anchor": "k-means, k = 4, `anchor`",
    "k-means 6 anchor": "k-means, told k = 6, `anchor`",
    "k-means 4 ligand": "k-means, k = 4, `ligand`",
    "k-means 6 ligand": "k-means, told k = 6, `ligand`",
    "k-means 4 esm2": "k-means, k = 4, `esm2`",
    "k-means 6 esm2": "k-means, told k = 6, `esm2`",
    "with the labels": "ceiling: matrices that know the labels",
    "motifs": "motifs found (6 alleles)",
    "assigned": "share of ligands assigned",
    "recall": "junk recognised (recall)",
    "precision": "of the unassigned, junk (precision)",
    "seconds": "seconds per mixture",
    "cpu": "seconds of processor time per mixture",
}


_HLA_ROWS = {
    "HLA named": "a molecule is suggested",
    "HLA right family": "the first is of the right family",
    "HLA right allele": "the first is the right allele",
    "HLA among": "the right allele is among those named together",
    "HLA size": "alleles named together, where any is",
    "HLA none": "none is suggested when the family is left out of the reference",
}
_CORE_ROWS = {
    "motifs": "motifs found",
    "assigned": "share of ligands assigned",
    "ARI assigned": "ARI, assigned peptides (junk among them counts)",
    "ARI all ligands": "ARI, all ligands, the unassigned as one group",
    "k-means told k": "k-means, told k, `ligand`: all ligands",
    "k-means 4": "k-means, k = 4, `ligand`: all ligands",
    "core": "core where it was planted, assigned ligands",
    "core, single motif": "the same with one motif only",
    "core in the middle": "the same, always the middle",
    "core by chance": "the same, any place by chance",
    "recall": "junk recognised (recall)",
    "precision": "of the unassigned, junk (precision)",
    "seconds": "seconds",
}


def shown(values):
    """Return mean and 95 % interval over mixtures: t times the standard error."""
    from scipy.stats import t

    values = [value for value in values if value is not None]
    if not values:
        return "–"
    if len(values) < 2:
        return f"{np.mean(values):.2f}"
    half = t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / len(values) ** 0.5
    return f"{np.mean(values):.2f} ± {half:.2f}"


def hla_text(told):
    """Return the table on molecules; each motif counts once."""
    lines = [
        "",
        f"HLA: {len(told)} motifs of the mixtures above of which at least 0.6 are one allele's, "
        "compared with all alleles, the mixture's own ligands taken out of their tables; mean and "
        "95 % interval over motifs. The rest of the ligands is from the same studies.",
        "",
        "| | motifs |",
        "|---|---|",
    ]
    return lines + [
        f"| {title} | {shown([each[name] for each in told])} |" for name, title in _HLA_ROWS.items()
    ]


def few_text(made):
    """Return the lines on smaller mixtures."""
    lines = []
    for number, rows in made.items():
        said = [shown([row[n] for row in rows]) for n in ("motifs", "ARI assigned")]
        right = np.mean([row["motifs"] == number for row in rows]) if rows else float("nan")
        lines += [
            "",
            f"{number} alleles, no junk, {len(rows)} mixtures: {said[0]} motifs found (the right "
            f"number in {right:.0%}), ARI {said[1]} over assigned ligands.",
        ]
    return lines


def core_text(made):
    """Return the table on class II."""
    if not any(made.values()):
        return []
    runs = max(len(rows) for rows in made.values())
    head = " | ".join(f"{number}, {junk:.0%} junk" for number, junk in made)
    lines = [
        "",
        f"Class II: made-up runs of 1 to 4 molecules (1 500 nested sets, pockets of 0.8 to 2.2 "
        f"bits at places 1, 4, 6 and 9, hydrophobic at 1), {runs} of each, seeds from 0; "
        "mean and 95 % interval.",
        "",
        f"| molecules | {head} |",
        "|---" * (len(made) + 1) + "|",
    ]
    for name, title in _CORE_ROWS.items():
        cells = [shown([row[name] for row in rows if name in row]) for rows in made.values()]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return lines


def as_text(found, alone):
    """Return the first part of the section of the document."""
    today = datetime.now(UTC).date()
    number = " and ".join(f"{len(found[junk])} ({junk:.0%} junk)" for junk in _JUNK)
    lines = [
        f"Measured {today} with `make bench-science`: {platform.machine()}, {os.cpu_count()} "
        f"cores, Python {platform.python_version()}, numpy {np.__version__}. Mixtures: {number}, "
        "seeds from 0, one process per core; mean and 95 % interval over mixtures. ARI: adjusted "
        "Rand index.",
        "",
        "| | " + " | ".join(f"{junk:.0%} junk" for junk in _JUNK) + " |",
        "|---|---|---|",
    ]
    for name, title in _ROWS.items():
        cells = [shown([row[name] for row in found[junk] if name in row]) for junk in _JUNK]
        if set(cells) != {"–"}:
            lines.append(f"| {title} | " + " | ".join(cells) + " |")
    for junk in _JUNK:
        rows = found[junk]
        if rows:
            shares = [np.mean([r[n] for r in rows]) for n in ("ARI all ligands", "with the labels")]
            lines += ["", f"{junk:.0%} junk: {shares[0] / shares[1]:.0%} of the label ceiling."]
    if alone:
        one = sum(motifs == 1 for _, motifs in alone)
        told = ", ".join(f"{allele} {motifs}" for allele, motifs in alone if motifs != 1)
        lines += ["", f"One allele alone: one motif in {one} of {len(alone)} held-out alleles."]
        # Two bare asterisks would set what stands between them in italics.
        lines += [f"The others: {told.replace('*', chr(92) + '*')}."] if told else []
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mixtures", type=int, default=30)
    parser.add_argument("--single-alleles", type=int, default=60, help="at most so many")
    parser.add_argument("--smaller", type=int, default=15, help="mixtures of two and of three")
    parser.add_argument("--class-two", type=int, default=2, help="made-up runs of each kind")
    parser.add_argument("--no-write", action="store_true", help="leave docs/science.md alone")
    chosen = parser.parse_args()
    alleles = make_split().evaluated()[: chosen.single_alleles]
    mixed = [(seed, junk) for seed in range(chosen.mixtures) for junk in _JUNK]
    small = [(number, seed) for number in _FEW for seed in range(chosen.smaller)]
    whole = [
        (k, junk, seed) for k in _MOLECULES for junk in _JUNK for seed in range(chosen.class_two)
    ]
    found, told = {junk: [] for junk in _JUNK}, []
    few = {number: [] for number in _FEW}
    made_up = {(number, junk): [] for number in _MOLECULES for junk in _JUNK}
    with workers.pool() as processes:
        # All are handed over before any is waited for, so that no core idles.
        of_mixed, of_alleles, of_small, of_whole = (
            processes.map(task, jobs)
            for task, jobs in (
                (workers.mixture, mixed),
                (workers.single, alleles),
                (workers.few, small),
                (workers.class_two, whole),
            )
        )
        for (seed, junk), (made, motifs) in zip(mixed, of_mixed, strict=True):
            found[junk].append(made)
            told += motifs
            print(json.dumps({"seed": seed, "junk": junk, **made}), file=sys.stderr)
        alone = list(zip(alleles, of_alleles, strict=True))
        for (number, _), made in zip(small, of_small, strict=True):
            few[number].append(made)
        for (number, junk, _), made in zip(whole, of_whole, strict=True):
            made_up[number, junk].append(made)
    lines = [as_text(found, alone), *few_text(few), *hla_text(told), *core_text(made_up)]
    text = "\n".join(lines)
    print(text)
    if not chosen.no_write:
        before, _, rest = _DOC.read_text().partition(_BEGIN)
        _, _, after = rest.partition(_END)
        _DOC.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}")
        print(f"\nWritten into {_DOC.relative_to(_ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
