"""What limits the uses of an agreement beyond resource, purpose and elements."""

from collections.abc import Mapping
from typing import Any

from lingnan.kernel.exchange import catalogue, rates, rows, volumes
from lingnan.kernel.exchange.wording import NotATerm

WAYS = ("single", "set", "aggregate", "files")
LIMITS: Mapping[str, Any] = {
    "uses": ["single"], "rows": "", "subjects": "", "rate": "", "volume": "", "onward": [],
}  # fmt: skip
"""What an agreement says that says nothing of it."""
DECISIVE = ("uses", "rows", "subjects", "onward")
"""Of these a change needs a new consent. Rate and volume are none: they may be cut, as the
term may."""
TERRITORY, MOST = "territory", 50


def of(said: Any) -> dict[str, Any]:
    """The limits of an agreement, of a wish for one, or of what another node told of one."""
    if isinstance(said, Mapping):
        return {name: said.get(name, usual) for name, usual in LIMITS.items()}
    return {name: getattr(said, name) for name in LIMITS}


def check(resource: str, said: Mapping[str, Any]) -> None:
    """Raises NotATerm where a limit cannot be understood, or not be kept for this resource."""
    if unknown := set(said) - set(LIMITS):
        raise NotATerm(sorted(unknown)[0])
    known = catalogue.resources().get(resource)
    uses, onward = said.get("uses", ["single"]), said.get("onward", [])
    if not uses or not set(uses) <= set(WAYS) or len(set(uses)) < len(uses):
        raise NotATerm("uses")
    conditions = rows.read(said.get("rows", ""))
    if known is not None and not {one.element for one in conditions} <= set(known.elements):
        raise NotATerm("rows")
    subjects = said.get("subjects", "")
    placed = subjects == TERRITORY or (len(subjects) == 6 and subjects.isdigit())
    if subjects and (not placed or (known is not None and not known.division)):
        raise NotATerm("subjects")
    rates.read(said.get("rate", ""))
    if volumes.read(said.get("volume", "")) != volumes.Volume() and "files" not in uses:
        raise NotATerm("volume")
    if len(onward) > MOST or not all(_named(one) for one in onward):
        raise NotATerm("onward")


def _named(body: Any) -> bool:
    return isinstance(body, str) and 0 < len(body) <= 40 and body.isascii() and body.isprintable()
