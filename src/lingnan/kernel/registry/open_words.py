"""Searching a register that is open to everybody: of today, without evidence of who looked."""

from collections.abc import Mapping
from typing import Any

from lingnan.kernel.registry import wording
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.text import index
from lingnan.kernel.runtime.text.words import words


def found(
    model: type[Record], search: str, exact: Mapping[str, Any], most: int
) -> tuple[list[Any], bool]:
    """Records in force that say every word, in the order of entry, up to `most`; and whether
    there may be more.

    A Chinese word is found by any two neighbouring characters. `exact` narrows by values of
    fields; those that the record type pins narrow in the index. Of a search without a word
    nothing is found.
    """
    declared: Any = model.text_index()
    asked = declared.asked(search, exact, "")
    kept: list[Any] = []
    start: int | None = None
    looked = 0
    while looked < wording.MOST:
        keys = index.keys(model, asked, start, wording.AT_ONCE)
        looked += len(keys)
        rows = model.objects.filter(
            key__in=keys, ended=False, valid_from__lte=legal_time.today(), **exact
        )
        kept += [row for row in rows.order_by("key") if wording.fits(model, row, search)]
        if len(kept) > most or len(keys) < wording.AT_ONCE:
            return kept[:most], len(kept) > most
        start = keys[-1]
    return kept, True


def is_worded(search: str) -> bool:
    """Whether a search has a word that an index can find."""
    return bool(words(search))
