"""What a resource is worth and how good it is: counted from evidence, forms and records."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from lingnan.kernel.exchange.api import introduce, resources, single
from lingnan.kernel.runtime.api import legal_time
from lingnan.systems.government.resource_exchange.value import computing
from lingnan.systems.government.resource_exchange.value.models import ResourceFigures
from tests.kernel.uses import FIRE, IDENTITY, identity, resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
PAGE = "/desk/exchange/value/"


def figures() -> ResourceFigures:
    computing.recompute()
    return ResourceFigures.objects.get(resource=IDENTITY)


def test_uses_are_counted_and_what_they_spared_as_the_forms_tell() -> None:
    before = figures()
    basis, subject = (
        "《行政许可法》（2019-04-23）第三十三条",
        introduce(resident().subject, to=FIRE),
    )
    single(identity(
        consumer=FIRE, purpose="fire_safety_permit", basis=basis, subjects=(subject,)
    ))  # fmt: skip
    after = figures()
    assert after.uses == before.uses + 1
    # The fire matter's form has two questions that the register of people answers.
    assert after.spared == before.spared + 2
    assert after.filled == 100 and after.newest is not None
    assert ResourceFigures.objects.filter(resource=IDENTITY).count() == 1


def test_a_use_for_no_matter_spares_nobody() -> None:
    counts: Counter[tuple[str, ...]] = Counter({("b", "m"): 3, ("b", "other"): 5})
    assert computing.spared("r", counts, Counter({("r", "m"): 2, ("s", "other"): 9})) == 6


@pytest.mark.parametrize(
    ("cycle", "age", "kept"),
    [("month", 31, True), ("month", 40, False), ("day", 3, False), ("irregular", 999, None)],
)
def test_what_is_promised_is_kept_or_not(cycle: str, age: int, kept: bool | None) -> None:
    resource = replace(resources()[IDENTITY], cycle=cycle)
    newest = legal_time.today() - timedelta(days=age)
    assert computing.fresh(resource, newest) is kept
    assert computing.fresh(resource, None) is None


def test_each_body_sees_its_own_and_the_authority_all() -> None:
    figures()
    police = Person("440000-police-data_officer")
    assert "居民身份信息" in police.get(PAGE) and "标准地址信息" not in police.text
    authority = Person("440000-data-data_officer")
    page = authority.get(PAGE)
    assert "居民身份信息" in page and "标准地址信息" in page and "免填" in page
    assert "最近更新" in police.get(f"{PAGE}{IDENTITY}/")
    assert "由计算得出" in authority.get(f"{PAGE}credit.standing/")
    for where in ("geography.address", "no.such"):
        police.get(f"{PAGE}{where}/")
        assert police.status == 404


def test_before_the_first_round_the_page_says_so() -> None:
    assert "尚未统计" in Person("440000-police-data_officer").get(PAGE)
