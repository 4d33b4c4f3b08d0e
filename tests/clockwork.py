"""Moving a demonstration's legal time, as its operator does."""

import json

from django.test import Client

from lingnan.portal import operator_key


def advance(far: str) -> None:
    """By working days ("6wd") or days ("3d"); what time brings happens too."""
    answer = Client().post(
        "/operating/clock/",
        json.dumps({"advance": far}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {operator_key.read_or_make()}"},
    )
    assert answer.status_code == 200, answer.content
