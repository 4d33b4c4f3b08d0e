"""Finding records by the words of their texts: candidates from the index, compared with the row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lingnan.kernel.registry.choosing import PREFIX
from lingnan.kernel.registry.records import Record, significant
from lingnan.kernel.runtime.text import index
from lingnan.kernel.runtime.text.words import holds, words
from lingnan.kernel.trust.api import Actor

# Candidates looked at in one statement, and for one page of a list.
AT_ONCE, MOST = 250, 5000


@dataclass(frozen=True)
class Candidates:
    """Keys that may fit, ascending, and the last of them that was looked at."""

    keys: list[int]
    last: int


def is_worded(model: type[Record], search: str) -> bool:
    """Whether a search is one for words: two Chinese characters that stand together, or more.

    Numbers and codes are compared with the beginning of the declared fields instead.
    """
    return model.text_index() is not None and any(not word.isascii() for word in words(search))


def candidates(
    model: type[Record], actor: Actor, search: str, told: Mapping[str, str], start: int | None
) -> Iterator[Candidates]:
    """Batches of keys after `start` whose records may hold the words, in sight of the actor."""
    declared: Any = model.text_index()
    scope = significant(actor.division) if model.record.scope else ""
    asked = declared.asked(search, dict(_exact(model, told)), scope)
    looked = 0
    while looked < MOST:
        keys = index.keys(model, asked, start, AT_ONCE)
        looked += len(keys)
        if keys:
            start = keys[-1]
            yield Candidates(keys, keys[-1])
        if len(keys) < AT_ONCE:
            return


def _exact(model: type[Record], told: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The pinned fields that are filtered by one value."""
    for name in model.record.pinned:
        since, until = told.get(f"{PREFIX}{name}_from"), told.get(f"{PREFIX}{name}_to")
        value = told.get(f"{PREFIX}{name}") or (since if since == until else None)
        if value:
            yield name, value


def fits(model: type[Record], row: Any, search: str, withheld: Collection[str] = ()) -> bool:
    """Whether a row says what is searched for: what the index found is compared with it."""
    declared: Any = model.text_index()
    seen = [name for name in declared.fields if name not in withheld]
    return holds([str(getattr(row, name) or "") for name in seen], search)
