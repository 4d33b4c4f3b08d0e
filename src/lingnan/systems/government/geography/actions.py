"""Writing addresses: one at a time by the body, many at once when a register is taken over."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction

from lingnan.kernel.runtime.api import Batch, action
from lingnan.kernel.runtime.api import load as load_rows
from lingnan.systems.government.geography import roads
from lingnan.systems.government.geography.models import Address
from lingnan.systems.government.geography.wording import ordinal, plain

COLUMNS = (
    "key",
    "code",
    "division",
    "township",
    "street",
    "number",
    "text",
    "longitude",
    "latitude",
    "kind",
    "floor_area",
)


def register(by: str, reason: str, **values: Any) -> Address:
    """A new address. Raises ValidationError on values that do not fit."""
    values["street"], values["number"] = plain(values["street"]), plain(values["number"])
    with transaction.atomic(), action(by=by, reason=reason) as act:
        made = act.create(Address, ordinal=ordinal(values["number"]), **values)
        roads.add(Counter([(made.division, made.township, made.street)]))
    return made


def load(chunks: Iterable[Mapping[str, Sequence[Any]]], name: str, *, beside: bool = False) -> int:
    """Take over addresses given by columns (`COLUMNS`) as a load of this name; returns how many.

    A load that was killed goes on; its roads are counted from all its addresses at its end.
    `beside` as in `runtime.api.load`.
    """
    return load_rows(name, _batches(chunks), beside=beside)


def _batches(chunks: Iterable[Mapping[str, Sequence[Any]]]) -> Iterator[Batch]:
    places = Counter[roads.Place]()
    for chunk in chunks:
        columns = {name: list(chunk[name]) for name in COLUMNS}
        columns["street"] = [plain(text) for text in columns["street"]]
        columns["number"] = [plain(text) for text in columns["number"]]
        columns["ordinal"] = [ordinal(text) for text in columns["number"]]
        where = (columns["division"], columns["township"], columns["street"])
        places.update(zip(*where, strict=True))
        yield Batch([(Address, columns)])
    yield Batch([], partial(roads.add, places))
