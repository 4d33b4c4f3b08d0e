"""Which agreement covers a use: read anew each time, so that one which was changed or ended a
moment ago, by whatever process, lets nothing through any more.

Two statements of SQL, written out: every use asks them, and the ORM takes longer to say them than
the database to answer. What a row says is read once and kept by what it says, never by its key.
"""

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.exchange.use import Denied, Use
from lingnan.kernel.runtime import statements
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Body

SINGLE, SET, AGGREGATE = "single", "set", "aggregate"
WAYS = (SINGLE, SET, AGGREGATE)
PLAIN = ("key", "version", "number", "resource", "consumer", "purpose", "basis", "valid_until",
         "consent", "rows", "subjects", "rate")  # fmt: skip
LISTS = ("elements", "uses", "onward")
HIGHEST = 20


def covering(use: Use, way: str = SINGLE) -> Agreement:
    """The agreement that covers a use of this kind. Raises Denied, which says by which term.

    An agreement of a body covers the bodies below it, for its purpose, basis and elements only.
    """
    if not use.basis:
        raise Denied("a use without a legal basis", "basis")
    lacking = ""
    for agreement in candidates(use.resource, use.purpose, use.consumer, legal_time.today()):
        if agreement.basis != use.basis:
            lacking = lacking or "basis"
        elif not set(use.elements) <= set(agreement.elements):
            lacking = "elements"
        elif way not in agreement.uses:
            lacking = "uses"
        else:
            return agreement
    if lacking == "uses":
        raise Denied(f"the agreement does not allow the use of the kind {way} (uses)", "uses")
    raise Denied(
        f"no agreement lets {use.consumer} read {use.resource} for {use.purpose} "
        f"on the basis {use.basis}",
        lacking or "agreement",
    )


def candidates(resource: str, purpose: str, consumer: str, today: date) -> list[Agreement]:
    """The agreements in force of a body, and of those above it, in the order they were made."""
    found = statements.unchanged(_sql(), (consumer, resource, purpose, today, today))
    return [_stated(row) for row in found]


@lru_cache(maxsize=1)
def _sql() -> str:
    name = connection.ops.quote_name
    table, bodies = name(Agreement._meta.db_table), name(Body._meta.db_table)
    columns = ", ".join(f"a.{name(one)}" for one in (*PLAIN, *LISTS))
    return (
        "WITH RECURSIVE above(code, depth) AS (SELECT CAST(%s AS TEXT), 0 UNION"
        " SELECT CAST(b.parent AS TEXT), depth + 1"
        f" FROM above JOIN {bodies} b ON b.code = above.code"
        f" WHERE b.parent <> '' AND depth < {HIGHEST})"
        f" SELECT {columns} FROM {table} a WHERE a.resource = %s AND a.purpose = %s"
        " AND a.consumer IN (SELECT code FROM above) AND NOT a.ended AND a.valid_from <= %s"
        " AND (a.valid_until IS NULL OR a.valid_until >= %s) ORDER BY a.key"
    )


@lru_cache(maxsize=4096)
def _stated(row: Sequence[Any]) -> Agreement:
    """What a row says; never written, and shared by all who read the same."""
    said = dict(zip((*PLAIN, *LISTS), row, strict=True))
    for name in LISTS:
        said[name] = json.loads(said[name]) if isinstance(said[name], str) else said[name]
    said["consent"] = bool(said["consent"])
    return Agreement(**said)
