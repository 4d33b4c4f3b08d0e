"""The register for programs: CSV, JSON, and JSON-LD in the words of SKOS and ISO/IEC 11179."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.trust.api import PUBLIC, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.data_elements import jsonld
from lingnan.systems.government.data_elements.models import DataElement, ElementMapping
from lingnan.systems.government.data_elements.views.public import BASE

PAGE = 500
DOCUMENT = {"ensure_ascii": False}
COLUMNS = ("code", "name_zh", "name_en", "object_class", "property_zh", "property_en",
           "definition_zh", "definition_en", "datatype", "length", "unit", "shape", "values",
           "standards", "status", "edition", "replaced_by", "registrar", "submitter", "home",
           "valid_from")  # fmt: skip
OF_MAPPING = ("number", "element", "scheme", "target", "match", "values", "note")


@allow(PUBLIC)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """What programs can read, and in which form."""
    items = [
        ui.Item(_("Whole register"), ui.Cell((
            ui.Link(f"{BASE}register.csv", "CSV"), ui.Link(f"{BASE}register.jsonld", "JSON-LD"))),
            _("JSON-LD comes %(n)s elements a page; each page names the next.") % {"n": PAGE}),
        ui.Item(_("Mappings"), ui.Cell((
            ui.Link(f"{BASE}mappings.csv", "CSV"), ui.Link(f"{BASE}mappings.json", "JSON")))),
    ]  # fmt: skip
    page = ui.Page(
        _("The register for programs"),
        top=[ui.Panel(_("Files"), items)],
        trail=ui.Trail([ui.Link(BASE, _("Register of data elements"))], _("For programs")),
    )
    return ui.shown(request, page)


@allow(PUBLIC)
@require_safe
def register_csv(request: HttpRequest) -> HttpResponse:
    rows = DataElement.objects.filter(ended=False).order_by("code").values(*COLUMNS)
    return file_of("data-elements.csv", COLUMNS, rows.iterator(chunk_size=1000))


@allow(PUBLIC)
@require_safe
def mappings_csv(request: HttpRequest) -> HttpResponse:
    return file_of("mappings.csv", OF_MAPPING, _mappings())


@allow(PUBLIC)
@require_safe
def mappings_json(request: HttpRequest) -> HttpResponse:
    rows = [
        {**one, "match": jsonld.MATCHES[one["match"]], "values": dict(_pairs(one["values"]))}
        for one in _mappings()
    ]
    return JsonResponse({"mappings": rows}, json_dumps_params=DOCUMENT)


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    rows = (line.partition("=") for line in text.splitlines() if line.strip())
    return [(own.strip(), there.strip()) for own, _sign, there in rows]


def _mappings() -> list[dict[str, Any]]:
    rows = ElementMapping.objects.filter(ended=False).order_by("element", "number")
    return list(rows.values(*OF_MAPPING))


def file_of(name: str, columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """Rows as CSV (UTF-8 with a mark for spreadsheets); no cell begins a formula."""
    columns = list(columns)
    return ui.csv_file(name, chain([columns], ([row[one] for one in columns] for row in rows)))


@allow(PUBLIC)
@require_safe
def register_jsonld(request: HttpRequest) -> HttpResponse:
    """A page of elements after the identifier in `from`."""
    root = request.build_absolute_uri("/")[:-1]
    start = request.GET.get("from", "")[:100]
    found = DataElement.objects.filter(ended=False, code__gt=start).order_by("code")[: PAGE + 1]
    rows = list(found)
    following = rows[PAGE - 1].code if len(rows) > PAGE else ""
    return _jsonld(jsonld.document(root, rows[:PAGE], _of(rows[:PAGE]), following))


@allow(PUBLIC)
@require_safe
def element_jsonld(request: HttpRequest, code: str) -> HttpResponse:
    row = DataElement.objects.filter(code=code, ended=False).first()
    if row is None:
        raise Http404(code)
    root = request.build_absolute_uri("/")[:-1]
    return _jsonld(jsonld.document(root, [row], _of([row]), ""))


def _of(rows: Iterable[DataElement]) -> list[ElementMapping]:
    codes = [row.code for row in rows]
    return list(ElementMapping.objects.filter(element__in=codes, ended=False).order_by("number"))


def _jsonld(said: dict[str, Any]) -> HttpResponse:
    answer = JsonResponse(said, json_dumps_params=DOCUMENT)
    answer["Content-Type"] = "application/ld+json"
    return answer
