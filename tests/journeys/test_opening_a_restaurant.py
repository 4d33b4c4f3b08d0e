"""The matters of opening a restaurant ask a thing in one way, so that one form asks it once."""

from typing import Any

import pytest

from lingnan.kernel.exchange.api import Agreement, resources
from lingnan.kernel.matters.api import Matter, find, published

pytestmark = pytest.mark.django_db
MATTERS = (
    "individual_business", "food_licence", "fire_safety_permit", "shop_sign", "tax_confirmation",
)  # fmt: skip
# What the registration itself brings about: the others read it afterwards.
REGISTERED = {"business_name", "premises", "scope"}


def matters() -> list[Matter]:
    found = [find(code) for code in MATTERS]
    return [one[1] for one in found if one is not None]


def test_all_five_are_published() -> None:
    assert [matter.code for matter in matters()] == list(MATTERS)


def test_a_name_stands_for_one_question() -> None:
    asked: dict[str, Any] = {}
    for matter in matters()[1:]:
        for field in matter.form.fields():
            question = (
                field.type, field.options, dict(field.limits), field.element, field.resource,
                field.required, field.unit, field.because,
            )  # fmt: skip
            assert asked.setdefault(field.name, question) == question, (matter.code, field.name)
    for field in matters()[0].form.fields():
        if field.name in asked and field.name not in REGISTERED:
            assert asked[field.name][:5] == (
                field.type, field.options, dict(field.limits), field.element, field.resource,
            ), field.name  # fmt: skip


def test_each_asks_at_most_six_things_that_no_other_asks() -> None:
    for matter in matters()[1:]:
        others = {f.name for m in matters() if m.code != matter.code for f in m.form.fields()}
        own = [f.name for f in matter.form.fields() if not f.bound and f.name not in others]
        assert len(own) <= 6, (matter.code, own)


def test_each_read_has_an_agreement_word_for_word() -> None:
    for _definition, matter in published():
        for read in matter.reads:
            found = Agreement.objects.filter(
                purpose=matter.code, resource=read["resource"], basis=read["basis"], ended=False
            )
            (agreement,) = (one for one in found if "single" in one.uses)
            assert set(read["elements"]) <= set(agreement.elements), matter.code
            assert set(agreement.elements) == set(read["elements"]), matter.code
            assert read["resource"] in resources()


def test_every_promise_is_marked_as_a_demonstration() -> None:
    for matter in matters():
        for name, limit in matter.limits.items():
            if "promised" in limit and limit["promised"] < limit["statutory"]:
                assert limit["promise_is_demonstration"], (matter.code, name)
