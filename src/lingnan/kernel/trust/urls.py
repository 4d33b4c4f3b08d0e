"""Addresses of signing in and out, and of the certification authorities."""

from django.urls import path

from lingnan.kernel.trust import pages
from lingnan.kernel.trust.certification import http as certification

urlpatterns = [
    path("signin/", pages.sign_in, name="signin"),
    path("posts/", pages.posts, name="posts"),
    path("signout/", pages.sign_out, name="signout"),
    path("trust/authorities/<slug:label>.cer", certification.certificate, name="authority"),
    path("trust/authorities/<slug:label>.crl", certification.revocations, name="revocations"),
    path("trust/ocsp/<slug:label>", certification.status, name="ocsp"),
    path("trust/ocsp/<slug:label>/<path:asked>", certification.status_by_address, name="ocsp-get"),
    path("trust/time-stamp", certification.time_stamp, name="time-stamp"),
]
