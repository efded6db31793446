"""Reading what search engines write, without losing or inventing a row.

>>> from omicstoken_kernel.ingest import formats
>>> [info.name for info in formats()][:2]
['diann_report', 'maxquant_evidence']
"""

from omicstoken_kernel.ingest._packed import scratch
from omicstoken_kernel.ingest._reader import FormatInfo, Reader
from omicstoken_kernel.ingest._reading import Preview, formats, preview, read
from omicstoken_kernel.ingest.features import (
    ALPHABET,
    FEATURES,
    MAX_RESIDUES,
    QUANTITY_KINDS,
    Ledger,
    ParsedUpload,
    QuantityKind,
    ReadOptions,
    Rejection,
    RunDraft,
)

__all__ = [
    "ALPHABET",
    "FEATURES",
    "MAX_RESIDUES",
    "QUANTITY_KINDS",
    "FormatInfo",
    "Ledger",
    "ParsedUpload",
    "Preview",
    "QuantityKind",
    "ReadOptions",
    "Reader",
    "Rejection",
    "RunDraft",
    "formats",
    "preview",
    "read",
    "scratch",
]
