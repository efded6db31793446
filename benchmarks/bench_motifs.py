"""How well motifs are told apart; writes the figures into docs/science.md.

Mixtures of six alleles of held-out families, none of which the prior of the motifs has seen, with
and without random peptides. Needs the package ``immunotype`` (its table of labelled ligands).

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

import _motif_tasks as tasks  # noqa: E402 - after the path is set
from _embedding_models import unit  # noqa: E402

from omicstoken_kernel.embedding import is_at_hand, load_model  # noqa: E402
from omicstoken_kernel.settings import load_settings  # noqa: E402
from training.split import make_split  # noqa: E402

_DOC = _ROOT / "docs" / "science.md"
_BEGIN, _END = "<!-- figures: begin -->", "<!-- figures: end -->"
_JUNK = (0.0, 0.2)
_FEWEST = 400
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


def shown(values):
    """Return mean and 95 % interval over mixtures: t times the standard error."""
    from scipy.stats import t

    if not values:
        return "–"
    if len(values) < 2:
        return f"{np.mean(values):.2f}"
    half = t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / len(values) ** 0.5
    return f"{np.mean(values):.2f} ± {half:.2f}"


def singles(split, model, most):
    """Return allele and number of motifs found in up to 1 250 ligands of it alone."""
    for allele in split.evaluated()[:most]:
        own = split.held_out.loc[split.held_out["allele"] == allele, "peptide"]
        peptides = own.sample(min(len(own), tasks.PEPTIDES), random_state=0).tolist()
        vectors = unit(model.embed_batch(peptides))
        yield allele, int(tasks.cluster(peptides, vectors, seed=0).labels.max())


def as_text(found, alone):
    """Return the section of the document."""
    today = datetime.now(UTC).date()
    number = " and ".join(f"{len(found[junk])} ({junk:.0%} junk)" for junk in _JUNK)
    lines = [
        f"Measured {today} with `make bench-science`: {platform.machine()}, {os.cpu_count()} "
        f"cores, Python {platform.python_version()}, numpy {np.__version__}. Mixtures: {number}, "
        "seeds from 0; mean and 95 % interval over mixtures. ARI: adjusted Rand index.",
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
        lines += [f"The others: {told}."] if told else []
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mixtures", type=int, default=30)
    parser.add_argument("--single-alleles", type=int, default=100, help="at most so many")
    parser.add_argument("--no-write", action="store_true", help="leave docs/science.md alone")
    chosen = parser.parse_args()
    settings, split = load_settings(), make_split()
    names = [name for name in ("anchor", "ligand", "esm2") if is_at_hand(name, settings)]
    models = {name: load_model(name, settings) for name in names}
    genes = tasks.alleles_by_gene(split.held_out, split.families, _FEWEST)
    found = {junk: [] for junk in _JUNK}
    for seed in range(chosen.mixtures):
        for junk in _JUNK:
            peptides, labels = tasks.mixture(split.held_out, genes, junk, seed)
            vectors = {name: unit(each.embed_batch(peptides)) for name, each in models.items()}
            found[junk].append(tasks.figures(peptides, labels, vectors, seed))
            print(json.dumps({"seed": seed, "junk": junk, **found[junk][-1]}), file=sys.stderr)
    alone = list(singles(split, models["ligand"], chosen.single_alleles))
    text = as_text(found, alone)
    print(text)
    if not chosen.no_write:
        before, _, rest = _DOC.read_text().partition(_BEGIN)
        _, _, after = rest.partition(_END)
        _DOC.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}")
        print(f"\nWritten into {_DOC.relative_to(_ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
