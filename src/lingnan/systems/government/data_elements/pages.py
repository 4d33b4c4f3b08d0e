"""Addresses of the register of data elements."""

from django.urls import path

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import PUBLIC, Place
from lingnan.systems.government.data_elements.models import OFFICE
from lingnan.systems.government.data_elements.views import exports, office, public, report

PLACES = [
    Place(
        "data-elements",
        Title("数据元目录", "Data elements"),
        PUBLIC,
        Title(
            "政府掌握的每项数据叫什么、是什么意思、用在哪里",
            "What each fact that government holds is called and means, and where it is used",
        ),
    ),
    Place("data-elements-office", Title("标准与数据元", "Standards and data elements"), OFFICE),
    Place(
        "data-elements-report", Title("数据元符合性", "Conformance of data"), report.READS, order=1
    ),
]

urlpatterns = [
    path("data-elements/", public.register, name="data-elements"),
    path("data-elements/standards/", public.standards, name="data-elements-standards"),
    path("data-elements/mappings/", public.mappings, name="data-elements-mappings"),
    path("data-elements/export/", exports.export, name="data-elements-export"),
    path("data-elements/register.csv", exports.register_csv, name="data-elements-csv"),
    path("data-elements/register.jsonld", exports.register_jsonld, name="data-elements-jsonld"),
    path("data-elements/mappings.csv", exports.mappings_csv, name="data-elements-mappings-csv"),
    path("data-elements/mappings.json", exports.mappings_json, name="data-elements-mappings-json"),
    path("data-elements/<str:code>/jsonld/", exports.element_jsonld, name="data-element-jsonld"),
    path("data-elements/<str:code>/", public.element, name="data-element"),
    path("desk/data-elements/", office.office, name="data-elements-office"),
    path("desk/data-elements/compare/", office.compare, name="data-elements-compare"),
    path("desk/data-elements/report/", report.overall, name="data-elements-report"),
    path("desk/data-elements/report/findings.csv", report.findings_csv,
         name="data-elements-findings"),
    path("desk/data-elements/report/<slug:function>/", report.body, name="data-elements-body"),
]  # fmt: skip
