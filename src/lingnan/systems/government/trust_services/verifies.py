"""Where signatures of people, firms and officials are verified."""

from django.urls import reverse


def address() -> str:
    return reverse("verify-signature")
