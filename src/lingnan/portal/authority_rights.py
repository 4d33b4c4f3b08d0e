"""What a role may do here, from what pages and registers declare, and on which basis."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.registry.api import record_types
from lingnan.kernel.registry.holders.pages import functions
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Access, Actor, Holding
from lingnan.kernel.ui import api as ui
from lingnan.portal.navigation import places_of_systems

NONE = "—"


def parts(who: Actor, role: str, called: str) -> list[ui.Part]:
    """Pages and registers that a role at the body of `who` may use; `called`: its title."""
    one = Actor(0, "", "official", body=who.body, function=who.function, role=role)
    heading = _("What %(role)s may do") % {"role": called}
    return [ui.Part(_pages(one), heading), ui.Part(_registers(one), _("Registers"))]


def _pages(one: Actor) -> ui.Table:
    columns = [ui.Column("page", _("Page")), ui.Column("why", _("Open to"))]
    titles = _titles()
    rows: list[dict[str, ui.CellLike]] = [
        {
            "page": ui.Link(reverse(place.name), str(place.title)),
            "why": _said(place.access, titles),
        }
        for place in places_of_systems()
        if place.access.kind == "official" and place.access.permits(one)
    ]
    nothing = ui.Empty(_("No page of its own"))
    return ui.Table(columns, rows, _("Pages"), nothing, caption_hidden=True)


def _registers(one: Actor) -> ui.Table:
    columns = [
        ui.Column("register", _("Register")),
        ui.Column("may", pgettext("authority", "May")),
        ui.Column("basis", _("Legal basis of the register")),
    ]
    rows: list[dict[str, ui.CellLike]] = []
    for model in record_types():
        record = model.record
        if not record.readers.permits(one):
            continue
        acts = [
            (record.readers, pgettext("authority", "read")),
            (record.editors, _("enter and change")),
            (record.confirmers, _("confirm what another has entered")),
            (record.exporters, _("take lists out")),
            (record.importers, _("take files in")),
            (record.mergers, _("judge whether two records are one")),
        ]
        may = [words for access, words in acts if access is not None and access.permits(one)]
        rows.append(
            {"register": str(record.title), "may": ui.listed(may), "basis": record.basis or NONE}
        )
    nothing = ui.Empty(_("No register is open to it"))
    return ui.Table(columns, rows, _("Registers"), nothing, caption_hidden=True)


def _said(access: Access, titles: dict[str, Title]) -> str:
    """A declaration in words: which roles of which bodies."""
    named = functions()
    roles, bodies = _("every post"), _("all bodies")
    if access.roles:
        roles = ui.listed(sorted({str(titles.get(one, one)) for one in access.roles}))
    if access.functions:
        bodies = ui.listed(sorted(str(named.get(one, one)) for one in access.functions))
    return _("%(roles)s of %(bodies)s") % {"roles": roles, "bodies": bodies}


def _titles() -> dict[str, Title]:
    """What each role is called, by a post of it."""
    rows = Holding.objects.filter(ended=False).values_list("role", "title_zh", "title_en")
    return {role: Title(zh, en) for role, zh, en in rows.distinct()}
