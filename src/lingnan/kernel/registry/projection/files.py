"""Writing a family of Parquet files: row groups of about a million, files of eight of them."""

import secrets
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from lingnan.kernel.registry.projection.layout import Layout
from lingnan.kernel.registry.projection.manifest import Part

GROUP = 1_000_000
FILE = 8 * GROUP


def schema(shape: Layout) -> pa.Schema:
    """The columns of a copy as Arrow says them."""
    pairs = zip(shape.names, shape.types, strict=True)
    return pa.schema([(name, pa.type_for_alias(kind)) for name, kind in pairs])


class Family:
    """Files that share a name and a run of numbers; nothing refers to them before a manifest."""

    def __init__(self, place: Path, shape: Layout, name: str) -> None:
        self._place, self._texts, self._schema = place, shape.texts, schema(shape)
        self._name = f"{name}-{secrets.token_hex(4)}"
        self._waiting: list[pa.Table] = []
        self._held = self._in_file = 0
        self._writer: pq.ParquetWriter | None = None
        self.parts: list[Part] = []

    def add(self, table: pa.Table) -> None:
        if table.num_rows:
            self._waiting.append(table)
            self._held += table.num_rows
            if self._held >= GROUP:
                self._write()

    def close(self) -> tuple[Part, ...]:
        """What was written; a family without a row has no file."""
        self._write()
        self._end()
        return tuple(self.parts)

    def _write(self) -> None:
        if not self._held:
            return
        if self._writer is None:
            self._writer = self._opened()
        self._writer.write_table(pa.concat_tables(self._waiting), row_group_size=GROUP)
        self._in_file += self._held
        self._waiting, self._held = [], 0
        if self._in_file >= FILE:
            self._end()

    def _opened(self) -> pq.ParquetWriter:
        path = self._place / f"{self._name}-{len(self.parts):05}.parquet"
        return pq.ParquetWriter(
            path,
            self._schema,
            compression="zstd",
            use_dictionary=self._texts,
            column_encoding={"key": "DELTA_BINARY_PACKED"},
        )

    def _end(self) -> None:
        if self._writer is not None:
            self._writer.close()
            name = f"{self._name}-{len(self.parts):05}.parquet"
            self.parts.append(Part(name, self._in_file))
            self._writer, self._in_file = None, 0


def written(place: Path, shape: Layout, name: str, tables: Iterable[pa.Table]) -> tuple[Part, ...]:
    """A family of all the rows of some tables."""
    family = Family(place, shape, name)
    for table in tables:
        family.add(table)
    return family.close()


def size(place: Path, parts: Iterable[Part]) -> int:
    """Bytes on disk."""
    return sum((place / part.file).stat().st_size for part in parts)
