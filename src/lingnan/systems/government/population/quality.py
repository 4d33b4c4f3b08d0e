"""What must hold of residents and households."""

from collections.abc import Callable

from lingnan.kernel.registry.api import (
    Accepted,
    Agrees,
    Filled,
    QualityRule,
    Refers,
    Unique,
)
from lingnan.kernel.runtime.api import Title
from lingnan.standards import resident_number
from lingnan.standards.resident_number import InvalidResidentNumber, ResidentNumber

SEXES = {"male": "1", "female": "2"}


def valid_number(text: str) -> bool:
    """Whether a number has the form and the check character of GB 11643."""
    return _read(text, lambda number: "valid") is not None


def birth_of(text: str) -> str | None:
    """The date of birth in a resident number."""
    return _read(text, lambda number: number.birth_date.isoformat())


def sex_of(text: str) -> str | None:
    """The sex in a resident number, as GB/T 2261.1 codes it."""
    return _read(text, lambda number: SEXES[number.sex])


def _read(text: str, what: Callable[[ResidentNumber], str]) -> str | None:
    try:
        return what(resident_number.parse(text))
    except InvalidResidentNumber:
        return None


def county_of(township: str) -> str:
    """The county in a township's code (GB/T 10114)."""
    return township[:6]


RESIDENT = (
    QualityRule(
        "number_valid",
        Title("公民身份号码校验正确", "The resident number has its check character"),
        Accepted("resident_number", valid_number),
    ),
    QualityRule(
        "number_unique",
        Title("公民身份号码不重复", "No two residents have one number"),
        Unique("resident_number"),
    ),
    QualityRule(
        "birth_agrees",
        Title("出生日期与号码一致", "The date of birth is that of the number"),
        Agrees("resident_number", birth_of, "birth_date"),
    ),
    QualityRule(
        "sex_agrees",
        Title("性别与号码一致", "The sex is that of the number"),
        Agrees("resident_number", sex_of, "sex"),
    ),
    QualityRule(
        "household_known",
        Title("户号在户登记中存在", "The household is on record"),
        Refers("household", "household", "number"),
    ),
)
HOUSEHOLD = (
    QualityRule("address_filled", Title("地址已填写", "The address is stated"), Filled("address")),
    QualityRule(
        "township_agrees",
        Title("乡镇街道属于所在县", "The township lies in the county"),
        Agrees("township", county_of, "division"),
    ),
)
