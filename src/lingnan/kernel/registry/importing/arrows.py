"""Rows of a Parquet file, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lingnan.kernel.registry.importing.sheets import Unfit
from lingnan.kernel.registry.importing.values import Nested

BATCH = 5_000
# Unpacked bytes of one group of rows: it stands in memory.
GROUP = 512 << 20
ODD = {bytes, list, dict}


class ArrowSource:
    """The rows of a Parquet file; its first row, of names, counts as none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.share = 0.0

    def rows(self) -> Iterator[tuple[int, list[Any], str]]:
        """(number, cells, fault): first the names. Raises Unfit."""
        number = 1
        with opened(self.path) as file:
            yield 1, list(file.schema_arrow.names), ""
            total = max(1, file.metadata.num_rows)
            for batch in batches(file):
                columns = [_column(column) for column in batch.columns]
                for cells in zip(*columns, strict=True):
                    number += 1
                    yield number, list(cells), ""
                self.share = number / total
        self.share = 1.0


def opened(path: Path) -> Any:
    """The file, looked at before anything of it is unpacked. Raises Unfit."""
    import pyarrow.parquet as parquet

    try:
        file = parquet.ParquetFile(path, pre_buffer=False)
        about = file.metadata
        sizes = [about.row_group(n).total_byte_size for n in range(about.num_row_groups)]
    except Exception as error:  # Arrow has a dozen kinds of fault
        raise Unfit("damaged") from error
    if max(sizes, default=0) > GROUP:
        raise Unfit("bomb")
    return file


def batches(file: Any) -> Iterator[Any]:
    """Batches of at most 5,000 rows. Raises Unfit where the file breaks off."""
    made = file.iter_batches(batch_size=BATCH, use_threads=False)
    while True:
        try:
            batch = next(made)
        except StopIteration:
            return
        except Exception as error:
            raise Unfit("damaged") from error
        yield batch


def _column(column: Any) -> list[Any]:
    import pyarrow

    try:
        values: list[Any] = column.to_pylist()
    except UnicodeDecodeError:
        plain = column.cast(pyarrow.binary()).to_pylist()
        values = [None if one is None else one.decode("utf-8", "replace") for one in plain]
    except (ValueError, OverflowError):  # a day or instant that Python has not
        values = column.cast(pyarrow.string()).to_pylist()
    return [_plain(one) for one in values] if set(map(type, values)) & ODD else values


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return Nested(value) if isinstance(value, list | dict) else value
