"""Addresses of the registers."""

from django.urls import path

from lingnan.kernel.registry import details, dictionaries, exporting, pages
from lingnan.kernel.registry.doubts import pages as doubts
from lingnan.kernel.registry.editing import deciding
from lingnan.kernel.registry.editing import pages as editing
from lingnan.kernel.registry.holders import pages as holders
from lingnan.kernel.registry.importing import pages as importing
from lingnan.kernel.registry.importing import sending
from lingnan.kernel.registry.linkage import pages as linkage
from lingnan.kernel.registry.linkage.comparing import pages as comparing
from lingnan.kernel.registry.linkage.comparing import sending as bringing
from lingnan.kernel.registry.quality import pages as quality
from lingnan.kernel.registry.statistics import pages as statistics

urlpatterns = [
    path("desk/dictionary/", dictionaries.dictionary, name="dictionary"),
    path("desk/dictionary/table.csv", dictionaries.dictionary_file, name="dictionary-file"),
    path("desk/linkage/", linkage.queue, name="linkage"),
    path("desk/linkage/<slug:ref>/", linkage.one_pair, name="linkage-pair"),
    path("desk/quality/", quality.overview, name="quality"),
    path("desk/quality/<slug:system>/<slug:name>/", quality.register, name="quality-register"),
    path("desk/records/", pages.types, name="record-types"),
    path("desk/records/<slug:system>/<slug:name>/", pages.record_list, name="records"),
    path("desk/records/<slug:system>/<slug:name>/export/", exporting.export, name="record-export"),
    path("desk/records/<slug:system>/<slug:name>/import/", sending.send, name="record-import"),
    path("desk/records/<slug:system>/<slug:name>/compare/", bringing.send, name="record-compare"),
    path("desk/comparisons/", comparing.comparisons, name="comparisons"),
    path("desk/comparisons/<slug:ref>/", comparing.one_comparison, name="comparison"),
    path("desk/comparisons/<slug:ref>/file/", comparing.result_file, name="comparison-file"),
    path("desk/comparisons/<slug:ref>/rows/<int:row>/", comparing.one_row, name="comparison-row"),
    path("desk/imports/", importing.imports, name="imports"),
    path("desk/imports/<slug:ref>/", importing.one_import, name="import"),
    path("desk/imports/<slug:ref>/errors/", importing.errors, name="import-errors"),
    path("desk/imports/<slug:ref>/records/", importing.records, name="import-records"),
    path(
        "desk/records/<slug:system>/<slug:name>/statistics/table.csv",
        statistics.statistics_file,
        name="record-statistics-file",
    ),
    path("desk/records/<slug:system>/<slug:name>/new/", editing.new, name="record-new"),
    path(
        "desk/records/<slug:system>/<slug:name>/<slug:ref>/", details.record_detail, name="record"
    ),
    path(
        "desk/records/<slug:system>/<slug:name>/<slug:ref>/history/",
        details.record_history,
        name="record-history",
    ),
    path(
        "desk/records/<slug:system>/<slug:name>/<slug:ref>/change/",
        editing.change,
        name="record-change",
    ),
    path("desk/records/<slug:system>/<slug:name>/<slug:ref>/end/", editing.end, name="record-end"),
    path(
        "desk/records/<slug:system>/<slug:name>/<slug:ref>/doubt/",
        doubts.new,
        name="record-doubt",
    ),
    path("desk/proposals/<slug:ref>/", deciding.proposal, name="proposal"),
    path("desk/doubts/", doubts.doubts, name="doubts"),
    path("doubts/<slug:ref>/", doubts.doubt, name="doubt"),
    path("desk/holders/", holders.elements, name="holders"),
    path("desk/holders/<str:element>/", holders.element, name="holder"),
]
