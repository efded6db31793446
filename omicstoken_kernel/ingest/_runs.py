"""Runs out of the names a file gives them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

__all__ = ["FILE_KEY", "clean", "encode_runs", "is_data_file", "name_runs", "run_name"]

#: Key of the one run of a file that names none: the file may be renamed, the run stays.
FILE_KEY = "file"

_MAX_NAME = 255
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b\u2028\u2029\ufeff]")
# A path begins like one, or ends in a data file; a name may hold separators and is none ("w/o
# label").
_PATH = re.compile(
    r"(?i)^(?:(?:[a-z]:[\\/]|\\\\|/|\.{1,2}[\\/]|file:|[a-z0-9]+://).*"
    r"|[^<>]*\.(?:raw|d|mzml|mzxml|mgf|wiff2?|dia|htrms|tdf)(?:\.gz)?)$",
)
_DATA_FILE = re.compile(
    r"(?i)\.(?:raw|d|mzml|mzxml|mgf|ms2|wiff2?|dia|htrms|tdf|lcd|uimf)(?:\.gz)?$"
)
_EXTENSION = re.compile(
    r"(?i)\.(raw|d|mzml|mzxml|mgf|ms2|wiff2?|wiff\.scan|dia|htrms|tdf|hdf5?|pep\.xml|pepxml|mzid|idxml|lcd|uimf"
    r"|txt|tsv|csv|xlsx?|xlsm|xlsb|fasta|parquet|gz|bz2|xz|zip)$"
)


def clean(name: str) -> str:
    """Return a name without control characters; markup and path separators are data and stay."""
    return _CONTROL.sub("", name).strip()


def is_data_file(name: str) -> bool:
    """Return whether a name ends like a file of spectra, packed or not."""
    return bool(_DATA_FILE.search(name))


def run_name(key: str) -> str:
    r"""Return what people call a raw file: no folder, no extension of a data file.

    Examples
    --------
    >>> run_name("D:\\\\data\\\\donor 1.mzML.gz")
    'donor 1'
    >>> run_name("<b>donor</b> w/o label")
    '<b>donor</b> w/o label'
    """
    name = clean(key)
    if _PATH.match(name):
        name = re.split(r"[\\/]", name.rstrip("\\/"))[-1]
    while (shorter := _EXTENSION.sub("", name)) != name and shorter:
        name = shorter
    return name[:_MAX_NAME] or key[:_MAX_NAME]


def name_runs(keys: Sequence[str], *, paths: bool = True) -> list[str]:
    """Return a name for each key; where two would be called the same, both keep their key.

    Parameters
    ----------
    paths
        True where keys are raw files, whose folder and extension are no part of the name.
    """
    names = [run_name(key) if paths else key[:_MAX_NAME] for key in keys]
    counts = Counter(names)
    return [
        name if counts[name] == 1 else key[:_MAX_NAME]
        for name, key in zip(names, keys, strict=True)
    ]


def encode_runs(text: pa.Array) -> tuple[npt.NDArray[np.int32], list[str]]:
    """Return the position of each row's run, -1 where it names none, and the runs' keys.

    Runs come in the order of their first appearance.
    """
    # Imported late: importing the package should not load them.
    import numpy as np
    import pyarrow.compute as pc

    encoded = pc.dictionary_encode(text)
    keys: dict[str, int] = {}
    positions = np.empty(max(1, len(encoded.dictionary)), np.int32)
    for code, value in enumerate(encoded.dictionary.to_pylist()):
        key = clean(value)
        positions[code] = keys.setdefault(key, len(keys)) if key else -1
    return positions[encoded.indices.to_numpy(zero_copy_only=False)], list(keys)
