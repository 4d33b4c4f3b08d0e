"""What limits the uses of an agreement, in the reader's words and as fields of a form."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext, pgettext_lazy

from lingnan.kernel.exchange.api import Resource, limited, rates, rows, volumes
from lingnan.kernel.ui import api as ui
from lingnan.portal.consents_words import Words

NAMES = {
    "uses": pgettext_lazy("agreement", "Kinds of use"),
    "rows": lazy("Only records of which"),
    "subjects": pgettext_lazy("agreement", "Only about"),
    "rate": lazy("How often at most"),
    "volume": lazy("How much as files at most"),
    "onward": lazy("May be passed on to"),
}
LONGEST = 400
OPERATORS = {
    "=": pgettext_lazy("condition", "is"),
    "!=": pgettext_lazy("condition", "is not"),
    ">=": pgettext_lazy("condition", "is at least"),
    "<=": pgettext_lazy("condition", "is at most"),
    "under": pgettext_lazy("condition", "lies in"),
}


def kinds() -> dict[str, str]:
    """The kinds of use, by code."""
    return {
        "single": _("single: asked person by person"),
        "set": _("set: many at once, each of whom sees it"),
        "aggregate": _("aggregate: figures only, about nobody in particular"),
        "files": _("files: the holder hands over whole files and batches"),
    }


def items(limits: Mapping[str, Any], resource: str, words: Words) -> list[ui.Item]:
    """All that limits an agreement, or a wish for one; what it says nothing of is left out, but
    kinds of use and passing on, which are always said."""
    always = ("uses", "onward")
    return [
        ui.Item(str(words_of), said(name, limits[name], resource, words))
        for name, words_of in NAMES.items()
        if limits[name] or name in always
    ]


def said(name: str, value: Any, resource: str, words: Words) -> str:
    """A limit in the reader's words."""
    if name == "uses":
        known = kinds()
        return ui.listed(known[one] for one in limited.WAYS if one in value)
    if name == "rows":
        return "; ".join(_condition(one, resource, words) for one in rows.read(value)) or "—"
    if name == "subjects":
        return _place(value)
    if name == "rate":
        return _rate(value)
    if name == "volume":
        return ui.listed(volumes.said(value)) or "—"
    return ui.listed(map(words.body, value)) if value else _("nobody")


def _condition(one: rows.Condition, resource: str, words: Words) -> str:
    meant = {
        rows.TODAY: pgettext("condition", "today"),
        rows.TERRITORY: pgettext("condition", "the territory of the body that asks"),
    }
    values = pgettext("condition", " or ").join(str(meant.get(v, v)) for v in one.values)
    return f"{words.elements(resource, [one.element])} {OPERATORS[one.operator]} {values}"


def _place(code: str) -> str:
    if code == limited.TERRITORY:
        return _("people and firms of the territory of the body that asks")
    return _("people and firms of the division %(code)s") % {"code": code} if code else "—"


def _rate(text: str) -> str:
    rate = rates.read(text)
    if rate is None:
        return "—"
    words = {
        ("uses", "minute"): _("%(n)s uses a minute"),
        ("uses", "day"): _("%(n)s uses a day"),
        ("subjects", "minute"): _("%(n)s people or firms a minute"),
        ("subjects", "day"): _("%(n)s people or firms a day"),
    }
    return words[rate.unit, rate.span] % {"n": f"{rate.most:,}"}


def fields(said: ui.Answers, resource: Resource, old: Any) -> list[ui.FieldView]:
    """Questions about the limits; `old` is what is to be changed."""
    ways = {code: words for code, words in kinds().items()
            if code != "aggregate" or resource.counted is not None}  # fmt: skip
    chosen = tuple(old.uses) if old is not None else said.several("uses") or ("single",)
    places = {limited.TERRITORY: _place(limited.TERRITORY)}
    if old is not None and old.subjects not in ("", limited.TERRITORY):
        places[old.subjects] = _place(old.subjects)

    def now(name: str) -> str:
        if old is None:
            return str(said[name])
        value = getattr(old, name)
        return " ".join(value) if name == "onward" else str(value)

    found = [
        said.field("uses", str(NAMES["uses"]), kind="checkbox", options=ui.options(ways),
                   value=chosen),
        said.field("rows", str(NAMES["rows"]), required=False, maxlength=LONGEST,
                   value=now("rows"), hint=_rows_hint(resource)),
        said.field("rate", str(NAMES["rate"]), required=False, maxlength=40, value=now("rate"),
                   hint=_("As 1000 subjects/day or 60 uses/minute; empty: as often as needed.")),
        said.field("volume", str(NAMES["volume"]), required=False, maxlength=80,
                   value=now("volume"), hint=_volume_hint()),
        said.field("onward", str(NAMES["onward"]), required=False, maxlength=LONGEST,
                   value=now("onward"), hint=_("Codes of bodies; empty: to nobody.")),
    ]  # fmt: skip
    if resource.division:
        found.insert(2, said.field(
            "subjects", str(NAMES["subjects"]), kind="select", required=False,
            options=ui.options(places), blank=_("everybody on record"), value=now("subjects"),
        ))  # fmt: skip
    return found


def _rows_hint(resource: Resource) -> str:
    example = next(iter(resource.elements))
    return _("As %(element)s = value; with !=, >=, <= or under; today and territory stand for the "
             "day and your body's division. Empty: all.") % {"element": example}  # fmt: skip


def _volume_hint() -> str:
    return _("For files alone, as 500 MB/file, 2 GB/day, 20 files/day; what is left out is as the "
             "holder's node has it, and never more.")  # fmt: skip


def wanted(said: ui.Answers, resource: Resource) -> Mapping[str, Any]:
    """What was answered; what is wrong is judged by the exchange."""
    # Nothing chosen is what every agreement allows.
    uses = [one for one in limited.WAYS if one in said.several("uses")] or ["single"]
    subjects = str(said["subjects"] or "") if resource.division else ""
    onward = str(said["onward"] or "").replace(",", " ").replace("、", " ").split()
    return {
        "uses": uses, "rows": str(said["rows"] or "").strip(), "subjects": subjects,
        "rate": str(said["rate"] or "").strip(), "onward": sorted(set(onward)),
        "volume": str(said["volume"] or "").strip() if "files" in uses else "",
    }  # fmt: skip
