"""Addresses of signing in, of the authorities, and of the log's checkpoints."""

from django.urls import path

from lingnan.kernel.trust import pages
from lingnan.kernel.trust.certification import http as certification
from lingnan.kernel.trust.checkpoints import http as checkpoints

urlpatterns = [
    path("signin/", pages.sign_in, name="signin"),
    path("posts/", pages.posts, name="posts"),
    path("signout/", pages.sign_out, name="signout"),
    path("trust/authorities/<slug:label>.cer", certification.certificate, name="authority"),
    path("trust/authorities/<slug:label>.crl", certification.revocations, name="revocations"),
    path("trust/ocsp/<slug:label>", certification.status, name="ocsp"),
    path("trust/ocsp/<slug:label>/<path:asked>", certification.status_by_address, name="ocsp-get"),
    path("trust/log/checkpoint", checkpoints.newest, name="checkpoint"),
    path("trust/log/checkpoints/<int:size>", checkpoints.of_size, name="checkpoint-of"),
    path("trust/log/checkpoints/<int:size>.tst", checkpoints.stamp, name="checkpoint-stamp"),
    path("trust/log/consistency/<int:old>/<int:size>", checkpoints.consistency, name="consistency"),
    path("trust/time-stamp", certification.time_stamp, name="time-stamp"),
]
