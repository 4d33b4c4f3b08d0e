"""Addresses of the registers."""

from django.urls import path

from lingnan.kernel.registry import details, dictionaries, exporting, pages
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
