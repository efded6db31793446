"""The README's Python example runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def test_the_python_example_of_the_readme_runs(tmp_path, monkeypatch, capsys):
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(example.strip().splitlines()) <= 10
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMICSTOKEN_MODELS", str(tmp_path / "models"))
    draws = ["SIINFEKL", "GILGFVFTL", "NLVPMVATV", "GLCTLVAML", "AAGIGILTV"]
    lines = ["Sequence\tPEP\tIntensity", *(f"{peptide}\t0.001\t1000" for peptide in draws)]
    (tmp_path / "peptides.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
    exec(compile(example, str(README), "exec"), {})
    assert (tmp_path / "run.json").is_file()
    assert "SIINFEKL" in capsys.readouterr().out
