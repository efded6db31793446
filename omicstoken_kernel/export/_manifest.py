"""What stands in a bundle's JSON: the manifest, and one document for each noun.

Nothing names an owner. Ids are those of the workspace the bundle comes from; another owner's
workspace gives the same things other ids.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt

from omicstoken_kernel.ingest.features import QuantityKind

__all__ = [
    "BUNDLE_FORMAT",
    "BUNDLE_VERSION",
    "MANIFEST",
    "MEMBER_NAME",
    "ClusterDocument",
    "FingerprintDocument",
    "Manifest",
    "Member",
    "ModelEntry",
    "ReportDocument",
    "RunDocument",
    "RunEntry",
    "SampleDocument",
    "Samples",
    "UploadDocument",
]

BUNDLE_FORMAT: Literal["omicstoken_bundle"] = "omicstoken_bundle"
#: Grows when an older reader could not understand a bundle any more.
BUNDLE_VERSION: Literal[1] = 1

MANIFEST = "manifest.json"
#: Every name a member can have. Nothing else is taken out of a bundle, so no name can lead
#: elsewhere.
MEMBER_NAME = (
    r"README\.txt|samples\.json|peptides\.parquet|vectors/[0-9]{1,4}\.parquet|files/[0-9a-f]{64}"
    r"|uploads/up_[0-9a-f]{16}\.(json|parquet)|fingerprints/fp_[0-9a-f]{16}\.(json|arrow)"
    r"|reports/rep_[0-9a-f]{16}\.(json|html|ipynb)"
)

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Member(_Document):
    """A file inside a bundle: its name, the sha256 of its bytes and their number."""

    name: Annotated[str, Field(pattern=f"^({MEMBER_NAME})$")]
    sha256: Digest
    size: NonNegativeInt


class RunEntry(_Document):
    """A run as the manifest lists it."""

    id: str
    name: str
    features: NonNegativeInt
    peptides: NonNegativeInt


class ModelEntry(_Document):
    """A model whose vectors are in the bundle, and the member that holds them."""

    model_key: Annotated[str, Field(min_length=1, max_length=255)]
    name: Annotated[str, Field(min_length=1, max_length=64)]
    dim: Annotated[int, Field(gt=0, le=65_536)]
    vectors: PositiveInt
    member: Annotated[str, Field(pattern=r"^vectors/[0-9]{1,4}\.parquet$")]


class Manifest(_Document):
    """What is in a bundle, with the checksum of every member."""

    format: Literal["omicstoken_bundle"]
    version: Literal[1]
    created_at: AwareDatetime
    software: dict[str, str]
    runs: tuple[RunEntry, ...]
    models: tuple[ModelEntry, ...]
    fingerprints: NonNegativeInt
    reports: NonNegativeInt
    notes: tuple[str, ...]
    members: tuple[Member, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the manifest as plain values."""
        return self.model_dump(mode="json")


class SampleDocument(_Document):
    """A sample."""

    id: str
    name: Annotated[str, Field(min_length=1)]
    donor: str | None
    condition: str | None
    biological_replicate: str | None
    hla: tuple[str, ...]
    extra: dict[str, Any]


class Samples(_Document):
    """The member ``samples.json``."""

    samples: tuple[SampleDocument, ...]


class RunDocument(_Document):
    """A run; ``sample`` is the id of its sample."""

    id: str
    key: str
    name: Annotated[str, Field(min_length=1)]
    sample: str
    technical_replicate: str | None
    fraction: str | None
    quantity_kind: QuantityKind
    quantity_column: str | None
    quantity_scale: Literal["linear", "log2"]
    filter_note: str
    features: NonNegativeInt
    peptides: NonNegativeInt
    peptides_digest: Digest
    created_at: AwareDatetime


class UploadDocument(_Document):
    """An upload with its runs, in the order of its file; the member beside it has their features.

    ``has_file`` says whether the bundle holds the file itself.
    """

    id: str
    name: Annotated[str, Field(min_length=1)]
    sha256: Digest
    size_bytes: NonNegativeInt
    format: str
    reader_version: str
    options: dict[str, Any]
    report: dict[str, Any]
    created_at: AwareDatetime
    has_file: bool
    runs: tuple[RunDocument, ...]


class ClusterDocument(_Document):
    """A cluster of a fingerprint."""

    id: PositiveInt
    size: NonNegativeInt
    share: float
    motif: str
    lengths: dict[int, int]


class FingerprintDocument(_Document):
    """A fingerprint; its points lie in the member beside it."""

    id: str
    run_ids: Annotated[tuple[str, ...], Field(min_length=1)]
    peptides_digest: Digest
    model_key: str
    method: str
    settings: dict[str, Any]
    versions: dict[str, str]
    quality: dict[str, Any]
    clusters: tuple[ClusterDocument, ...]
    created_at: AwareDatetime


class ReportDocument(_Document):
    """A published report; its page, and its notebook where ``has_notebook``, lie beside it."""

    id: str
    template: str
    parameters: dict[str, Any]
    run_ids: tuple[str, ...]
    html_sha256: Digest
    seconds: float
    created_at: AwareDatetime
    has_notebook: bool
