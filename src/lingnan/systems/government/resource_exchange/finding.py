"""Finding entries of the catalogue: by words and class, the nearest first; or all, by code."""

from collections.abc import Mapping
from dataclasses import dataclass

from lingnan.kernel.registry.api import open_words
from lingnan.kernel.runtime.api import legal_time
from lingnan.systems.government.resource_exchange.models import Entry

PAGE, MOST = 24, 400
"""Entries of a page; of a search no more than `MOST` are ranked, and the page says so."""


@dataclass(frozen=True)
class Asked:
    """What is looked for: words, and values of fields that narrow it (subject, sharing)."""

    words: str = ""
    exact: Mapping[str, str] | None = None
    kind: str = ""
    """The first digits of the category: 类, or 类 and 项."""


@dataclass(frozen=True)
class Found:
    """One page. `total` is how many were found; None where all are gone through by code."""

    entries: list[Entry]
    total: int | None
    more: bool
    """Whether there are more than were ranked."""
    following: str
    """Where the next page begins; "" at the end."""


def find(asked: Asked, start: str = "") -> Found:
    """A page from `start` on: a number of a search, a code else."""
    if open_words.is_worded(asked.words):
        return _searched(asked, int(start) if start.isdecimal() and len(start) < 4 else 0)
    if asked.words:
        return Found([], 0, False, "")
    rows = Entry.objects.filter(
        ended=False, valid_from__lte=legal_time.today(), code__gt=start, **(asked.exact or {})
    )
    if asked.kind:
        rows = rows.filter(category__startswith=asked.kind)
    found = list(rows.order_by("code")[: PAGE + 1])
    following = found[PAGE - 1].code if len(found) > PAGE else ""
    return Found(found[:PAGE], None, False, following)


def _searched(asked: Asked, start: int) -> Found:
    found, more = open_words.found(Entry, asked.words, asked.exact or {}, MOST)
    if asked.kind:
        found = [one for one in found if one.category.startswith(asked.kind)]
    found.sort(key=lambda one: (_rank(one, asked.words), one.code))
    following = str(start + PAGE) if len(found) > start + PAGE else ""
    return Found(found[start : start + PAGE], len(found), more, following)


def _rank(entry: Entry, words: str) -> int:
    """0 where the name is what was asked, 1 where it begins so, 2 where it holds it whole, 3 where
    it holds a word of it, 4 where only what it says does."""
    wanted = words.casefold().strip()
    names = (entry.title_zh.casefold(), entry.title_en.casefold())
    if wanted in names or wanted == entry.resource:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    if any(wanted in name for name in names):
        return 2
    return 3 if any(word in name for word in wanted.split() for name in names) else 4
