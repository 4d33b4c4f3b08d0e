"""The steps of a message's way, as they are read."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.exchange.operating import assembling, reading, verifying
from lingnan.kernel.exchange.tracing.steps import Step
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators_words import Named, duration


def name_of(code: str) -> str:
    texts = {
        "asked": _("A system asks its node"),
        "signed": _("Its node signs and sends"),
        "relayed": _("A node on the way passes it on"),
        "received": _("The node that answers takes it"),
        "served": _("The service answers"),
        "answered": _("The answer is signed and sent back"),
        "returned": _("Its node verifies it and hands it over"),
    }
    return texts[code]


def moment(at: datetime | None, exact: bool = True) -> str:
    """With milliseconds, or the whole second that a signature says."""
    if at is None:
        return "—"
    here = timezone.localtime(at)
    parts = f"{here:%H:%M:%S}" + (f".{here.microsecond // 1000:03d}" if exact else "")
    return f"{ui.legal_date(at, 'short')} {parts}"


def state(one: Step) -> ui.StepState:
    if one.verdict is not None and one.verdict.verdict == verifying.BROKEN:
        return "stopped"
    if one.status >= 500:
        return "stopped"
    return "done" if one.known else "next"


def verdict(one: Step) -> ui.Chip | str:
    """Of the signature at this step."""
    if one.verdict is None:
        return "—"
    kinds: dict[str, ui.Chip] = {
        verifying.WHOLE: ui.Chip("ok", _("holds, over all that is kept")),
        verifying.DIGEST: ui.Chip("ok", _("holds, over the digest that is kept")),
        verifying.BROKEN: ui.Chip("late", pgettext("trace", "does not hold")),
        verifying.UNKNOWN: ui.Chip("warn", _("by a key of no known directory")),
        verifying.NONE: ui.Chip("soft", _("was not kept then")),
    }
    return kinds[one.verdict.verdict]


def _heard(one: Step) -> str:
    texts = {
        assembling.OWN: _("written down by this node"),
        assembling.TOLD: _("told by that node, signed"),
        assembling.NOTHING: _("that node has nothing of it"),
        assembling.SILENT: _("that node does not answer"),
        assembling.REFUSED: _("that node refuses to tell"),
    }
    if one.heard == assembling.TOLD and not one.known:
        return texts[assembling.NOTHING]
    return texts.get(one.heard, one.heard)


def shown_step(one: Step, number: int, of: int, named: Named) -> ui.Panel:
    """One step in full."""
    items = [
        ui.Item(pgettext("trace", "At"), named.node(one.server)),
        ui.Item(_("Moment (system time)"), moment(one.at, exact=not one.whole_second),
                _("a signature says whole seconds") if one.whole_second and one.at else ""),
        ui.Item(_("Known from"), _heard(one)),
    ]  # fmt: skip
    if one.code == "asked" and one.record is not None:
        told = one.record.told
        items += [
            ui.Item(pgettext("traffic", "Member"),
                    named.member(reading.member_of(str(told.get("client", ""))))),
            ui.Item(pgettext("traffic", "Service"),
                    named.service(reading.service_of(str(told.get("service", ""))))),
        ]  # fmt: skip
    if one.took is not None:
        items.append(ui.Item(_("Took"), duration(one.took / 1000)))
    if one.status:
        items.append(ui.Item(pgettext("trace", "Status"), str(one.status)))
    if one.digest:
        items.append(ui.Item(_("Digest of the content"), one.digest.upper()))
    items += _signature(one, named)
    if one.record is not None and one.heard == assembling.OWN:
        link = ui.Link(f"/operating/evidence/{one.record.seq}/", f"{one.record.seq:,}")
        items.append(ui.Item(_("Entry of the evidence"), link))
    elif one.record is not None:
        items.append(ui.Item(_("Entry of that node's evidence"), f"{one.record.seq:,}"))
    title = _("Step %(n)s of %(of)s: %(name)s")
    return ui.Panel(title % {"n": number, "of": of, "name": name_of(one.code)}, items)


def _signature(one: Step, named: Named) -> list[ui.Item]:
    if one.verdict is None:
        return []
    items = [ui.Item(pgettext("trace", "Signature"), verdict(one))]
    if one.verdict.server:
        items.append(ui.Item(pgettext("trace", "Signed by"), named.node(one.verdict.server)))
    if one.verdict.keyid:
        items.append(ui.Item(_("By the key"), f"{one.verdict.keyid[:32].upper()}…"))
    return items


def total(walked: list[Step]) -> str:
    """How long the whole took, and of that the service; empty where it is not known."""
    returned = next((one.took for one in walked if one.code == "returned"), None)
    served = next((one.took for one in walked if one.code == "served"), None)
    if returned is None:
        return ""
    if served is None or served > returned:
        return _("Took %(n)s in all") % {"n": duration(returned / 1000)}
    told = {
        "n": duration(returned / 1000), "service": duration(served / 1000),
        "way": duration((returned - served) / 1000),
    }  # fmt: skip
    return _("Took %(n)s in all: %(service)s at the node that answers, %(way)s on the way") % told


def table(walked: list[Step], named: Named) -> ui.Table:
    """All steps beside each other."""
    rows: list[dict[str, ui.CellLike]] = [
        {
            "step": ui.Cell(name_of(one.code), named.node(one.server)),
            "at": moment(one.at, exact=not one.whole_second),
            "signature": verdict(one),
            "digest": f"{one.digest[:12].upper()}…" if one.digest else "—",
            "known": _heard(one),
        }
        for one in walked
    ]
    columns = [
        ui.Column("step", pgettext("trace", "Step")),
        ui.Column("at", _("Moment (system time)")),
        ui.Column("signature", pgettext("trace", "Signature")),
        ui.Column("digest", _("Digest of the content")),
        ui.Column("known", _("Known from")),
    ]
    return ui.Table(columns, rows, _("What each hop wrote down"))
