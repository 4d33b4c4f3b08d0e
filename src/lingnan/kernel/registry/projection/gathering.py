"""SQLite's rows by columns: one text for each column of a chunk, taken apart without Python.

A row out of the driver costs an object for each value; a column gathered by SQLite costs one. A
value that contains the sign between values is seen by the count of values, and the chunk is then
read by rows.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

# Unit separator between values, record separator in the place of none.
BETWEEN, NONE = 31, b"\x1e"


def gathered(inner: str, told: Sequence[Any], columns: Sequence[str]) -> list[pa.Array] | None:
    """The columns of a query as arrays of texts, none as null.

    None where they cannot be told apart or there are no rows: then it is to be read by rows.
    """
    parts = ", ".join(
        f"CAST(group_concat(ifnull({name}, char(30)), char({BETWEEN})) AS BLOB)" for name in columns
    )
    raw: Any = connection.connection
    row = raw.execute(f"SELECT count(*), {parts} FROM ({inner})", tuple(told)).fetchone()
    if not row[0]:
        return None
    found = [_taken_apart(text, row[0]) for text in row[1:]]
    return None if any(column is None for column in found) else found


def _taken_apart(text: bytes, count: int) -> pa.Array | None:
    """The values between the signs, sharing one buffer; None where there are more or fewer."""
    plain = np.frombuffer(text, dtype=np.uint8)
    ends = np.flatnonzero(plain == BETWEEN)
    if len(ends) != count - 1 or len(text) >= 2**31:
        return None
    # Without the signs the values stand end to end, as Arrow wants them.
    offsets = np.empty(count + 1, dtype=np.int32)
    offsets[0], offsets[1:-1] = 0, ends - np.arange(count - 1)
    offsets[-1] = len(plain) - (count - 1)
    values = plain[plain != BETWEEN]
    made = pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(values))
    none = pa.scalar(NONE.decode())
    return pc.if_else(pc.equal(made, none), pa.scalar(None, pa.string()), made)
