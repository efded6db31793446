"""Draw one demo sample's map under several models, for docs/embedding.md.

python benchmarks/demo_maps.py
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import pandas as pd

from omicstoken_kernel import Workbench
from omicstoken_kernel.charts import peptide_map
from omicstoken_kernel.demo.samples import samples

_FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"


def _label(cluster):
    return "unassigned" if pd.isna(cluster) else str(int(cluster))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", default="2289")
    parser.add_argument("--models", nargs="+", default=["anchor", "ligand"])
    chosen = parser.parse_args()
    path = next(sample.path for sample in samples() if sample.name == chosen.sample)
    _FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        wb = Workbench(home=home)
        run = wb.upload(path).runs[0].id
        for model in chosen.models:
            wb.embed(run, model=model)
            found = wb.fingerprint(run, model=model)
            frame = found.points.to_pandas()
            group = [_label(cluster) for cluster in frame["cluster"]]
            chart = peptide_map(
                frame.assign(group=group),
                title=f"{chosen.sample} by {model}",
                subtitle=f"n = {len(frame)} peptides, {len(found.clusters)} clusters",
                height=320,
            ).properties(width=380)
            chart.save(_FOLDER / f"map-{chosen.sample}-{model}.png", ppi=110)


if __name__ == "__main__":
    main()
