"""DuckDB as the node uses it: bounded, off the network, and over the copies' files alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    import duckdb

MEMORY, THREADS = "1GB", 2


def connect() -> duckdb.DuckDBPyConnection:
    """A connection that sees the projection's folder and nothing else, and installs nothing."""
    # Here, so that a web process that counts nothing does not carry it.
    import duckdb

    root = Path(settings.DATA) / "projection"
    spill = root / ".spill"
    spill.mkdir(parents=True, exist_ok=True)
    told: dict[str, Any] = {
        "memory_limit": MEMORY,
        "threads": THREADS,
        "temp_directory": str(spill),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "preserve_insertion_order": "false",
    }
    made = duckdb.connect(":memory:", config=told)
    made.execute("SET TimeZone = 'UTC'")
    made.execute(f"SET allowed_directories = [{literal(str(root))}]")
    made.execute("SET enable_external_access = false")
    made.execute("SET lock_configuration = true")
    return made


def literal(text: str) -> str:
    """A text inside SQL."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """A column inside SQL."""
    return '"' + name.replace('"', '""') + '"'


def files(place: Path, names: list[str]) -> str:
    """Parquet files as a table inside SQL; not empty."""
    listed = ", ".join(literal(str(place / name)) for name in names)
    return f"read_parquet([{listed}])"
