"""Write what psm-utils reads in real files, to be compared with what we read.

psm-utils wants another pyteomics than the other tests, so its answers are kept: numbers and digests
in ``psm_utils_reference.json``. To make that file anew, in an environment of its own:

    pip install psm-utils 'pyteomics<5'
    python tests/real/psm_utils_reference.py FOLDER_OF_REAL_FILES
"""

import gzip
import json
import sys
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path

from peptide_forms import digest, form_of

#: Folder of real files to psm-utils' name of the format.
FORMATS = {
    "alphadia": "alphadia",
    "diann_report_parquet": "diann",
    "diann_report_tsv": "diann",
    "fragpipe_psm": "fragpipe",
    "maxquant_msms": "msms",
    "mzidentml": "mzid",
    "pepxml": "pepxml",
    "percolator": "percolator",
    "sage_results": "sage_tsv",
    "xtandem_xml": "xtandem",
}


def read(path: Path, filetype: str) -> dict[str, object]:
    """Return the counts and digests of one file: of all matches, and of those of first rank."""
    from psm_utils.io import read_file

    try:
        found = list(read_file(str(path), filetype=filetype))
    except Exception as error:  # noqa: BLE001 - whatever it fails with is its answer
        return {"error": type(error).__name__}
    forms = {form_of(str(psm.peptidoform)) for psm in found}
    first = {form_of(str(psm.peptidoform)) for psm in found if psm.rank in (None, 1)}
    free = {(peptide, tuple(at for at in places if at > 0)) for peptide, places in first}
    return {
        "matches": len(found),
        "peptides": len({peptide for peptide, _ in forms}),
        "forms": len(forms),
        "digest": digest(forms),
        "digest_of_first_rank": digest(first),
        "digest_of_first_rank_without_termini": digest(free),
    }


def main() -> None:
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1])
    results: dict[str, object] = {"psm-utils": version("psm-utils")}
    with tempfile.TemporaryDirectory() as scratch:
        for name, filetype in FORMATS.items():
            for path in sorted((folder / name).iterdir()):
                file = path
                if path.suffix == ".gz":
                    file = Path(scratch) / path.stem
                    file.write_bytes(gzip.decompress(path.read_bytes()))
                results[f"{name}/{path.name}"] = read(file, filetype)
    target = Path(__file__).with_name("psm_utils_reference.json")
    target.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
