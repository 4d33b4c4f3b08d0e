"""Finding elements: by words, the nearest first; or all of them, by identifier."""

from collections.abc import Mapping
from dataclasses import dataclass

from lingnan.kernel.registry.api import open_words
from lingnan.kernel.runtime.api import legal_time
from lingnan.systems.government.data_elements.models import DataElement

PAGE, MOST = 25, 400
"""Elements of a page; of a search no more than `MOST` are ranked, and the page says so."""


@dataclass(frozen=True)
class Found:
    """One page. `total` is how many were found; None where all are gone through by identifier."""

    rows: list[DataElement]
    total: int | None
    more: bool
    following: str


def find(words: str, exact: Mapping[str, str], start: str = "") -> Found:
    """A page from `start` on: a number of a search, an identifier else."""
    if open_words.is_worded(words):
        return _searched(words, exact, int(start) if start.isdecimal() and len(start) < 4 else 0)
    if words:
        return Found([], 0, False, "")
    rows = DataElement.objects.filter(
        ended=False, valid_from__lte=legal_time.today(), code__gt=start, **exact
    )
    found = list(rows.order_by("code")[: PAGE + 1])
    following = found[PAGE - 1].code if len(found) > PAGE else ""
    return Found(found[:PAGE], None, False, following)


def _searched(words: str, exact: Mapping[str, str], start: int) -> Found:
    found, more = open_words.found(DataElement, words, exact, MOST)
    found.sort(key=lambda one: (_rank(one, words), one.status == "retired", one.code))
    following = str(start + PAGE) if len(found) > start + PAGE else ""
    return Found(found[start : start + PAGE], len(found), more, following)


def _rank(row: DataElement, words: str) -> int:
    """0 where it is called so, 1 where its other words say so, 2 where its name begins so, 3 where
    its name holds it, 4 where only what it says does."""
    wanted = words.casefold().strip()
    names = (row.name_zh.casefold(), row.name_en.casefold())
    if wanted in names or wanted == row.code:
        return 0
    if wanted in row.words.casefold().split():
        return 1
    if any(name.startswith(wanted) for name in names):
        return 2
    return 3 if any(wanted in name for name in names) else 4
