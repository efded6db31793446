"""The demo's four real immunopeptidomes; ``data/SOURCE.md`` beside this says where from."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

__all__ = ["DemoSample", "samples"]


@dataclass(frozen=True)
class DemoSample:
    """One sample of the demo.

    Parameters
    ----------
    name
        The sample's name in its source.
    path
        A text file with one peptide a line.
    hla
        HLA class I alleles by sequencing, two of each locus, as ``HLA-A*02:01``.
    n_lines
        Number of lines, hence peptides, in the file.
    """

    name: str
    path: Path
    hla: tuple[str, ...]
    n_lines: int


def samples() -> tuple[DemoSample, ...]:
    """Return the four samples in the order of their names.

    >>> [sample.name for sample in samples()]
    ['1382', '2289', '2584', '2821']
    """
    # Wheels are always unpacked on installation, so the data lie in the file system.
    data = Path(str(files("omicstoken_kernel.demo") / "data"))
    table = (data / "typing.tsv").read_text(encoding="ascii").splitlines()[1:]
    return tuple(
        _sample(data / f"{name}.txt", hla) for name, hla in (line.split("\t") for line in table)
    )


def _sample(path: Path, hla: str) -> DemoSample:
    n_lines = path.read_bytes().count(b"\n")
    return DemoSample(name=path.stem, path=path, hla=tuple(hla.split(";")), n_lines=n_lines)
