"""The bodies of government, named by rule for every division that has them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from lingnan.kernel.runtime.api import GovernmentBody
from lingnan.node.world.data import PROVINCE, Places, places, table


def bodies(on: date) -> tuple[GovernmentBody, ...]:
    """Every body of the divisions in force on a day: the province's, then by division."""
    known, rules = places(on), table("bodies.toml")
    named = {row["code"]: row for row in rules["exceptions"]}
    found = [
        _body(known, _varied(rule, rules["variants"], known, division), division, tier, named)
        for division, tier in _divisions(known)
        for rule in rules["functions"]
        if tier in rule["tiers"]
    ]
    return tuple(found)


def _varied(
    rule: dict[str, Any], variants: list[dict[str, Any]], known: Places, division: str
) -> dict[str, Any]:
    """The rule with what its city does otherwise."""
    city = known.by_code[division]["parent"]
    for row in variants:
        if (row["function"], row["city"]) == (rule["function"], city):
            return rule | {"zh": rule["zh"] | row["zh"]}
    return rule


def _divisions(known: Places) -> Iterator[tuple[str, str]]:
    yield PROVINCE, "province"
    yield from ((code, "city") for code in known.cities)
    yield from ((code, "county") for code in known.counties)


def _body(
    known: Places,
    rule: dict[str, Any],
    division: str,
    tier: str,
    named: dict[str, dict[str, str]],
) -> GovernmentBody:
    function = rule["function"]
    code = f"gd-{division}-{function}"
    names = named.get(code) or {
        "name_zh": _name(known, rule["zh"], division, tier, "name_zh"),
        "name_en": _name(known, rule["en"], division, tier, "name_en"),
    }
    above = known.by_code[division]["parent"]
    return GovernmentBody(
        code=code,
        name_zh=names["name_zh"],
        name_en=names["name_en"],
        tier=tier,
        division=division,
        function=function,
        parent=f"gd-{above}-{function}" if above else "",
        undivided=division in known.undivided,
    )


def _name(known: Places, forms: dict[str, str], division: str, tier: str, name: str) -> str:
    row = known.by_code[division]
    if tier == "province":
        return forms["province"]
    if tier == "city":
        return forms["city"].format(city=_city(row[name]))
    form = forms["district" if row["name_zh"].endswith("区") else "county"]
    city = _city(known.by_code[row["parent"]][name])
    return form.format(city=city, county=row[name], short=_short(row[name]))


def _city(name: str) -> str:
    """广州市 stays; Guangzhou City → Guangzhou."""
    return name.removesuffix(" City")


def _short(name: str) -> str:
    """荔湾区 → 荔湾; Liwan District → Liwan. 城区 has no shorter form."""
    if " " in name:
        return name.removesuffix(" District")
    return name.removesuffix("区") if len(name) > 2 else name
