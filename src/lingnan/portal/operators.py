"""The operators' first page: is the node well, is the evidence whole, does anything lie still."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from lingnan.kernel.exchange import told_dead
from lingnan.kernel.exchange.models import Handover
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import (
    EvidenceUnavailable,
    actor,
    allow,
    checkpoints,
    node_evidence,
    official,
    sealed_documents,
    sealed_earlier,
    witnesses,
)
from lingnan.kernel.ui import api as ui
from lingnan.portal import operators_names
from lingnan.portal.operating import checks

OPERATORS = official("operator", functions=("data",))
# How many of the newest entries a check hashes anew.
NEWEST = 10_000
SHOWN_FAULTS = 10
CHECKS = {
    "database": (lazy("Database"), lazy("answers")),
    "guards": (lazy("Write guards"), lazy("stand on every register")),
    "evidence": (lazy("Evidence writer"), lazy("answers")),
}


@allow(OPERATORS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return _page(request)


@allow(OPERATORS)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Hash the newest entries anew; that it was done, and what was found, is evidence too."""
    faults = node_evidence.reader().verify_newest(NEWEST)
    payload = {
        "newest": NEWEST,
        "faults": len(faults),
        "body": actor(request).body,
        "role": actor(request).role,
        "actor": actor(request).signature,
    }
    with suppress(EvidenceUnavailable):  # the page itself says that it cannot be written
        node_evidence.write([node_evidence.entry("operating.evidence_checked", payload)])
    return _page(request, _verdict(faults))


def _verdict(faults: list[Any]) -> ui.Notice:
    if not faults:
        return ui.Notice(
            "ok",
            _("The evidence is whole"),
            _("The newest entries (up to %(n)s) give the tree that was written with them.")
            % {"n": f"{NEWEST:,}"},
        )
    lines = [f"{fault.table} {fault.seq}: {fault.problem}" for fault in faults[:SHOWN_FAULTS]]
    title = ngettext("%(n)s fault in the evidence", "%(n)s faults in the evidence", len(faults))
    text = _("Stop writing, keep the store as it is, and compare it with a copy.")
    return ui.Notice("late", title % {"n": len(faults)}, text, items=lines)


def _page(request: HttpRequest, verdict: ui.Notice | None = None) -> HttpResponse:
    found, head, queues = checks(), _head(), told_dead.queues()
    context = {
        "verdict": verdict,
        "notices": operators_names.notices(),
        "exchange": _exchange(),
        "figures": _figures(found, head, queues),
        "processes": _processes(found),
        "evidence": _evidence(head),
        "root": _copied("root", _("Root of the tree (SHA-256)"), head.root.hex() if head else ""),
    }
    return render(request, "portal/operators.html", context)


def _head() -> Any:
    """The newest head; None where nothing was ever written, or it cannot be read."""
    try:
        head = node_evidence.reader().head()
    except EvidenceUnavailable:
        return None
    return head if head.size else None


def _exchange() -> ui.Panel:
    """Ways to what goes between members, systems and nodes."""
    pages = [
        ("traffic", pgettext("traffic", "Exchange: health and latency")),
        ("exchanges", pgettext("traffic", "Who exchanges with whom")),
        ("trace-search", pgettext("trace", "The way of a message")),
        ("queues", pgettext("operating", "What waits")),
        ("ending", pgettext("operating", "What ends when")),
        ("alerts", pgettext("operating", "Alerts")),
        ("nodes", pgettext("federation", "Nodes of the instance")),
        ("gateway", pgettext("gateway", "Systems at the gateway")),
        ("givers", _("Consents of other nodes")),
        ("holder-nodes", _("Systems that other nodes carry")),
    ]
    items = [ui.Item(title, ui.Link(reverse(name), _("Look"), title)) for name, title in pages]
    return ui.Panel(pgettext("operating", "Exchange"), items)


def _copied(name: str, label: str, value: str) -> ui.FieldView | None:
    return ui.FieldView(name, label, kind="readonly", value=value) if value else None


def _figures(found: dict[str, bool], head: Any, queues: told_dead.Queues) -> list[ui.Kpi]:
    ready = all(found.values())
    waiting = max(queues.changes, queues.tellings)
    since = ui.legal_datetime(queues.oldest) if queues.oldest else ""
    return [
        ui.Kpi(
            _("This node"),
            _("Ready") if ready else _("Not ready"),
            kind="ok" if ready else "late",
        ),
        ui.Kpi(
            _("Evidence entries"),
            f"{head.size:,}" if head else "0",
            at(head.at) if head else "",
            url="/operating/evidence/",
        ),
        ui.Kpi(
            _("Changes to be told"),
            counted(waiting),
            _("oldest of %(when)s") % {"when": since} if since else _("nothing waits"),
        ),
        ui.Kpi(
            _("Dead letters"),
            counted(queues.dead),
            _("Somebody must look at them") if queues.dead else _("everything was told"),
            "late" if queues.dead else "",
            "/operating/dead-letters/",
        ),
    ]


def counted(number: int) -> str:
    most = told_dead.COUNTED
    return _("more than %(n)s") % {"n": f"{most:,}"} if number > most else f"{number:,}"


def _processes(found: dict[str, bool]) -> ui.Panel:
    items = [
        ui.Item(
            str(CHECKS[name][0]),
            ui.Chip("ok", str(CHECKS[name][1])) if good else ui.Chip("late", _("fails")),
        )
        for name, good in found.items()
    ]
    mode = _("demonstration") if legal_time.is_demonstration() else _("real")
    items += [
        ui.Item(_("Kind of node"), mode),
        ui.Item(_("Legal time"), ui.legal_datetime(legal_time.now())),
        ui.Item(_("On its way between nodes"), _in_transit()),
    ]
    return ui.Panel(_("What this node needs"), items)


def _checkpoints() -> list[ui.Item]:
    """The newest signed head, and how long one has been without a time-stamp."""
    newest, waiting = checkpoints.newest(), checkpoints.waiting_since()
    if newest is None:
        return [ui.Item(_("Newest checkpoint"), _("none yet"))]
    said = ui.Link("/trust/log/checkpoint", f"{newest.size:,} · {ui.legal_datetime(newest.at)}")
    stamped = ui.Chip("ok", _("every checkpoint has one"))
    if waiting is not None:
        since = _("none since %(when)s") % {"when": ui.legal_datetime(waiting)}
        stamped = ui.Chip("warn", since)
    return [
        ui.Item(_("Newest checkpoint"), said),
        ui.Item(_("Time-stamps"), stamped),
        ui.Item(_("Witnesses"), ui.Link("/operating/witnesses/", _witnessed(newest.size))),
    ]


def _in_transit() -> ui.Cell:
    """What between nodes waits for an operator."""
    rows = Handover.objects.filter(state__in=("refused", "dead"), returned=False)
    stuck = len(rows.values_list("pk")[: told_dead.COUNTED])
    link = ui.Link("/operating/transit/", pgettext("gateway", "List"))
    told = ngettext("%(n)s has not arrived", "%(n)s have not arrived", stuck) % {"n": stuck}
    return ui.Cell((link, ui.Chip("late", told)) if stuck else link)


def _documents() -> list[ui.Item]:
    """How many documents were sealed without a time-stamp and wait for one, since when."""
    found = sealed_documents.waiting()
    said = ui.Chip("ok", _("every sealed document has one"))
    if found.since is not None:
        told = {"n": counted(found.count), "when": ui.legal_datetime(found.since)}
        said = ui.Chip("warn", _("%(n)s wait, since %(when)s") % told)
    items = [ui.Item(_("Time-stamps of documents"), said)]
    if found.stuck:
        words = _("%(n)s cannot be made to last: see the log") % {"n": counted(found.stuck)}
        items.append(ui.Item(_("Archive time-stamps"), ui.Chip("late", words)))
    elif found.due:
        words = _("%(n)s wait for theirs") % {"n": counted(found.due)}
        items.append(ui.Item(_("Archive time-stamps"), ui.Chip("info", words)))
    return [*items, *_earlier()]


def _earlier() -> list[ui.Item]:
    """How far documents of earlier releases were looked through; of all of them nothing is said
    unless some are missing."""
    swept = sealed_earlier.swept()
    told = {"n": f"{swept.seen:,}", "queued": f"{swept.queued:,}", "lost": f"{swept.missing:,}"}
    if swept.missing:
        words = _("%(n)s looked through; %(lost)s are not there any more: see the log")
        chip = ui.Chip("late", words % told)
    elif not swept.ended:
        chip = ui.Chip("info", _("%(n)s looked through, %(queued)s queued") % told)
    else:
        return []
    return [ui.Item(_("Documents of earlier releases"), chip)]


def _witnessed(size: int) -> str:
    """How many witnesses have signed the newest checkpoint."""
    standings = witnesses.standings()
    behind = sum(one.size < size for one in standings)
    if not standings:
        return _("nobody watches this log")
    if not behind:
        return _("all have signed it")
    return _("%(n)s have not signed it yet") % {"n": behind}


def _evidence(head: Any) -> ui.Panel:
    return ui.Panel(
        _("Evidence store"),
        [
            ui.Item(_("Last sequence number"), head.size if head else 0),
            ui.Item(_("Tree size"), head.size if head else 0),
            *_checkpoints(),
            *_documents(),
            ui.Item(_("Last write (system time)"), at(head.at) if head else None),
        ],
        link=ui.Link("/operating/evidence/", _("Look at the entries")),
    )


def at(text: str) -> str:
    """A moment of the evidence, as people read it."""
    moment = parse_datetime(text)
    return ui.legal_datetime(moment) if moment else text
