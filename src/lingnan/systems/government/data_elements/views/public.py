"""The register for everybody: elements to search, one element, object classes, standards."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.registry.api import reading
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import PUBLIC, Actor, Body, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.data_elements import declared, searching, usage, wording
from lingnan.systems.government.data_elements.models import (
    EDITORS,
    PROVINCE,
    STATUSES,
    DataElement,
    ElementMapping,
    ObjectClass,
    Standard,
)
from lingnan.systems.government.data_elements.rules import domains

BASE = "/data-elements/"
WORDS = 60


def classes() -> dict[str, ObjectClass]:
    return {one.code: one for one in ObjectClass.objects.filter(ended=False).order_by("code")}


@allow(PUBLIC)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Elements by words, object class and status."""
    words = request.GET.get("q", "").strip()[:WORDS]
    known = classes()
    chosen = {
        "object_class": _one_of(request, "object_class", set(known)),
        "status": _one_of(request, "status", {code for code, _words in STATUSES}),
    }
    exact = {name: value for name, value in chosen.items() if value}
    found = searching.find(words, exact, request.GET.get("from", "")[:100])
    page = ui.Page(
        _("Register of data elements"),
        _("What each fact that government holds is called, means and looks like, and where it is "
          "used. Forms, registers and the catalogue are compared with it."),
        links=[
            ui.Link(f"{BASE}standards/", _("Standards")),
            ui.Link(f"{BASE}mappings/", _("Mappings to other schemes")),
            ui.Link(f"{BASE}export/", _("For programs")),
        ],
        first=[ui.Filter(_filters(words, chosen, known), _("Search"))],
        tables=[ui.Part(_table(request, found, known), _counted(found))],
    )  # fmt: skip
    return ui.shown(request, page)


def _one_of(request: HttpRequest, name: str, known: set[str]) -> str:
    chosen = request.GET.get(name, "")
    return chosen if chosen in known else ""


def _filters(
    words: str, chosen: dict[str, str], known: dict[str, ObjectClass]
) -> list[ui.FieldView]:
    kinds = [ui.Option(code, str(one.title)) for code, one in known.items()]
    statuses = [ui.Option(code, str(said)) for code, said in STATUSES]
    return [
        ui.FieldView("q", _("Words"), value=words, required=False, maxlength=WORDS),
        ui.FieldView("object_class", _("Object class"), value=chosen["object_class"],
                     kind="select", options=kinds, required=False, blank=_("All")),
        ui.FieldView("status", _("Registration status"), value=chosen["status"], kind="select",
                     options=statuses, required=False, blank=_("All")),
    ]  # fmt: skip


def _counted(found: searching.Found) -> str:
    if found.total is None:
        return _("By identifier")
    if found.more:
        return _("The first %(n)s; say more words to find fewer") % {"n": found.total}
    return ngettext("%(n)s data element", "%(n)s data elements", found.total) % {"n": found.total}


def _table(request: HttpRequest, found: searching.Found, known: dict[str, ObjectClass]) -> ui.Table:
    said = [(name, str(value)) for name, value in request.GET.items() if name != "from"]
    following = f"?{urlencode([*said, ('from', found.following)])}" if found.following else None
    rows: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(ui.Link(address(one.code), str(one.title)), one.code),
            "class": str(known[one.object_class].title) if one.object_class in known else "—",
            "meaning": str(Title(one.definition_zh, one.definition_en)) or "—",
            "looks": looks(one),
            "status": wording.status(one),
        }
        for one in found.rows
    ]
    return ui.Table(
        [
            ui.Column("name", _("Data element")),
            ui.Column("class", _("Object class")),
            ui.Column("meaning", _("What it means")),
            ui.Column("looks", _("Representation")),
            ui.Column("status", _("Registration status")),
        ],
        rows,
        _("Data elements"),
        ui.Empty(
            _("No data element fits"),
            _("Try fewer words, or all classes and statuses."),
            ui.Link(BASE, _("Show everything")),
        ),
        next_url=following,
        caption_hidden=True,
    )


def address(code: str) -> str:
    return f"{BASE}{code}/"


def looks(one: DataElement) -> str:
    """Datatype with what bounds it, in a few words."""
    said = wording.datatype(one.datatype)
    if one.values:
        number = len(domains.read_values(one.values))
        return _("%(type)s, one of %(n)s values") % {"type": said, "n": number}
    if one.length:
        return _("%(type)s, up to %(n)s characters") % {"type": said, "n": one.length}
    return f"{said} ({one.unit})" if one.unit else said


@allow(PUBLIC)
@require_safe
def element(request: HttpRequest, code: str) -> HttpResponse:
    """One element: concept, representation, administration, uses, mappings and versions."""
    row = DataElement.objects.filter(code=code, ended=False).first()
    if row is None:
        raise Http404(code)
    who: Actor | None = getattr(request, "actor", None)
    parts = [ui.Part(values_table(row), _("Permissible values"))] if row.values else []
    mapped = ElementMapping.objects.filter(element=code, ended=False).order_by("scheme", "target")
    uses = usage.table(usage.of(code), who is not None and who.kind == "official")
    page = ui.Page(
        str(row.title),
        top=[_concept(row), _representation(row), _administration(row)],
        links=_links(row, who),
        tables=[
            *parts,
            ui.Part(uses, _("Where it is used")),
            *([ui.Part(mapping_table(list(mapped)), _("Mappings to other schemes"))]
              if mapped else []),
            ui.Part(usage.versions(row), _("Version history")),
        ],
        trail=ui.Trail([ui.Link(BASE, _("Register of data elements"))], str(row.title)),
        code=row.code,
    )  # fmt: skip
    return ui.shown(request, page)


def _links(row: DataElement, who: Actor | None) -> list[ui.Link]:
    found = [ui.Link(f"{address(row.code)}jsonld/", _("As JSON-LD"))]
    if who is not None and EDITORS.permits(who) and who.division == PROVINCE:
        ref = reading.reference(row)
        change = f"/desk/records/data_elements/dataelement/{ref}/change/"
        found.append(ui.Link(change, _("Change definition, domain or status")))
    return found


def _concept(row: DataElement) -> ui.Panel:
    of = ObjectClass.objects.filter(code=row.object_class, ended=False).first()
    return ui.Panel(
        _("Concept"),
        [
            ui.Item(_("What it means"), str(Title(row.definition_zh, row.definition_en)) or "—"),
            ui.Item(_("Object class"), str(of.title) if of else row.object_class,
                    str(Title(of.definition_zh, of.definition_en)) if of else ""),
            ui.Item(_("Property"), str(Title(row.property_zh, row.property_en))),
        ],
    )  # fmt: skip


def _representation(row: DataElement) -> ui.Panel:
    bound = [one.strip() for one in row.standards.split(",") if one.strip()]
    shelf = tuple(ui.Link(f"{BASE}standards/", number) for number in bound)
    return ui.Panel(
        _("Representation"),
        [
            ui.Item(_("Value domain"), looks(row)),
            ui.Item(_("Format"), row.shape or "—"),
            ui.Item(_("Unit"), row.unit or "—"),
            ui.Item(_("Standards"), ui.Cell(shelf) if shelf else "—"),
        ],
    )


def _administration(row: DataElement) -> ui.Panel:
    names = {one.code: str(one.title) for one in Body.objects.filter(
        code__in=(row.registrar, row.submitter))}  # fmt: skip
    items = [
        ui.Item(_("Registration status"), wording.status(row)),
        ui.Item(_("Version of the element"), str(row.edition)),
        ui.Item(_("Holds from"), ui.legal_date(row.valid_from)),
        ui.Item(_("Registration authority"), names.get(row.registrar, "—")),
        ui.Item(_("Submitting body"), names.get(row.submitter, "—")),
    ]
    if row.replaced_by:
        items.append(ui.Item(_("Replaced by"), ui.Link(address(row.replaced_by), row.replaced_by)))
    return ui.Panel(_("Administration"), items)


def values_table(row: DataElement) -> ui.Table:
    return ui.Table(
        [ui.Column("code", pgettext("value domain", "Value")), ui.Column("meaning", _("Meaning"))],
        [
            {"code": one.code, "meaning": str(Title(one.zh, one.en))}
            for one in domains.read_values(row.values)
        ],
        _("Permissible values"),
        caption_hidden=True,
    )


def mapping_table(rows: list[ElementMapping], with_element: bool = False) -> ui.Table:
    columns = [
        ui.Column("target", _("Term there")),
        ui.Column("scheme", _("Other scheme")),
        ui.Column("match", _("Match")),
        ui.Column("values", _("Values there")),
    ]
    if with_element:
        columns.insert(0, ui.Column("element", _("Data element")))
    return ui.Table(
        columns,
        [
            {
                "element": ui.Link(address(one.element), one.element),
                "target": one.target,
                "scheme": one.scheme,
                "match": str(one.get_match_display()),
                "values": ui.listed(f"{own} → {there}" for own, there in one.pairs) or "—",
            }
            for one in rows
        ],
        _("Mappings"),
        ui.Empty(_("No mapping yet")),
        caption_hidden=True,
    )


@allow(PUBLIC)
@require_safe
def mappings(request: HttpRequest) -> HttpResponse:
    """Every mapping, and the files that programs read."""
    rows = list(ElementMapping.objects.filter(ended=False).order_by("element", "scheme")[:500])
    page = ui.Page(
        _("Mappings to other schemes"),
        _("Which term of another scheme means the same as an element, or nearly."),
        links=[
            ui.Link(f"{BASE}mappings.csv", "CSV"),
            ui.Link(f"{BASE}mappings.json", "JSON"),
        ],
        tables=[ui.Part(mapping_table(rows, with_element=True))],
        trail=ui.Trail([ui.Link(BASE, _("Register of data elements"))], _("Mappings")),
    )
    return ui.shown(request, page)


@allow(PUBLIC)
@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """The standards, how surely each is known, and what is bound to it."""
    rows = list(Standard.objects.filter(ended=False).order_by("number"))
    page = ui.Page(
        _("Register of standards"),
        _("Which standards the systems and elements of this node are bound to, and how surely each "
          "is known. None of the texts was at hand."),
        tables=[ui.Part(_shelf(rows), ngettext(
            "%(n)s standard", "%(n)s standards", len(rows)) % {"n": len(rows)})],
        trail=ui.Trail([ui.Link(BASE, _("Register of data elements"))], _("Standards")),
    )  # fmt: skip
    return ui.shown(request, page)


def _shelf(rows: list[Standard]) -> ui.Table:
    systems = declared.standards_of_systems()
    bound: dict[str, list[DataElement]] = {}
    for one in DataElement.objects.filter(ended=False).exclude(standards=""):
        for number in one.standards.split(","):
            bound.setdefault(number.strip(), []).append(one)
    return ui.Table(
        [
            ui.Column("number", _("Standard")),
            ui.Column("state", _("State")),
            ui.Column("mark", _("How surely it is known")),
            ui.Column("elements", _("Data elements bound to it")),
            ui.Column("systems", _("Systems that follow it")),
        ],
        [_on_shelf(one, bound.get(one.number, []), systems.get(one.number, [])) for one in rows],
        _("Standards"),
        caption_hidden=True,
    )


def _on_shelf(
    one: Standard, elements: list[DataElement], systems: list[tuple[str, Title]]
) -> dict[str, ui.CellLike]:
    kinds: dict[str, ui.Kind] = {"found": "info", "computed": "ok", "unverified": "warn"}
    state = str(one.get_state_display())
    more = _("replaced by %(number)s") % {"number": one.replaced_by} if one.replaced_by else ""
    title = "" if one.title_zh == one.number else str(one.title)
    bound = tuple(ui.Link(address(each.code), str(each.title)) for each in elements)
    return {
        "number": ui.Cell(one.number, title),
        "state": ui.Cell(state, more or (ui.legal_date(one.since) if one.since else "")),
        "mark": ui.Chip(kinds[one.mark], str(one.get_mark_display())),
        "elements": ui.Cell(bound) if bound else "—",
        "systems": ui.listed(str(title) for _id, title in systems) or "—",
    }  # fmt: skip
