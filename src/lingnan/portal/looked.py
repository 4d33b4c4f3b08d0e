"""“Who looked at my data”: every use of a person's data, or of a firm's they answer for."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import looked as evidence_about
from lingnan.kernel.exchange.api import offers, organisations_of, partners, purposes, resources
from lingnan.kernel.matters.api import Case, published
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.apps import System
from lingnan.kernel.trust.api import (
    RESIDENT,
    Actor,
    acting,
    actor,
    allow,
    body_titles,
    post_titles,
    under,
)
from lingnan.kernel.ui import api as ui
from lingnan.portal import uses

BATCH = 500
# How many entries one page looks through for a rare filter, and the summary counts.
MOST = 5_000
LOOKED = under(RESIDENT, acting.LOOKED, "person", "organisation")
BARS, YEAR = 8, timedelta(days=365)


@dataclass(frozen=True)
class Whose:
    """About whom: the person, or a firm (`firm` is its code, `name` its name)."""

    subject: str
    kind: str = "person"
    firm: str = ""
    name: str = ""

    def entries(self, before: int | None, limit: int) -> list[Any]:
        if not self.subject:  # an account of somebody whom no register knows
            return []
        return evidence_about(self.subject, before, limit, kind=self.kind)


@dataclass(frozen=True)
class Asked:
    """What the list is filtered by; `faults` names fields that cannot be understood."""

    body: str = ""
    purpose: str = ""
    since: str = ""
    until: str = ""
    unusual: bool = False
    firm: str = ""
    before: int | None = None
    faults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        said = {n: given.get(n, "").strip()[:80] for n in ("body", "purpose", "since", "until")}
        faults = {
            name: _("Write a day as 2026-03-02.")
            for name in ("since", "until")
            if said[name] and _day(said[name]) is None
        }
        before = given.get("before", "")
        started = before.isascii() and before.isdigit() and len(before) < 19
        return cls(
            **said,
            unusual=given.get("unusual") == "1",
            firm=given.get("firm", "")[:18],
            before=int(before) if started else None,
            faults=faults,
        )

    def day(self, name: str) -> str:
        """A day as its field shows it: what is none is not typed back."""
        return "" if name in self.faults else str(getattr(self, name))

    @property
    def narrow(self) -> bool:
        return bool(self.body or self.purpose or self.since or self.until or self.unusual)

    def address(self, before: int | None = None, **more: str) -> str:
        names = ("firm", "body", "purpose", "since", "until")
        said = {name: getattr(self, name) for name in names} | more
        if self.unusual:
            said["unusual"] = "1"
        said |= {"before": str(before)} if before else {}
        return "?" + urlencode({name: text for name, text in said.items() if text})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@allow(LOOKED)
@require_safe
def looked(request: HttpRequest) -> HttpResponse:
    """Complete, newest first; paged by the number of evidence and never cut off."""
    who = actor(request)
    asked = asked_by(who, request.GET.dict())
    firms, whose = organisations_of(who), chosen(who, asked)
    named = replace(naming(who), firm=asked.firm)
    newest = _newest(whose)
    shown, on = a_page(whose, asked)
    context = {
        "whose": whose,
        "faces": _faces(firms, whose) if firms else [],
        "summary": _summary(newest, named) if newest and not asked.before else None,
        "fields": _fields(asked, newest, named),
        "table": _table(shown, named, who, asked, on),
        "file": reverse("looked-file") + asked.address(asked.before),
    }
    return render(request, "portal/looked.html", context, status=422 if asked.faults else 200)


def asked_by(who: Actor, given: Mapping[str, str]) -> Asked:
    """What was asked for: of whoever acts for a firm about that firm alone."""
    asked = Asked.of(given)
    firm = who.acting.code if who.acting is not None else ""
    return replace(asked, firm=firm) if firm else asked


def chosen(who: Actor, asked: Asked) -> Whose:
    """The person, or the firm that is asked for. Raises Http404 where it is not theirs."""
    if not asked.firm:
        return Whose(who.subject)
    for one in organisations_of(who):
        if one.code == asked.firm:
            return Whose(one.subject, "organisation", one.code, one.name)
    raise Http404


def a_page(whose: Whose, asked: Asked) -> tuple[list[Any], int | None]:
    """A page of entries, and the number to go on before (None at the end)."""
    if not asked.narrow:
        entries = whose.entries(asked.before, uses.PAGE + 1)
        shown = entries[: uses.PAGE]
        return shown, shown[-1].seq if len(entries) > uses.PAGE else None
    shown, before, looked_at = [], asked.before, 0
    while looked_at < MOST:
        batch = whose.entries(before, BATCH)
        kept = {one.seq for one in _filtered(batch, asked)}
        for entry in batch:
            before = entry.seq
            if entry.seq in kept:
                shown.append(entry)
            if len(shown) == uses.PAGE:
                return shown, before
        looked_at += len(batch)
        if len(batch) < BATCH:
            return shown, None
    return shown, before


def _filtered(entries: Sequence[Any], asked: Asked) -> Iterator[Any]:
    odd: set[int] = set()
    if asked.unusual:
        odd = {seq for module in _systems() for seq in module.unusual(entries)}
    since, until = _day(asked.since) or date.min, _day(asked.until) or date.max
    for one in entries:
        fits = not asked.body or uses.body_of(one) == asked.body
        fits = fits and (not asked.purpose or uses.purpose_of(one) == asked.purpose)
        if fits and since <= _on(one) <= until and (not asked.unusual or one.seq in odd):
            yield one


def _on(entry: Any) -> date:
    at = parse_datetime(entry.at)
    return at.astimezone(legal_time.CHINA).date() if at else date.min


def _newest(whose: Whose) -> list[Any]:
    """The entries of the last twelve months, by the newest so many."""
    since = (timezone.now() - YEAR).astimezone(legal_time.CHINA).date()
    return [one for one in whose.entries(None, MOST) if _on(one) >= since]


def naming(who: Actor) -> uses.Naming:
    told = offers.told_here()
    # What another node calls its own is said where this one has no word for it.
    matters = {one.purpose: str(one.aim) for one in told if one.aim is not None}
    matters |= {code: str(title) for code, title in purposes().items()}
    matters |= {m.code: str(m.title) for _d, m in published()}
    cases = Case.objects.filter(account=who.account).values_list("application_id", "number")
    afar = {one.resource: str(one.title) for one in told}
    return uses.Naming(
        body_titles() | {code: str(title) for code, title in partners.naming.body_titles().items()},
        afar | {code: str(r.title) for code, r in resources().items()},
        matters,
        dict(cases),
        post_titles(),
        {code: str(title) for one in told for code, title in one.titles.items()},
    )


def _faces(firms: Sequence[Any], whose: Whose) -> list[tuple[str, str, bool]]:
    """The person and their firms, to choose from: address, name, whether it is shown."""
    faces = [("/looked/", _("Myself"), not whose.firm)]
    return faces + [(f"?firm={f.code}", f.name, f.code == whose.firm) for f in firms]


def _summary(newest: Sequence[Any], naming: uses.Naming) -> ui.BarChart | None:
    """Who used the data most in twelve months, as bars."""
    counted = Counter(body for one in newest if (body := uses.body_of(one)))
    if not counted:
        return None
    first = counted.most_common(BARS)
    rows = [ui.ChartRow(naming.bodies.get(body, body), n) for body, n in first]
    rest = sum(counted.values()) - sum(n for _body, n in first)
    if rest:
        rows.append(ui.ChartRow(_("other bodies"), rest))
    said = {"n": f"{sum(counted.values()):,}", "bodies": f"{len(counted):,}"}
    title = _("Twelve months: %(n)s times, by %(bodies)s bodies") % said
    note = ""
    if len(newest) == MOST:
        note = _("Counted from the newest %(n)s entries; the list itself is complete.") % {
            "n": f"{MOST:,}"
        }
    return ui.BarChart(title, rows, _("Body"), pgettext("counted", "Times"), note)


def _fields(asked: Asked, newest: Sequence[Any], naming: uses.Naming) -> list[ui.FieldView]:
    bodies = dict.fromkeys(body for one in newest if (body := uses.body_of(one)))
    aims: dict[str, str] = {}
    for one in newest:
        aim = uses.purpose_of(one)
        if aim and aims.get(aim, aim) == aim:
            aims[aim] = uses.aim_of(one, naming)
    bodies |= dict.fromkeys([asked.body] if asked.body else [])
    if asked.purpose:
        aims.setdefault(asked.purpose, naming.matters.get(asked.purpose, asked.purpose))
    named = [ui.Option(code, naming.bodies.get(code, code)) for code in bodies]
    purposed = [ui.Option(code, words) for code, words in aims.items()]
    fields = [
        ui.FieldView("body", _("Body"), value=asked.body, kind="select", options=named,
                     required=False, blank=_("All")),
        ui.FieldView("purpose", _("For what"), value=asked.purpose, kind="select",
                     options=purposed, required=False, blank=_("All")),
        ui.FieldView("since", _("Since"), value=asked.day("since"), kind="date", required=False,
                     error=asked.faults.get("since", "")),
        ui.FieldView("until", _("Until"), value=asked.day("until"), kind="date", required=False,
                     error=asked.faults.get("until", "")),
    ]  # fmt: skip
    if _systems():
        fields.append(
            ui.FieldView("unusual", _("Unusual or not"), value="1" if asked.unusual else "",
                         kind="select", options=[ui.Option("1", _("Only what is unusual"))],
                         required=False, blank=_("All"))
        )  # fmt: skip
    return fields


def _table(
    shown: list[Any], naming: uses.Naming, who: Actor, asked: Asked, on: int | None
) -> ui.Table:
    marked: dict[int, tuple[ui.Piece, ...]] = {}
    for module in _systems():
        marked |= module.marks(who, shown, asked.firm)
    columns = [
        ui.Column("who", _("Who")),
        ui.Column("what", _("What")),
        ui.Column("why", _("Why")),
        *([ui.Column("mark", pgettext("data use", "Objection"))] if marked else []),
        ui.Column("when", _("When (system time)")),
    ]
    rows = [uses.row(entry, naming) | _mark(marked.get(entry.seq)) for entry in shown]
    nothing = ui.Empty(_("Nobody has looked yet"), _("Every reading will stand here by itself."))
    if asked.narrow:
        more = _("Nothing fits among the entries looked at; go on to older ones.") if on else ""
        nothing = ui.Empty(
            _("Nothing found"), more, ui.Link(f"/looked/?firm={asked.firm}", _("All"))
        )
    return ui.Table(
        columns,
        rows,
        _("Who looked at my data"),
        nothing,
        next_url=asked.address(on) if on else None,
        caption_hidden=True,
    )


def _mark(pieces: tuple[ui.Piece, ...] | None) -> dict[str, ui.CellLike]:
    return {"mark": ui.Cell(pieces)} if pieces else {}


def _systems() -> list[Any]:
    """What systems add to the lines: their module `looked`, with `unusual` and `marks`."""
    return [
        import_module(f"{config.name}.looked")
        for config in apps.get_app_configs()
        if isinstance(config, System) and find_spec(f"{config.name}.looked")
    ]
