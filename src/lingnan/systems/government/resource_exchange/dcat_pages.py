"""The catalogue for other catalogues: DCAT-AP 3 as JSON-LD, a page at a time."""

import json
from collections.abc import Mapping
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import PUBLIC, Body, allow
from lingnan.standards import dcat, resource_code
from lingnan.systems.government.resource_exchange.models import Entry

PAGE = 100
TITLE = ("政务数据目录", "Catalogue of government data")
ABOUT = (
    "政府掌握哪些数据、谁可以用、依据什么",
    "What the government holds, who may use it, and on which legal basis",
)


@allow(PUBLIC)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """From a catalogue code on, up to 100 entries; `hydra:next` leads to the following page."""
    start = request.GET.get("from", "")[:30]
    rows = Entry.objects.filter(ended=False, valid_from__lte=legal_time.today(), code__gt=start)
    found = list(rows.order_by("code")[: PAGE + 1])
    here, names = request.build_absolute_uri(request.path), _bodies()
    following = f"{here}?from={quote(found[PAGE - 1].code, safe='')}" if found[PAGE:] else ""
    page = dcat.Page(
        f"{here}#catalogue",
        request.build_absolute_uri(),
        TITLE,
        ABOUT,
        _agent(here, _authority(names), names),
        request.build_absolute_uri(reverse("public-catalogue")),
        following,
    )
    datasets = [_dataset(request, here, one, names) for one in found[:PAGE]]
    said = json.dumps(dcat.document(page, datasets), ensure_ascii=False)
    return HttpResponse(said, content_type=dcat.MEDIA_TYPE)


def _bodies() -> Mapping[str, Body]:
    return {body.code: body for body in Body.objects.filter(tier="province", ended=False)}


def _authority(names: Mapping[str, Body]) -> str:
    """The province's data authority publishes the catalogue."""
    return next((code for code, body in sorted(names.items()) if body.function == "data"), "")


def _agent(here: str, code: str, names: Mapping[str, Body]) -> dcat.Agent:
    body = names.get(code)
    name = (body.title.zh, body.title.en) if body is not None else (code, code)
    return dcat.Agent(f"{here}#body-{quote(code, safe='')}", name)


def _dataset(
    request: HttpRequest, here: str, entry: Entry, names: Mapping[str, Body]
) -> dcat.Dataset:
    page = request.build_absolute_uri(reverse("catalogue-entry", args=[entry.resource]))
    condition = (entry.condition_zh, entry.condition_en)
    summary = (entry.summary_zh or condition[0], entry.summary_en or condition[1])
    category = resource_code.category(entry.category)
    steps = (category.kind, f"{category.kind}{category.item}")
    themes = [
        dcat.Concept(f"{here}#category-{step}", name, f"{here}#categories")
        for step, name in zip(steps, category.names, strict=False)
    ]
    return dcat.Dataset(
        f"{page}#dataset",
        entry.code,
        (entry.title_zh, entry.title_en),
        summary,
        _agent(here, entry.provider, names),
        themes,
        [(one["zh"], one["en"]) for one in entry.elements],
        entry.opened,
        (f"{condition[0]}。{entry.basis}", f"{condition[1]}. {entry.basis}"),
        entry.cycle,
        entry.published_on,
        entry.recorded_at,
        page,
    )
