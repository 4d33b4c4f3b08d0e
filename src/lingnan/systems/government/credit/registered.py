"""What the register of firms says: whom a firm belongs to, and on which lists it stands.

The register is the one home of the lists of abnormal operations and of serious breaches
(企业信息公示暂行条例 (2014-08-07) Art. 17); here they are read, never kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lingnan.kernel.exchange.api import ExchangeFailure, Use, give, purpose, resources, single
from lingnan.kernel.runtime.api import Title

LISTS = "legal_persons.lists_of_organisation"
PURPOSE = purpose("credit_lists", Title("信用查询：经营名录", "Credit: lists of enterprises"))
CHECK = purpose("credit_check", Title("核查企业信用", "A check of a firm's credit"))
"""For what other bodies ask."""
BASIS = "《企业信息公示暂行条例》（2014-08-07）第十七条、第十八条"
NAMES = ("abnormal", "serious")
ELEMENTS = tuple(f"enterprise_list.{name}{part}" for part in ("", "_since") for name in NAMES)


@dataclass(frozen=True)
class Listed:
    """A firm on a list of the register, since a day, as the register stood on `as_of`."""

    code: str
    list: str
    since: date | None
    as_of: date


def key_of(code: str) -> int | None:
    """The key of an organisation by its credit code, where a register here knows it."""
    known = resources().get(LISTS)
    return known.find(code) if known is not None and known.find is not None and code else None


def lists_of(codes: Sequence[str], consumer: str, actor: str) -> list[Listed] | None:
    """The lists on which firms stand, in one use; None where the register does not answer."""
    keys = {code: key for code in codes if (key := key_of(code)) is not None}
    names = give("organisation", consumer, list(keys.values())) if keys else {}
    if not keys:
        return [] if LISTS in resources() else None
    use = Use(
        resource=LISTS,
        consumer=consumer,
        purpose=PURPOSE,
        basis=BASIS,
        case="",
        actor=actor,
        subjects=tuple(names.values()),
        elements=ELEMENTS,
    )
    try:
        answers = {one.subject: one for one in single(use)}
    except ExchangeFailure:
        return None
    found = []
    for code, key in keys.items():
        for row in answers[names[key]].rows:
            found += _listed(code, row["values"], date.fromisoformat(row["as_of"]))
    return found


def _listed(code: str, values: dict[str, str], as_of: date) -> list[Listed]:
    held = [name for name in NAMES if values[f"enterprise_list.{name}"] == "yes"]
    days = {name: values[f"enterprise_list.{name}_since"] for name in held}
    return [
        Listed(code, name, date.fromisoformat(day) if day else None, as_of)
        for name, day in days.items()
    ]
