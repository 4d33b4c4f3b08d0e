"""How what is on its way between nodes is shown."""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.exchange.api import elsewhere, handing, resources
from lingnan.kernel.exchange.models import Following, Handover, Incoming
from lingnan.kernel.trust.api import Body
from lingnan.kernel.ui import api as ui

KINDS: dict[str, ui.Kind] = {"refused": "late", "dead": "late", "taken": "ok", "following": "ok",
                             "returned": "soft", "dropped": "soft", "ended": "soft"}  # fmt: skip
UNITS = ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB"), (1, "B"))


def chip(state: str) -> ui.Chip:
    names = {
        "filling": pgettext("transit", "being added"),
        "reading": pgettext("transit", "being prepared"),
        "waiting": pgettext("transit", "to be sent"),
        "taken": pgettext("transit", "acknowledged"),
        "refused": pgettext("transit", "refused"),
        "dead": pgettext("transit", "no answer for a week"),
        "returned": pgettext("transit", "came back unanswered"),
        "dropped": pgettext("transit", "given up"),
        "wanted": pgettext("transit", "to be asked for"),
        "following": pgettext("transit", "is told"),
        "ending": pgettext("transit", "to be ended"),
        "ended": pgettext("transit", "ended"),
    }
    return ui.Chip(KINDS.get(state, "info"), names[state])


def size(count: int) -> str:
    for unit, name in UNITS:
        if count >= unit:
            return f"{number_format(count / unit, 1 if unit > 1 else 0)} {name}"
    return "0 B"


def handovers(rows: Sequence[Handover]) -> ui.Table:
    names = _names([one.receiver for one in rows])
    lines: list[dict[str, ui.CellLike]] = [
        {
            "what": ui.Cell(ui.Link(f"/operating/transit/handovers/{one.pk}/", one.number),
                            f"{one.system} · {one.kind}"),
            "whom": ui.Cell(names.get(one.receiver, one.receiver),
                            elsewhere.node_of(one.receiver) or ""),
            "size": _sent(one),
            "state": ui.Cell(chip(one.state), _comes_back(one) or one.problem),
            "next": _next(one),
        }
        for one in rows
    ]  # fmt: skip
    columns = [
        ui.Column("what", pgettext("transit", "What")),
        ui.Column("whom", pgettext("transit", "To")),
        ui.Column("size", pgettext("transit", "Acknowledged of all")),
        ui.Column("state", pgettext("transit", "State")),
        ui.Column("next", pgettext("transit", "Next attempt (system time)")),
    ]
    empty = ui.Empty(_("Everything has arrived"))
    return ui.Table(columns, lines, _("Handed over by this node"), empty, caption_hidden=True)


def _sent(one: Handover) -> str:
    if not one.size:
        return "—"
    # What goes in one message is there as a whole, or not at all.
    whole = one.size if one.state == "taken" else 0
    done = min(one.size, one.acknowledged * one.part) if one.part else whole
    return _("%(done)s of %(all)s") % {"done": size(done), "all": size(one.size)}


def _comes_back(one: Handover) -> str:
    at = handing.ending.comes_back(one)
    told = _("comes back to its sender on %(at)s (system time)")
    return told % {"at": ui.legal_datetime(at, "short")} if at else ""


def _next(one: Handover | Following) -> ui.CellLike:
    if one.state not in ("waiting", "wanted", "ending"):
        return "—"
    return ui.Cell(ui.legal_datetime(one.next_at), attempts(one.attempts))


def attempts(count: int) -> str:
    return _("%(n)s attempts") % {"n": count} if count else ""


def coming(rows: Sequence[Incoming]) -> ui.Table:
    names = _names([one.sender for one in rows] + [one.receiver for one in rows])
    lines: list[dict[str, ui.CellLike]] = [
        {
            "what": ui.Cell(one.number, f"{one.system} · {one.kind}"),
            "from": ui.Cell(names.get(one.sender, one.sender), one.server),
            "whom": names.get(one.receiver, one.receiver),
            "size": size(one.size),
            "heard": ui.legal_datetime(one.heard_at),
        }
        for one in rows
    ]
    columns = [
        ui.Column("what", pgettext("transit", "What")),
        ui.Column("from", pgettext("transit", "From")),
        ui.Column("whom", pgettext("transit", "To")),
        ui.Column("size", pgettext("transit", "Size")),
        ui.Column("heard", pgettext("transit", "Last heard of (system time)")),
    ]
    empty = ui.Empty(_("Nothing is coming"))
    return ui.Table(columns, lines, _("Coming to this node"), empty, caption_hidden=True)


def followings(rows: Sequence[Following]) -> ui.Table:
    names = _names([one.consumer for one in rows])
    lines: list[dict[str, ui.CellLike]] = [
        {
            "what": ui.Cell(ui.Link(f"/operating/transit/followings/{one.pk}/", _resource(one)),
                            one.reference),
            "whom": names.get(one.consumer, one.consumer),
            "node": one.server,
            "state": ui.Cell(chip(one.state), one.problem),
            "next": _next(one),
        }
        for one in rows
    ]  # fmt: skip
    columns = [
        ui.Column("what", pgettext("transit", "What is followed")),
        ui.Column("whom", pgettext("transit", "For whom")),
        ui.Column("node", pgettext("transit", "At which node")),
        ui.Column("state", pgettext("transit", "State")),
        ui.Column("next", pgettext("transit", "Next attempt (system time)")),
    ]
    return ui.Table(columns, lines, _("Followings"), ui.Empty(_("None")), caption_hidden=True)


def handover(one: Handover) -> ui.Panel:
    names = _names([one.sender, one.receiver])
    items = [
        ui.Item(pgettext("transit", "What"), f"{one.system} · {one.kind}", one.case),
        ui.Item(pgettext("transit", "From"), names.get(one.sender, one.sender)),
        ui.Item(pgettext("transit", "To"), names.get(one.receiver, one.receiver),
                elsewhere.node_of(one.receiver) or ""),
        ui.Item(pgettext("transit", "Acknowledged of all"), _sent(one)),
        ui.Item(pgettext("transit", "State"), chip(one.state), one.problem),
        ui.Item(pgettext("transit", "Next attempt (system time)"), _next(one)),
    ]  # fmt: skip
    if back := _comes_back(one):
        items.append(ui.Item(pgettext("transit", "If nobody has it tried again"), back))
    if one.returned:
        told = _("was told that it did not arrive: it is not tried again")
        items.append(ui.Item(pgettext("transit", "Its sender"), told))
    return ui.Panel(_("Handover"), items)


def following(one: Following) -> ui.Panel:
    names = _names([one.consumer])
    items = [
        ui.Item(pgettext("transit", "What is followed"), _resource(one), one.reference),
        ui.Item(pgettext("transit", "For whom"), names.get(one.consumer, one.consumer),
                one.listener),
        ui.Item(pgettext("transit", "At which node"), one.server),
        ui.Item(pgettext("transit", "State"), chip(one.state), one.problem),
        ui.Item(pgettext("transit", "Next attempt (system time)"), _next(one)),
    ]  # fmt: skip
    return ui.Panel(_("Following"), items)


def _resource(one: Following) -> str:
    found = resources().get(one.resource)
    return str(found.title) if found else one.resource


def _names(codes: Sequence[str]) -> dict[str, str]:
    return {one.code: str(one.title) for one in Body.objects.filter(code__in=set(codes))}
