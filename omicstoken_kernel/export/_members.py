"""How a member is written and read: JSON and Arrow's two formats, nothing that could run."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ValidationError

from omicstoken_kernel.errors import BundleError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "open_parquet",
    "parquet_writer",
    "read_arrow",
    "read_document",
    "vector_schema",
    "write_arrow",
    "write_document",
]

_Document = TypeVar("_Document", bound=BaseModel)

_WAY_OUT = "The bundle was not made by OmicsToken, or by a version with a defect."


def write_document(path: Path, document: BaseModel) -> None:
    """Write a document as JSON; its folder is made if missing."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(document.model_dump_json(indent=1), encoding="utf-8")


def read_document(path: Path, kind: type[_Document]) -> _Document:
    """Return a document of a bundle.

    Raises
    ------
    BundleError
        If it is missing or not what its kind says.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        msg = f"The bundle has no '{path.parent.name}/{path.name}'."
        raise BundleError(msg, _WAY_OUT) from error
    if b"\\u0000" in content:
        msg = f"'{path.parent.name}/{path.name}' of the bundle holds a NUL character."
        raise BundleError(msg, _WAY_OUT)
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(map(str, first["loc"]))
        msg = f"'{path.parent.name}/{path.name}' of the bundle: {where}: {first['msg']}."
        raise BundleError(msg, _WAY_OUT) from error


def parquet_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Return a writer of a Parquet member; its folder is made if missing."""
    path.parent.mkdir(exist_ok=True)
    return pq.ParquetWriter(path, schema, compression="zstd")


def open_parquet(path: Path, schema: pa.Schema) -> pq.ParquetFile:
    """Return a Parquet member, open, after its columns were compared with what they must be.

    Raises
    ------
    BundleError
        If it is missing, damaged or has other columns.
    """
    try:
        file = pq.ParquetFile(path)
        found = file.schema_arrow
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(path, error) from error
    if not found.equals(schema):
        file.close()
        raise _unlike(path)
    return file


def write_arrow(path: Path, table: pa.Table) -> None:
    """Write a table as an Arrow file (Feather), which gives back the very bytes of its columns."""
    path.parent.mkdir(exist_ok=True)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_arrow(path: Path, schema: pa.Schema) -> pa.Table:
    """Return the table of an Arrow file.

    Raises
    ------
    BundleError
        If it is missing, damaged or has other columns.
    """
    try:
        with pa.OSFile(str(path)) as source:
            table = pa.ipc.open_file(source).read_all()
        # Offsets in a file made to do harm could point outside its buffers.
        table.validate(full=True)
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(path, error) from error
    if not table.schema.equals(schema):
        raise _unlike(path)
    return table


def _unreadable(path: Path, error: Exception) -> BundleError:
    member = f"{path.parent.name}/{path.name}"
    return BundleError(f"'{member}' of the bundle cannot be read: {error}.", _WAY_OUT)


def _unlike(path: Path) -> BundleError:
    member = f"{path.parent.name}/{path.name}"
    return BundleError(f"'{member}' of the bundle has other columns than it must have.", _WAY_OUT)


def vector_schema(dim: int) -> pa.Schema:
    """Return the schema of a member with vectors of ``dim`` dimensions."""
    item = pa.field("item", pa.float32(), nullable=False)
    return pa.schema(
        [
            pa.field("sequence", pa.string(), nullable=False),
            pa.field("vector", pa.list_(item, dim), nullable=False),
        ]
    )
