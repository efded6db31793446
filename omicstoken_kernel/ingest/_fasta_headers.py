"""The header line of a protein in a FASTA file: accession, gene and name, however it is written.

| who writes it | how it begins | where the gene stands |
|---|---|---|
| UniProt | ``sp|P04637|P53_HUMAN Cellular ... OS=Homo sapiens OX=9606 GN=TP53`` | ``GN=`` |
| Ensembl | ``ENSP00000269305.4 pep chromosome:... gene_symbol:TP53`` | ``gene_symbol:`` |
| GENCODE | ``ENSP...|ENST...|ENSG...|-|-|TP53-201|TP53|393`` | the seventh part |
| NCBI | ``NP_000537.3 cellular tumor antigen [Homo sapiens]``, ``gi|..|ref|NP_..|`` | nowhere |

Anything else is plain: the first word is the accession.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Header", "is_decoy", "read_header"]

#: Longer names are cut: they are shown, never compared.
MAX_NAME = 300

# A contaminant's or a decoy's mark may stand before the database (``contam_sp|P00761|TRYP_PIG``).
_DECOY = re.compile(r"(?i)(?:rev__?|reverse_|reversed_|decoy_|xxx_|##|#decoy#)")
_UNIPROT = re.compile(r"(?:[A-Za-z#_]+_+)?(?:sp|tr)\|([^|\s]+)\|?(\S*)\s*(.*)")
_NCBI = re.compile(r"(?:gi\|\d+\|)?(?:ref|gb|emb|dbj|pdb)\|([^|\s]+)\|?\S*\s*(.*)")
_REFSEQ = re.compile(r"[ANXYW]P_\d+(?:\.\d+)?$")
_ENSEMBL = re.compile(r"(?:ENS[A-Z]*P\d+|\S+)\s+pep\b")
_GENE = re.compile(r"(?:^|\s)(?:GN=|gene_symbol:|Gene_Symbol=)([^\s;,]+)")
_DESCRIPTION = re.compile(r"\sdescription:(.*)")
_TAGS = re.compile(r"\s(?:OS|OX|GN|PE|SV)=")


class Header(NamedTuple):
    """What a header line says; ``gene`` and ``name`` are empty where it is silent.

    ``layout`` is ``uniprot``, ``ensembl``, ``gencode``, ``ncbi`` or ``plain``.
    """

    accession: str
    gene: str
    name: str
    layout: str


def read_header(line: str) -> Header:
    """Return what the text behind ``>`` says; the accession is empty where nothing stands there.

    Examples
    --------
    >>> read_header("sp|P04637|P53_HUMAN Cellular tumor antigen p53 OS=Homo sapiens GN=TP53 PE=1")
    Header(accession='P04637', gene='TP53', name='Cellular tumor antigen p53', layout='uniprot')
    >>> read_header("ENSP00000269305.4 pep chromosome:GRCh38:17 gene_symbol:TP53").gene
    'TP53'
    """
    text = " ".join("".join(c if c.isprintable() else " " for c in line).split())
    word, _, rest = text.partition(" ")
    found = _GENE.search(f" {rest}")
    gene = found[1] if found else ""
    if match := _UNIPROT.match(text):
        return Header(match[1], gene, _named(match[3]), "uniprot")
    if word.startswith("ENS") and word.count("|") >= 6:
        parts = word.split("|")
        return Header(parts[0], parts[6].strip("-"), parts[5], "gencode")
    if match := _NCBI.match(text):
        return Header(match[1], gene, _named(match[2]), "ncbi")
    if _ENSEMBL.match(text):
        described = _DESCRIPTION.search(text)
        return Header(word, gene, _named(described[1] if described else ""), "ensembl")
    layout = "ncbi" if _REFSEQ.match(word) else "plain"
    return Header(word[:MAX_NAME], gene, _named(rest), layout)


def is_decoy(line: str) -> bool:
    """Return whether a header is a decoy's by its prefix (``rev_``, ``DECOY_``, ``XXX_``, ``##``).

    >>> is_decoy("rev_sp|P04637|P53_HUMAN"), is_decoy("sp|P04637|P53_HUMAN")
    (True, False)
    """
    return _DECOY.match(line.strip()) is not None


def _named(rest: str) -> str:
    return _TAGS.split(f" {rest}", maxsplit=1)[0].strip()[:MAX_NAME]
