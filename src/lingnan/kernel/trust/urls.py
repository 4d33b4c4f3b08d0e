"""Addresses of signing in and out."""

from django.urls import path

from lingnan.kernel.trust import pages

urlpatterns = [
    path("signin/", pages.sign_in, name="signin"),
    path("posts/", pages.posts, name="posts"),
    path("signout/", pages.sign_out, name="signout"),
]
