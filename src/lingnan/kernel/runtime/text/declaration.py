"""What of a record is found by its words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from lingnan.kernel.runtime.text.words import joined, words

# Characters for private use: what they mark is a word that nobody can type.
SCOPE, PINNED = "\ue000", "\ue001"


@dataclass(frozen=True)
class TextIndex:
    """fields: texts whose words are found; pinned: fields whose exact value narrows a search;
    scope: the field with the division code by which an official's sight is bounded, or ""."""

    fields: tuple[str, ...]
    pinned: tuple[str, ...] = ()
    scope: str = ""

    @property
    def digest(self) -> str:
        """Changes when an index made by another declaration has to be made anew."""
        said = repr((2, self.fields, self.pinned, self.scope))
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.fields, *self.pinned, *([self.scope] if self.scope else []))

    def of_row(self, row: Any) -> frozenset[str]:
        """The words of a record or of a version of it."""
        return frozenset(self._words([getattr(row, name) for name in self.columns]))

    def of_columns(self, given: Mapping[str, Sequence[Any]], count: int) -> Iterator[str]:
        """The words of each row, parted by spaces; a column that is not given is empty."""
        made = [map(joined, given.get(name) or repeat("", count)) for name in self.fields]
        for name in (*self.pinned, *([self.scope] if self.scope else ())):
            values = given.get(name) or repeat("", count)
            known = {value: self._mark(name, value) for value in set(values)}
            made.append(map(known.__getitem__, given.get(name) or repeat("", count)))
        return map(" ".join, zip(*made, strict=True))

    def asked(self, search: str, pinned: Mapping[str, Any], scope: str) -> tuple[str, ...]:
        """The words that a record must have. `scope` is the beginning of a division code.

        Without a word of the search itself nothing is asked: an empty answer.
        """
        typed = words(search)
        if not typed:
            return ()
        more = [self._pin(name, value) for name, value in pinned.items() if name in self.pinned]
        near = [f"{SCOPE}{scope[:6]}"] if self.scope and len(scope) in (4, 6) else []
        return (*typed, *more, *near)

    def _words(self, values: Sequence[Any]) -> Iterator[str]:
        for place, value in enumerate(values):
            if place < len(self.fields):
                yield from words(value or "")
            else:
                yield from self._mark(self.columns[place], value).split()

    def _mark(self, name: str, value: Any) -> str:
        """The words that a pinned field or the scope gives, parted by spaces."""
        if name in self.pinned:
            return self._pin(name, value)
        return f"{SCOPE}{value[:4]} {SCOPE}{value[:6]}" if value else ""

    def _pin(self, name: str, value: Any) -> str:
        plain = "".join(filter(str.isalnum, str(value)))
        return f"{PINNED}{self.pinned.index(name)}{plain}"
