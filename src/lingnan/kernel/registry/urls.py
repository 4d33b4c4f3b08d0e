"""Addresses of the registers."""

from django.urls import path

from lingnan.kernel.registry import pages

urlpatterns = [
    path("desk/records/", pages.types, name="record-types"),
    path("desk/records/<slug:system>/<slug:name>/", pages.record_list, name="records"),
    path("desk/records/<slug:system>/<slug:name>/<slug:ref>/", pages.record_detail, name="record"),
]
