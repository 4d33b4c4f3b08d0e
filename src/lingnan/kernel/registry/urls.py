"""Addresses of the registers."""

from django.urls import path

from lingnan.kernel.registry import details, dictionaries, exporting, pages
from lingnan.kernel.registry.importing import pages as importing
from lingnan.kernel.registry.importing import sending
from lingnan.kernel.registry.quality import pages as quality
from lingnan.kernel.registry.statistics import pages as statistics

urlpatterns = [
    path("desk/dictionary/", dictionaries.dictionary, name="dictionary"),
    path("desk/dictionary/table.csv", dictionaries.dictionary_file, name="dictionary-file"),
    path("desk/quality/", quality.overview, name="quality"),
    path("desk/quality/<slug:system>/<slug:name>/", quality.register, name="quality-register"),
    path("desk/records/", pages.types, name="record-types"),
    path("desk/records/<slug:system>/<slug:name>/", pages.record_list, name="records"),
    path("desk/records/<slug:system>/<slug:name>/export/", exporting.export, name="record-export"),
    path("desk/records/<slug:system>/<slug:name>/import/", sending.send, name="record-import"),
    path("desk/imports/", importing.imports, name="imports"),
    path("desk/imports/<slug:ref>/", importing.one_import, name="import"),
    path("desk/imports/<slug:ref>/errors/", importing.errors, name="import-errors"),
    path("desk/imports/<slug:ref>/records/", importing.records, name="import-records"),
    path(
        "desk/records/<slug:system>/<slug:name>/statistics/",
        statistics.statistics,
        name="record-statistics",
    ),
    path(
        "desk/records/<slug:system>/<slug:name>/statistics/table.csv",
        statistics.statistics_file,
        name="record-statistics-file",
    ),
    path(
        "desk/records/<slug:system>/<slug:name>/<slug:ref>/", details.record_detail, name="record"
    ),
    path(
        "desk/records/<slug:system>/<slug:name>/<slug:ref>/history/",
        details.record_history,
        name="record-history",
    ),
]
