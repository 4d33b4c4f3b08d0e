"""Entries, findings and objections in the reader's words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lingnan.kernel.exchange.api import purposes, resources
from lingnan.kernel.matters.api import EVENT_WORDS, Case, published
from lingnan.kernel.registry.api import record_types
from lingnan.kernel.trust.api import body_titles, post_titles
from lingnan.kernel.ui import api as ui
from lingnan.systems.assurance.trust_governance import accesses, findings
from lingnan.systems.assurance.trust_governance.models import Finding

KINDS: Mapping[str, Any] = {
    "exchange.read": lazy("Use of the exchange"),
    "exchange.set": lazy("Use of the exchange about many"),
    "exchange.counted": lazy("Figures counted under an agreement"),
    "exchange.denied": lazy("Use of the exchange refused"),
    "record.opened": lazy("Record opened"),
    "record.listed": lazy("Records in a list"),
    "record.exported": lazy("Records taken out in a file"),
    "record.uses": lazy("Uses of a record read"),
    "record.emergency": lazy("Record opened in an emergency"),
    "emergency.unjustified": lazy("Emergency access found not justified"),
    "case.opened": lazy("Case opened"),
    "case.supervised": lazy("Case opened by supervision"),
    "case.event": lazy("Event of a case"),
    "consent.used": lazy("Consent used"),
    "consent.denied": lazy("Use refused, the consent does not cover it"),
    "governance.searched": lazy("Evidence searched by an auditor"),
}
FINDING_CHIPS: Mapping[str, ui.Kind] = {
    "asked": "warn",
    "explained": "info",
    "confirmed": "info",
    "rejected": "late",
    "justified": "ok",
    "unjustified": "late",
}
# The length of what evidence calls an application by.
APPLICATION = 32
OBJECTION_CHIPS: Mapping[str, ui.Kind] = {
    "raised": "warn",
    "said": "warn",
    "overdue": "late",
    "lawful": "ok",
    "unlawful": "late",
    "withdrawn": "soft",
}


def kind(code: str) -> str:
    return str(KINDS.get(code, code))


def _case(text: str) -> str:
    """The number of a case; of an application, the case's that it became."""
    if len(text) != APPLICATION:
        return text
    return Case.objects.filter(application_id=text).values_list("number", flat=True).first() or ""


class Names:
    """What codes are called, read once for a page."""

    def __init__(self) -> None:
        self._roles = post_titles()
        self.bodies = body_titles()
        self._purposes = {code: str(title) for code, title in purposes().items()}
        self._purposes |= {one.code: str(one.title) for _definition, one in published()}
        self._resources = {code: str(one.title) for code, one in resources().items()}
        self._registers = {m._meta.label_lower: str(m.record.title) for m in record_types()}

    def body(self, code: str) -> str:
        return self.bodies.get(code, code)

    def official(self, name: str, official: str) -> str:
        """Name, post and the mark by which evidence tells namesakes apart."""
        place, _blank, mark = official.partition(" ")
        role = place.partition("/")[2]
        return f"“{name}” · {self._roles.get(role, role)} · {mark.upper()}" if mark else ""

    def post(self, official: str) -> str:
        """Body, post and mark of an official, without the name."""
        place, _blank, mark = official.partition(" ")
        body, _slash, role = place.partition("/")
        return f"{self.body(body)} · {self._roles.get(role, role)} · {mark.upper()}"

    def event(self, payload: Mapping[str, Any]) -> str:
        code = str(payload.get("event", ""))
        return str(EVENT_WORDS.get(code, code))

    def what(self, payload: Mapping[str, Any]) -> str:
        resource = str(payload.get("resource", ""))
        register = str(payload.get("record_type", ""))
        return self._resources.get(resource, resource) or self._registers.get(register, register)

    def why(self, payload: Mapping[str, Any]) -> ui.Cell:
        purpose = str(payload.get("purpose") or payload.get("matter") or "")
        said = [self._purposes.get(purpose, purpose), _case(str(payload.get("case", "")))]
        return ui.Cell(" ".join(one for one in said if one) or "—", str(payload.get("basis", "")))


def entry_row(entry: Any, names: Names) -> dict[str, ui.CellLike]:
    """An access as auditors read it: never whom it concerns."""
    payload = entry.payload or {}
    name, official = accesses.official_of(str(payload.get("actor", "")))
    # Erased: the proof stands, the words do not.
    what = names.what(payload) if entry.payload is not None else _("erased")
    return {
        "seq": ui.Cell(ui.Link(trace_address(entry.seq), f"{entry.seq:,}"), when(entry)),
        "who": ui.Cell(
            names.body(accesses.body_of(payload)) or "—", names.official(name, official)
        ),
        "what": ui.Cell(kind(entry.kind), what),
        "why": names.why(payload),
    }


def entry_columns() -> list[ui.Column]:
    return [
        ui.Column("seq", _("Evidence")),
        ui.Column("who", _("Who")),
        ui.Column("what", _("What")),
        ui.Column("why", _("Why")),
    ]


def when(entry: Any) -> str:
    return ui.legal_datetime(accesses.moment(entry.at))


def trace_address(seq: int) -> str:
    return f"/governance/trace/?entry={seq}"


def fact(finding: Finding) -> str:
    """Why the rule found it, in one sentence."""
    said = dict(finding.facts)
    words = {
        "after_hours": _("At %(at)s, outside working hours."),
        "off_territory": _("%(outside)s of %(number)s belong to no place of this body."),
        "self": _("The official's own record, without a case."),
        "household": _("The record of somebody who lives in the official's own household."),
        "marked": _("Somebody under protection was seen, without a case that the body handles."),
        "colleague": _("The record of somebody who holds a post at the same body."),
        "much_looked_at": _(
            "One subject, opened by %(officials)s officials of %(bodies)s bodies within %(days)s "
            "days, without a case."
        ),
        "enumeration": _("%(subjects)s subjects opened within %(minutes)s minutes without a case."),
        "sequential": _(
            "%(subjects)s records opened one after another in the register's order within "
            "%(minutes)s minutes."
        ),
        "export_volume": _("%(rows)s rows taken out in one day."),
        "emergency_unjustified": _("The reviewing head did not accept the emergency."),
        "no_case": _("Another body's data read over the exchange without a case."),
    }
    if finding.rule == "after_hours" and said.get("day") == "rest":
        return _("At %(at)s on a day of rest.") % said
    return words.get(finding.rule, "%(rule)s") % (said | {"rule": finding.rule})


def finding_chip(kinds: list[str]) -> ui.Chip:
    """How a finding stands, by its events in their order."""
    if not kinds:
        return ui.Chip("soft", _("found"))
    titles = {"asked": _("waits for the official"), "explained": _("waits for the head")}
    titles |= {"confirmed": _("waits for the auditor"), "rejected": _("not confirmed by the head")}
    titles |= {"justified": _("justified"), "unjustified": _("not justified")}
    return ui.Chip(FINDING_CHIPS.get(kinds[-1], "soft"), titles.get(kinds[-1], kinds[-1]))


def objection_chip(kinds: set[str]) -> ui.Chip:
    """How an objection stands."""
    titles = {
        "unlawful": _("objection upheld: not lawful"),
        "lawful": _("objection answered: lawful"),
        "withdrawn": _("objection withdrawn"),
        "overdue": _("objection overdue, with the auditors"),
    }
    for code, title in titles.items():
        if code in kinds:
            return ui.Chip(OBJECTION_CHIPS[code], title)
    return ui.Chip("warn", _("objection raised"))


def finding_row(finding: Finding, names: Names) -> dict[str, ui.CellLike]:
    done = [one.kind for one in finding.events.all()]
    rule = str(findings.title(finding.rule))
    return {
        "rule": ui.Cell(
            ui.Link(findings.link(finding), rule, findings.reference(finding)[:8]), fact(finding)
        ),
        "who": ui.Cell(names.body(finding.body), names.official(finding.name, finding.official)),
        "day": ui.legal_date(finding.day),
        "score": finding.score,
        "state": finding_chip(done),
    }
