"""Proteins from a FASTA file, every entry accounted for.

``entries`` = ``proteins`` + ``merged`` (the same accession and the same sequence again) +
``decoys`` (a search engine's reversed or shuffled sequences, known by their prefix) + ``empty`` (a
header with no residue below it) + ``rejected`` (no name, or a letter that is no residue; each with
its line).

Letters are read in upper case. ``*`` at the end of a sequence is a stop codon and dropped; inside
one it stays, and no peptide matches across it. An accession that comes again with another sequence
is kept as ``P12345#2``. Nucleotides are refused: the share of A, C, G, T, U and N among all letters
is a quarter in proteins and above 95 % there.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._fasta_headers import Header, is_decoy, read_header
from omicstoken_kernel.ingest._packed import UNPACKING_ERRORS, compression_of, unpacked
from omicstoken_kernel.ingest.features import Rejection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["MAX_RESIDUES_IN_ALL", "PROTEINS", "READER_VERSION", "ParsedProteome", "read_fasta"]

READER_VERSION = "1"

#: A proteome is held in memory to be searched; the largest of UniProt's reference proteomes
#: (wheat) has 50 million residues.
MAX_RESIDUES_IN_ALL = 400_000_000

#: One row per protein in the order of the file; ``gene`` and ``name`` are empty where unknown.
PROTEINS = pa.schema(
    [
        pa.field("accession", pa.string(), nullable=False),
        pa.field("gene", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("sequence", pa.large_string(), nullable=False),
    ]
)

_NUCLEOTIDES = "ACGTUN"
_NUCLEOTIDE_SHARE = 0.95
_FEWEST_LETTERS = 30
_NO_RESIDUE = re.compile(r"[^A-Z*]")
# Of one entry, of several.
_TOLD = {
    "merged": ("is there twice and counts once", "are there twice and count once"),
    "decoys": (
        "is a decoy by its prefix and was left out",
        "are decoys by their prefix and were left out",
    ),
    "empty": ("has no sequence and was left out", "have no sequence and were left out"),
    "rejected": ("could not be read and was left out", "could not be read and were left out"),
    "renamed": (
        "has the accession of another sequence: it is kept with '#2' behind it",
        "have the accession of another sequence: they are kept with '#2' and so on behind it",
    ),
    "lower case": (
        "has lower-case residues, read as upper case",
        "have lower-case residues, read as upper case",
    ),
}
_HINT = "Give a FASTA file of proteins: each begins with a line like '>sp|P04637|P53_HUMAN'."


@dataclass(frozen=True)
class ParsedProteome:
    """The proteins of a FASTA file and what became of its entries.

    Parameters
    ----------
    proteins
        Schema :data:`PROTEINS`.
    ledger
        ``entries, proteins, merged, decoys, empty, rejected``: the first is the sum of the others.
    layouts
        How many headers are written in which way.
    notes
        What the reader should know, in sentences.
    rejections
        The entries that could not be read, each with its line.
    """

    proteins: pa.Table
    ledger: dict[str, int]
    layouts: dict[str, int]
    notes: tuple[str, ...] = ()
    rejections: tuple[Rejection, ...] = ()


class _Entry(NamedTuple):
    line: int
    header: str
    sequence: str


@dataclass
class _Collected:
    """What has been read so far."""

    rows: dict[str, tuple[Header, str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    layouts: Counter[str] = field(default_factory=Counter)
    rejections: list[Rejection] = field(default_factory=list)
    residues: int = 0

    def take(self, entry: _Entry) -> None:
        """Count an entry, and keep it if it is a new protein."""
        self.counts["entries"] += 1
        header = read_header(entry.header)
        upper = entry.sequence.upper()
        sequence = upper.rstrip("*")
        wrong = _NO_RESIDUE.search(sequence)
        if is_decoy(entry.header.strip()):
            self.counts["decoys"] += 1
        elif not header.accession:
            self._reject(entry, entry.header, "the header names no protein")
        elif wrong is not None:
            self._reject(entry, wrong[0], f"{header.accession} holds what is no residue")
        elif not sequence:
            self.counts["empty"] += 1
        else:
            self.counts["lower case"] += upper != entry.sequence
            self._keep(header, sequence)

    def _reject(self, entry: _Entry, value: str, reason: str) -> None:
        self.counts["rejected"] += 1
        self.rejections.append(Rejection(entry.line, "", ascii(value[:40]), reason))

    def _keep(self, header: Header, sequence: str) -> None:
        accession, copy = header.accession, 1
        while accession in self.rows:
            if self.rows[accession][1] == sequence:
                self.counts["merged"] += 1
                return
            copy += 1
            accession = f"{header.accession}#{copy}"
        self.counts["renamed"] += copy > 1
        self.layouts[header.layout] += 1
        self.residues += len(sequence)
        self.rows[accession] = header, sequence


def read_fasta(path: Path, name: str | None = None) -> ParsedProteome:
    """Return the proteins of a FASTA file, plain or packed (gzip, bzip2, xz, zip).

    Raises
    ------
    ParseError
        If the file is missing, empty, damaged or no FASTA, holds nucleotides, or no protein.
    """
    name = name or path.name
    if not path.is_file():
        msg = f"There is no file '{path}'."
        raise ParseError(msg, "Check the path.")
    found = _Collected()
    try:
        for entry in _entries(path, name):
            found.take(entry)
            if found.residues > MAX_RESIDUES_IN_ALL:
                msg = f"'{name}' holds more than {MAX_RESIDUES_IN_ALL:,} residues."
                raise ParseError(msg, "Give the proteome of one organism.")
    except UNPACKING_ERRORS as error:
        msg = f"'{name}' cannot be unpacked: {error}."
        raise ParseError(msg, "The file is damaged or was cut short; copy it again.") from error
    _check(found, name)
    return ParsedProteome(
        proteins=_table(found),
        ledger={
            "entries": found.counts["entries"],
            "proteins": len(found.rows),
            **{kind: found.counts[kind] for kind in ("merged", "decoys", "empty", "rejected")},
        },
        layouts=dict(found.layouts),
        notes=tuple(_notes(found)),
        rejections=tuple(found.rejections),
    )


def _entries(path: Path, name: str) -> Iterator[_Entry]:
    """Yield the entries of a file; the lines of a comment (``;``) are skipped."""
    with unpacked(path, compression_of(path), name) as stream:
        header: str | None = None
        parts: list[str] = []
        line = begin = 0
        # Read as text, any line end counts: Windows' and old Macs', too.
        text_of = io.TextIOWrapper(stream, "utf-8-sig", errors="replace")
        for line, text in enumerate(text_of, 1):
            if text.startswith(">"):
                if header is not None:
                    yield _Entry(begin, header, "".join(parts))
                begin, header, parts = line, text[1:], []
            elif text.startswith(";"):
                continue
            elif header is not None:
                parts.append("".join(text.split()))
            elif text.strip():
                msg = f"'{name}' is no FASTA file: line {line} is {text.strip()[:40]!a}."
                raise ParseError(msg, _HINT)
        if header is None:
            msg = f"'{name}' is {'empty' if not line else 'no FASTA file: no line begins with >'}."
            raise ParseError(msg, _HINT)
        yield _Entry(begin, header, "".join(parts))


def _check(found: _Collected, name: str) -> None:
    if not found.rows:
        told = ", ".join(f"{found.counts[kind]} {kind}" for kind in ("decoys", "empty", "rejected"))
        msg = f"'{name}' holds no protein: {found.counts['entries']} entries ({told})."
        if found.rejections:
            first = found.rejections[0]
            msg += f" Line {first.line}: {first.reason} ({first.value})."
        raise ParseError(msg, _HINT)
    letters: Counter[str] = Counter()
    for _, sequence in found.rows.values():
        letters.update({letter: sequence.count(letter) for letter in _NUCLEOTIDES})
    nucleotides = letters.total() / found.residues
    if found.residues >= _FEWEST_LETTERS and nucleotides >= _NUCLEOTIDE_SHARE:
        msg = (
            f"'{name}' holds nucleotides: {nucleotides:.0%} of its letters are A, C, G, T, U or N."
        )
        raise ParseError(msg, "Give the translated proteins, for instance Ensembl's '.pep.all.fa'.")


def _notes(found: _Collected) -> Iterator[str]:
    counts = found.counts
    for kind, told in _TOLD.items():
        if number := counts[kind]:
            yield f"{number:,} of {counts['entries']:,} entries {told[number > 1]}."
    if not any(header.gene for header, _ in found.rows.values()):
        yield "No header names a gene (GN= or gene_symbol:), so genes are not told."


def _table(found: _Collected) -> pa.Table:
    headers = [header for header, _ in found.rows.values()]
    return pa.table(
        [
            list(found.rows),
            [header.gene for header in headers],
            [header.name for header in headers],
            [sequence for _, sequence in found.rows.values()],
        ],
        schema=PROTEINS,
    )
