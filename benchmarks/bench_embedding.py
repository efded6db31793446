"""What each model's vectors know, side by side; writes the figures into docs/embedding.md.

Needs the package ``immunotype`` (its table of labelled ligands). Models whose weights are not on
this machine have no row. More seeds make the intervals narrower and the wait longer.

    python benchmarks/bench_embedding.py --seeds 5
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT))

import _embedding_tasks as tasks  # noqa: E402 - after the path is set
from _embedding_models import contestants, unit  # noqa: E402

from omicstoken_kernel.settings import load_settings  # noqa: E402
from training.split import make_split  # noqa: E402

_DOC = _ROOT / "docs" / "embedding.md"
_BEGIN, _END = "<!-- figures: begin -->", "<!-- figures: end -->"
_CLASS_2_LIST = "ligand_list/CaronLab__MhcVizPipe__JY.tsv"


def per_seed(embedders, seed, split, real):
    """Return the figures of one seed: task, contestant, figure."""
    alleles = split.evaluated()
    peptides, labels = tasks.sampled(split.held_out, alleles, seed)
    core_peptides, core_labels = tasks.simulated_class_2(seed)
    draw = np.random.default_rng(seed)
    tryptic = [
        p + draw.choice(["K", "R"]) for p in tasks.random_peptides(draw.integers(6, 24, 6000), draw)
    ]
    for name, embed in embedders.items():
        yield "purity", name, tasks.purity(embed(peptides), labels)
        yield "noise", name, tasks.ligands_from_noise(embed, peptides, seed)
        for kind in (tasks.substituted, tasks.lengthened):
            for what, among in (("ligands", peptides), ("tryptic", tryptic)):
                figure = tasks.variant_recall(embed, among, kind, seed)
                yield f"{what} {kind.__name__}", name, figure
        yield "class 2", name, tasks.purity(embed(core_peptides), core_labels)
        if real and seed == 0:
            yield "nested", name, tasks.nested_recall(embed, real)
    posterior = tasks.label_knowing(peptides, labels)
    yield "purity", "with the labels", tasks.purity(unit(np.sqrt(posterior)), labels)
    yield "accuracy", "with the labels", float((posterior.argmax(axis=1) == labels).mean())


def shown(figures):
    """Return mean and 95 % interval over seeds: t times the standard error."""
    from scipy.stats import t

    if len(figures) < 2:
        return f"{np.mean(figures):.3f}"
    half = t.ppf(0.975, len(figures) - 1) * np.std(figures, ddof=1) / len(figures) ** 0.5
    return f"{np.mean(figures):.3f} ± {half:.3f}"


_TABLES = (
    (
        "Ligands of held-out families",
        "{alleles} alleles x 500 ligands, none of a trained family; chance {chance:.3f}.",
        {"purity": "same allele among the 10 nearest", "noise": "ligand or random 9-mer, AUC"},
    ),
    (
        "Variants found again",
        "Share of 1 000 changed peptides whose original is among the 10 nearest. Search by letters "
        "finds all of them; this says how far a vector can be trusted alone.",
        {
            "ligands substituted": "ligands, one residue replaced",
            "ligands lengthened": "ligands, one residue added",
            "tryptic substituted": "tryptic, one replaced",
            "tryptic lengthened": "tryptic, one added",
        },
    ),
    (
        "Longer peptides",
        "Simulated: ten class II molecules x 300 peptides with cores at any place, chance 0.1. "
        "Real: nested sets of 5 464 HLA class II ligands, where that list is at hand.",
        {"class 2": "simulated class II, same molecule", "nested": "real nested sets found"},
    ),
)


def figures_as_text(found, embedders, split, keys, seeds):
    """Return the section of the document."""
    alleles = len(split.evaluated())
    today = datetime.now(UTC).date()
    lines = [
        f"Measured {today} with `make bench-embedding`: {platform.machine()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}, "
        f"torch {version('torch')}; {seeds} seeds, mean and 95 % interval over seeds.",
        "",
        "Models: " + ", ".join(f"`{key}`" for key in keys.values()) + ".",
    ]
    for title, note, columns in _TABLES:
        lines += ["", f"### {title}", "", note.format(alleles=alleles, chance=1 / alleles), ""]
        lines += ["| vectors | " + " | ".join(columns.values()) + " |"]
        lines += ["|---|" + "---|" * len(columns)]
        names = [*embedders, *(["with the labels"] if "purity" in columns else [])]
        for name in names:
            cells = [shown(found[t, name]) if (t, name) in found else "–" for t in columns]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
    ratios = {
        name: np.mean(found["purity", "ligand"]) / np.mean(found["purity", name])
        for name in (*embedders, "with the labels")
        if name != "ligand"
    }
    accuracy = np.mean(found["accuracy", "with the labels"])
    lines += [
        "",
        "Purity of `ligand` over that of: "
        + ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
        + f". Position weight matrices made with the labels name the right allele for "
        f"{accuracy:.1%} of these ligands.",
    ]
    if "esm2" not in embedders:
        lines += ["", "`esm2` has no row: its weights were not on this machine."]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--no-write", action="store_true", help="leave docs/embedding.md alone")
    chosen = parser.parse_args()
    settings = load_settings()
    embedders, keys = contestants(settings)
    split = make_split()
    path = settings.realdata / _CLASS_2_LIST
    real = sorted(set(path.read_text().split())) if path.is_file() else []
    found = {}
    for seed in range(chosen.seeds):
        for task, name, figure in per_seed(embedders, seed, split, real):
            found.setdefault((task, name), []).append(figure)
        print(f"seed {seed} done", file=sys.stderr)
    text = figures_as_text(found, embedders, split, keys, chosen.seeds)
    print(text)
    if not chosen.no_write:
        before, _, rest = _DOC.read_text().partition(_BEGIN)
        _, _, after = rest.partition(_END)
        _DOC.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}")
        print(f"\nWritten into {_DOC.relative_to(_ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
