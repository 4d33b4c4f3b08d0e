"""Addresses of indicators."""

from django.urls import path

from lingnan.kernel.insight import pages

urlpatterns = [
    path("indicators/", pages.indicator_list, name="indicators"),
    path("indicators/<slug:code>/", pages.detail, name="indicator"),
    path("indicators/<slug:code>.csv", pages.table, name="indicator-csv"),
]
