"""The door of what is joined: for the system that keeps which bodies have published what."""

from lingnan.kernel.exchange.sources.asking import (
    LOOKED_AT,
    MOST,
    Lookup,
    demand_index,
    looked_at_anew,
    preview,
    table,
    tables,
)
from lingnan.kernel.exchange.sources.described import Difference, Table, drift, kept
from lingnan.kernel.exchange.sources.driver import KINDS, Connection, Row
from lingnan.kernel.exchange.sources.failures import HOPS, SourceFailure
from lingnan.kernel.exchange.sources.folder import Folder
from lingnan.kernel.exchange.sources.joined import (
    NUMBERS,
    PURPOSE,
    Joined,
    answers,
    home,
    key_of,
    leave,
)
from lingnan.kernel.exchange.sources.offering import Offered, Tables, paged_answers
from lingnan.kernel.exchange.sources.pools import forget
from lingnan.kernel.exchange.sources.secrets import seal, unseal

__all__ = [
    "HOPS",
    "KINDS",
    "LOOKED_AT",
    "MOST",
    "NUMBERS",
    "PURPOSE",
    "Connection",
    "Difference",
    "Folder",
    "Joined",
    "Lookup",
    "Offered",
    "Row",
    "SourceFailure",
    "Table",
    "Tables",
    "answers",
    "demand_index",
    "drift",
    "forget",
    "home",
    "kept",
    "key_of",
    "leave",
    "looked_at_anew",
    "paged_answers",
    "preview",
    "seal",
    "table",
    "tables",
    "unseal",
]
