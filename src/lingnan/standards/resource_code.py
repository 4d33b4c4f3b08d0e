"""Codes of the catalogue of government information resources (the guide to the catalogue
of 国发〔2016〕51号): 类 one digit, 项 two, 目 three, 细目 any number, then a slash and 顺序码.

Lengths are the guide's. The numbers of 项 follow the order in which it names them, and the slash
as a separator is as others print it: both unverified. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BASE, THEME, DEPARTMENT = "1", "2", "3"
CLASSES = {
    BASE: ("基础信息资源", "Base resources"),
    THEME: ("主题信息资源", "Theme resources"),
    DEPARTMENT: ("部门信息资源", "Departments' resources"),
}
BASES = {
    "01": ("人口", "Population"),
    "02": ("法人单位", "Legal persons"),
    "03": ("自然资源和空间地理", "Natural resources and geography"),
    "04": ("社会信用", "Social credit"),
    "05": ("电子证照", "Electronic certificates"),
}
THEMES = {
    "01": ("公共服务", "Public services"),
    "02": ("健康保障", "Health"),
    "03": ("社会保障", "Social security"),
    "04": ("食品药品安全", "Food and drug safety"),
    "05": ("安全生产", "Safety at work"),
    "06": ("价格监管", "Prices"),
    "07": ("能源安全", "Energy"),
    "08": ("信用体系", "Credit system"),
    "09": ("城乡建设", "Building of town and country"),
    "10": ("社区治理", "Communities"),
    "11": ("生态环保", "Environment"),
    "12": ("应急维稳", "Emergencies"),
}
_CODE = re.compile(r"([123])(\d\d)(\d{3})(\d*)/([1-9]\d{0,8})")
_CATEGORY = re.compile(r"([123])(\d\d)(\d{3})(\d*)")


class NotACode(ValueError):
    """Not a code of the catalogue, or one of a 项 that the guide does not name."""


@dataclass(frozen=True, order=True)
class Category:
    """Where a resource stands: 类, 项, 目, 细目 (may be empty)."""

    kind: str
    item: str
    topic: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}{self.item}{self.topic}{self.detail}"

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Chinese and English names of 类 and, where the guide names it, 项."""
        known = {BASE: BASES, THEME: THEMES}.get(self.kind, {})
        item = known.get(self.item)
        return (CLASSES[self.kind], item) if item else (CLASSES[self.kind],)


@dataclass(frozen=True, order=True)
class Code:
    """A resource by its category and its number in it, from 1."""

    category: Category
    number: int

    def __str__(self) -> str:
        return f"{self.category}/{self.number}"


def category(text: str) -> Category:
    """Raises NotACode."""
    found = _CATEGORY.fullmatch(text)
    if found is None:
        raise NotACode(f"{text[:40]!r} is not 类, 项, 目, 细目")
    one = Category(*found.groups())
    known = {BASE: BASES, THEME: THEMES}.get(one.kind)
    if known is not None and one.item not in known:
        raise NotACode(f"{one.kind} has no 项 {one.item}")
    return one


def code(text: str) -> Code:
    """Raises NotACode."""
    found = _CODE.fullmatch(text)
    if found is None:
        raise NotACode(f"{text[:40]!r} is not a category, a slash and a number")
    return Code(category(text.partition("/")[0]), int(found.group(5)))
