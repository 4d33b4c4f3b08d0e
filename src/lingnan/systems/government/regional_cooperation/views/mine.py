"""The first page: with whom there is exchange, what was arranged, and what one may ask."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import partners
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Actor, actor, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.regional_cooperation.views import rights, wording

PAGE = 100


@allow(rights.OFFICIALS)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    here = rights.here()
    if here is None:
        return ui.shown(request, _nowhere())
    known = partners.naming.partner_titles()
    links = [ui.Link(f"{wording.HERE}asked/", _("What was asked, by them and by us"))]
    if here.founded and rights.DRAFTERS.permits(who) and rights.offered_by(who):
        links.insert(0, ui.Link(f"{wording.HERE}draft/", _("Write an arrangement")))
    tables = [_asks(who, known), _arrangements(who, known)]
    if rights.is_authority(who):
        tables.append(_partners())
    page = ui.Page(
        pgettext("partners", "Regional cooperation"),
        _("Other provinces, Hong Kong, Macao: each under its own trust anchor. Only what both "
          "sides have signed is answered; either side ends it at once."),
        links=links,
        top=[] if here.founded else [_by_the_founder()],
        tables=[one for one in tables if one is not None],
    )  # fmt: skip
    return ui.shown(request, page)


def _by_the_founder() -> ui.Notice:
    words = _("Arrangements are signed and ended at the node that founded the instance. Questions "
              "of this node's bodies pass through it, and so do those that are asked of them; "
              "what is ended there ends here at the same moment.")  # fmt: skip
    return ui.Notice("info", _("Through the founder's node"), words)


def _nowhere() -> ui.Page:
    words = _("This node belongs to no instance yet: exchange with other provinces, Hong Kong and "
              "Macao goes through the node that founded one.")  # fmt: skip
    return ui.Page(
        pgettext("partners", "Regional cooperation"),
        top=[ui.Notice("info", _("Not at this node"), words)],
    )


def _asks(who: Actor, known: dict[str, Title]) -> ui.Part | None:
    found = partners.asking.may_ask(who.body)
    if not found:
        return None
    rows: list[dict[str, ui.CellLike]] = []
    for one in found:
        said = partners.documents.read(one.document)
        about = ui.Link(f"{wording.HERE}ask/{one.number}/", wording.titled(said.resource_title))
        rows.append({
            "what": ui.Cell(about, wording.titled(said.purpose_title)),
            "where": wording.place(one.partner, known),
            "day": f"{said.per_day:,}",
        })  # fmt: skip
    columns = [
        ui.Column("what", _("What you may ask")),
        ui.Column("where", _("Of whom")),
        ui.Column("day", _("Times a day"), numeric=True),
    ]
    return ui.Part(ui.Table(columns, rows, _("To ask"), caption_hidden=True), _("To ask"))


def _arrangements(who: Actor, known: dict[str, Title]) -> ui.Part:
    columns = [
        ui.Column("number", pgettext("arrangement", "Arrangement")),
        ui.Column("what", pgettext("arrangement", "What")),
        ui.Column("with", _("With")),
        ui.Column("state", pgettext("arrangement", "State")),
        ui.Column("until", pgettext("arrangement", "Until")),
    ]
    rows = [row(one, known) for one in rights.seen(who)[:PAGE]]
    empty = ui.Empty(
        _("Nothing is arranged with other jurisdictions"),
        _("A holder writes one, the data authority signs it, the other side accepts it."),
    )
    title = _("Arrangements")
    return ui.Part(ui.Table(columns, rows, title, empty, caption_hidden=True), title)


def row(one: partners.Arrangement, known: dict[str, Title]) -> dict[str, ui.CellLike]:
    said, here = partners.documents.read(one.document), rights.here()
    ours = here is not None and one.giver == here.instance
    who_answers = _("we answer") if ours else _("they answer")
    count = len(said.bodies)
    bodies = ngettext("%(n)s body", "%(n)s bodies", count) % {"n": f"{count:,}"}
    what = wording.titled(said.resource_title)
    return {
        "number": ui.Link(wording.link(one), one.number),
        "what": ui.Cell(what, wording.titled(said.purpose_title)),
        "with": ui.Cell(wording.place(one.partner, known), f"{who_answers} · {bodies}"),
        "state": wording.state(one),
        "until": said.until,
    }


def _partners() -> ui.Part:
    kinds = dict(partners.Partner.KINDS)
    rows: list[dict[str, ui.CellLike]] = []
    for one in partners.Partner.objects.order_by("instance"):
        name = str(Title(one.title_zh, one.title_en))
        url = f"{wording.HERE}partners/{one.instance}/"
        ended = ui.Chip("soft", pgettext("partner", "ended"))
        rows.append({
            "who": ui.Cell(ui.Link(url, name), one.instance),
            "kind": str(kinds[one.kind]),
            "reach": ui.Cell(ended, one.why) if one.ended else wording.reach(one),
        })  # fmt: skip
    columns = [
        ui.Column("who", _("Jurisdiction")),
        ui.Column("kind", pgettext("partner", "Kind")),
        ui.Column("reach", _("Reachable")),
    ]
    empty = ui.Empty(
        _("No other instance is entered"),
        _("An operator enters it at the machine: ./lingnan cooperate ADDRESS"),
    )
    title = _("Other jurisdictions")
    return ui.Part(ui.Table(columns, rows, title, empty, caption_hidden=True), title)
