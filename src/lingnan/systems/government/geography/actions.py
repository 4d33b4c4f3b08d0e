"""Writing addresses: one at a time by the body, many at once when a register is taken over."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from lingnan.kernel.runtime.api import action
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


def load(chunks: Iterable[Mapping[str, Sequence[Any]]], by: str) -> int:
    """Take over addresses given by columns (`COLUMNS`); returns how many."""
    count, places = 0, Counter[roads.Place]()
    with action(by=by, reason="addresses taken over") as act:
        for chunk in chunks:
            columns = {name: list(chunk[name]) for name in COLUMNS}
            columns["street"] = [plain(text) for text in columns["street"]]
            columns["number"] = [plain(text) for text in columns["number"]]
            columns["ordinal"] = [ordinal(text) for text in columns["number"]]
            count += act.load_columns(Address, columns)
            where = (columns["division"], columns["township"], columns["street"])
            places.update(zip(*where, strict=True))
        roads.add(places)
    return count
