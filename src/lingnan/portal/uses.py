"""Entries of the evidence as a resident reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.exchange.api import emergency_words, resources, use_text
from lingnan.kernel.registry.api import elements, record_type
from lingnan.kernel.ui import api as ui

PAGE = 25


@dataclass(frozen=True)
class Naming:
    """Names of bodies, resources, matters and roles, and the reader's own cases.

    `afar`: of elements that another node holds, as it calls them. `firm`: the code of the firm
    whose uses are read.
    """

    bodies: Mapping[str, str]
    resources: Mapping[str, str]
    matters: Mapping[str, str]
    cases: Mapping[str, str]
    roles: Mapping[str, str]
    afar: Mapping[str, str] = field(default_factory=dict)
    firm: str = ""


def row(entry: Any, naming: Naming) -> dict[str, ui.CellLike]:
    payload = entry.payload or {}
    if entry.payload is None:
        return _erased(entry)
    if entry.kind == "exchange.read":
        return _read(entry, payload, naming)
    if entry.kind == "exchange.set":
        return _of_a_set(entry, payload, naming)
    if entry.kind == "exchange.told":
        return _told(entry, payload, naming)
    if entry.kind in ("exchange.denied", "consent.denied", "consent.used"):
        return _judged(entry, payload, naming)
    if entry.kind in ("case.opened", "case.supervised", "case.taken_out"):
        return _handled(entry, payload, naming)
    if entry.kind == "exchange.introduced":
        return _introduced(entry, payload, naming)
    if entry.kind.startswith("power."):
        return _represented(entry, payload)
    return _seen(entry, payload, naming)


def _represented(entry: Any, payload: Mapping[str, Any]) -> dict[str, ui.CellLike]:
    """What somebody did who acts, or is to act, for the reader."""
    words = {
        "power.offered": _("gave a power to act for you"),
        "power.accepted": _("accepted a power to act for you"),
        "power.taken_up": _("began to act for you"),
        "power.closed": _("ended a power to act for you"),
        "power.shown": _("had the text of a power to act for you shown, in a case"),
    }
    return {
        "who": str(payload.get("name", "")),
        "what": words.get(entry.kind, entry.kind),
        "why": ui.Cell(_("Acting for others"), str(payload.get("power", ""))),
        "when": _when(entry),
    }


def _introduced(entry: Any, payload: Mapping[str, Any], naming: Naming) -> dict[str, ui.CellLike]:
    """That a node learnt from another one who somebody is."""
    node = str(payload.get("to_node") or payload.get("by_node") or "")
    return {
        "who": naming.bodies.get(body_of(entry), ""),
        "what": _("learnt, by a name for one node alone, who you are"),
        "why": ui.Cell(pgettext("federation", "Introduced to another node"), node),
        "when": _when(entry),
    }


def _erased(entry: Any) -> dict[str, ui.CellLike]:
    """The proof that something was written stands; what it said does not."""
    return {"who": None, "what": _("erased"), "why": None, "when": _when(entry)}


def body_of(entry: Any) -> str:
    """The code of the body that used, opened or was told; "" where no body did."""
    payload = entry.payload or {}
    return str(payload.get("consumer") or payload.get("body") or "")


def purpose_of(entry: Any) -> str:
    """What a use was for: a matter or a named purpose; the holder's own records otherwise."""
    payload = entry.payload or {}
    if entry.kind.startswith(("exchange.", "consent.")):
        return str(payload.get("purpose", ""))
    return str(payload.get("matter", "")) if entry.kind.startswith("case.") else ""


def aim_of(entry: Any, naming: Naming) -> str:
    """What a use was for in words: this node's own, else those that the node which asked told with
    it; the code where nobody told any."""
    code, payload = purpose_of(entry), entry.payload or {}
    return naming.matters.get(code) or str(use_text.aim(payload.get("aim")) or code)


def _read(entry: Any, payload: Mapping[str, Any], naming: Naming) -> dict[str, ui.CellLike]:
    return _used(entry, payload, naming, naming.cases.get(payload["case"], ""))


def _of_a_set(entry: Any, payload: Mapping[str, Any], naming: Naming) -> dict[str, ui.CellLike]:
    """One of many who were asked about together, with the way to the proof of it."""
    row = _read(entry, payload, naming)
    what = row["what"]
    assert isinstance(what, ui.Cell)
    firm = "?" + urlencode({"firm": naming.firm}) if naming.firm else ""
    said = _("one of %(n)s") % {"n": f"{payload['count']:,}"}
    link = ui.Link(f"/looked/sets/{entry.seq}/{firm}", said, payload["set"])
    assert not isinstance(what.content, tuple)
    return row | {"what": ui.Cell((what.content, link), what.note)}


def _told(entry: Any, payload: Mapping[str, Any], naming: Naming) -> dict[str, ui.CellLike]:
    """A change that went by itself to a body which had read what changed."""
    own = payload["case"] in naming.cases.values()
    row = _used(entry, payload, naming, payload["case"] if own else "")
    what = row["what"]
    assert isinstance(what, ui.Cell)
    told = _("told of the change: %(elements)s") % {"elements": what.note}
    return row | {"what": ui.Cell(what.content, told)}


def _judged(entry: Any, payload: Mapping[str, Any], naming: Naming) -> dict[str, ui.CellLike]:
    """What another node's holder asked this one about, or refused: both are seen, too."""
    number = str(payload.get("consent", ""))
    words = {
        "consent.used": _("read by your consent, at the holder's node"),
        "consent.denied": _("refused: your consent %(number)s does not allow it")
        % {"number": number},
    }
    row = _used(entry, payload, naming, naming.cases.get(payload["case"], ""))
    what, why = row["what"], row["why"]
    assert isinstance(what, ui.Cell) and isinstance(why, ui.Cell)
    said = words.get(entry.kind, _("asked for, and refused: nothing was read"))
    note = number if entry.kind == "consent.used" else why.note
    return row | {"what": ui.Cell(what.content, said), "why": ui.Cell(why.content, note)}


def _used(
    entry: Any, payload: Mapping[str, Any], naming: Naming, number: str
) -> dict[str, ui.CellLike]:
    matter = aim_of(entry, naming)
    why: Any = ui.Link(f"/cases/{number}/", f"{matter} {number}") if number else matter
    return {
        "who": naming.bodies.get(payload["consumer"], payload["consumer"]),
        "what": ui.Cell(
            naming.resources.get(payload["resource"], payload["resource"]),
            ui.listed(_element(code, payload["resource"], naming) for code in payload["elements"]),
        ),
        "why": ui.Cell(why, _ground(payload)),
        "when": _when(entry),
    }


def _ground(payload: Mapping[str, Any]) -> str:
    """The legal basis, and the consent where one was needed."""
    consents = payload.get("consents") or []
    if not consents:
        return str(payload["basis"])
    said = _("with your consent %(number)s") % {"number": ui.listed(consents)}
    return f"{payload['basis']} · {said}"


def _seen(entry: Any, payload: Mapping[str, Any], naming: Naming) -> dict[str, ui.CellLike]:
    words = {
        "record.opened": _("opened your record"),
        "record.listed": _("your record stood in a list"),
        "record.exported": _("your record was taken out in a file"),
        "record.imported": _("your record was written from a file"),
        "record.entered": _("entered or changed your record"),
        "record.proposed": _("proposed a change of your record"),
        "record.confirmed": _("confirmed a change of your record"),
        "record.refused": _("refused a proposed change of your record"),
        "record.uses": _("read who had used your record"),
        "record.emergency": _("opened your record in an emergency"),
        "emergency.opened": _("declared an emergency to open your record"),
        "emergency.justified": _("its head found the emergency access justified"),
        "emergency.unjustified": _("its head found the emergency access not justified"),
        "emergency.delayed": _("its head delayed the message about the emergency access"),
        "consent.asked": _("asked you for a consent"),
        "consent.reminded": _("reminded you of a consent asked for"),
        "consent.withdrawn": _("asks for a consent no more"),
        "consent.refused": _("you refused a consent"),
        "consent.given": _("you gave a consent"),
        "consent.revoked": _("you revoked a consent"),
        "doubt.raised": _("doubted a fact of your record"),
        "governance.consent_read": _("read, as an auditor, a consent of yours"),
        "governance.searched": _("searched, as an auditor, who had used your data"),
        "licence.issued": _("issued its sealed licence"),
        "list.noticed": _("gave notice of an entry on a list"),
    }
    system, _dot, name = payload.get("record_type", ".").partition(".")
    try:
        title = str(record_type(system, name).record.title)
    except LookupError:
        title = system
    search = payload.get("search", "")
    why: Any = _("search for “%(q)s”") % {"q": search} if search else _("own records")
    if payload.get("emergency"):
        said = emergency_words.reason(str(payload.get("reason", "")))
        why = ui.Cell(ui.Chip("warn", _("emergency access")), f"{said} · {payload['emergency']}")
    if entry.kind.startswith("consent."):
        why = str(payload.get("consent") or payload.get("request") or "")
    return {
        "who": ui.Cell(
            naming.bodies.get(body_of(entry), "") or _("Myself"),
            naming.roles.get(payload.get("role", ""), ""),
        ),
        "what": ui.Cell(title, words.get(entry.kind, entry.kind)),
        "why": payload.get("purpose") or why,
        "when": _when(entry),
    }


def _handled(entry: Any, payload: Mapping[str, Any], naming: Naming) -> dict[str, ui.CellLike]:
    number = str(payload["case"])
    matter = naming.matters.get(str(payload["matter"]), str(payload["matter"]))
    what, why = _("opened your case"), _("to handle it")
    if entry.kind == "case.supervised":
        what, why = _("looked at the times and acts of your case"), _("to supervise its handling")
    elif entry.kind == "case.taken_out":
        what, why = _("took the evidence of your case out as a file"), _("to prove its course")
    elif payload["material"]:
        what = _("opened a file of your case")
    return {
        "who": ui.Cell(
            naming.bodies.get(payload["body"], ""), naming.roles.get(payload["role"], "")
        ),
        "what": what,
        "why": ui.Cell(ui.Link(f"/cases/{number}/", f"{matter} {number}"), why),
        "when": _when(entry),
    }


def _when(entry: Any) -> ui.Cell:
    at = parse_datetime(entry.at)
    note = _("evidence no. %(n)s") % {"n": entry.seq}
    return ui.Cell(ui.legal_datetime(at) if at else entry.at, note)


def _element(code: str, resource: str, naming: Naming) -> str:
    """Its title: of a column the register's own, of what is worked out from records that of the
    resource which answers it, here or on another node; else the code."""
    home = elements().get(code)
    if home:
        return str(getattr(home[0]._meta.get_field(home[1]), "verbose_name", code))
    answers = resources().get(resource)
    known = answers.elements if answers else {}
    return str(known.get(code) or naming.afar.get(code, code))
