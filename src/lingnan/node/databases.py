"""The two databases: SQLite embedded, PostgreSQL on servers."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def database_settings(data: Path, choice: str) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for "sqlite" or a postgresql:// URL (socket folder as ?host=)."""
    if choice == "sqlite":
        return {"default": sqlite(data / "lingnan.sqlite3")}
    return {"default": postgresql(choice)}


def sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "lingnan.kernel.runtime.sqlite",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # The size of pages counts for a new file only: large ones are better filled.
            "init_command": "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; "
            "PRAGMA journal_size_limit=67108864; PRAGMA synchronous=FULL; "
            "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA recursive_triggers=ON;",
        },
        "CONN_MAX_AGE": None,
    }


def postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("LINGNAN_DATABASE is neither 'sqlite' nor a postgresql:// URL")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": query.get("port", str(parts.port or "")),
        "CONN_MAX_AGE": 60,
    }


def evidence_store(data: Path, choice: str) -> Path | str:
    """Where evidence is kept: a file of its own, or a schema of its own on PostgreSQL."""
    return data / "evidence.sqlite3" if choice == "sqlite" else choice


def evidence_socket(given: str) -> Path | None:
    """Where the node's one writer of evidence listens; None for a process on its own."""
    return Path(given) if given else None
