"""Which data element a column is likely to be, by name and comment: for a person to judge."""

import re
from collections.abc import Mapping

from lingnan.kernel.runtime.api import Title

# Names that departments give to the columns by which others know whom they are about.
USUAL: Mapping[str, str] = {
    "sfzh": "person.identity_number", "sfzhm": "person.identity_number",
    "gmsfhm": "person.identity_number", "zjhm": "person.identity_number",
    "id_card": "person.identity_number", "id_card_no": "person.identity_number",
    "idcard": "person.identity_number", "identity_number": "person.identity_number",
    "身份证号": "person.identity_number", "身份证号码": "person.identity_number",
    "公民身份号码": "person.identity_number", "证件号码": "person.identity_number",
    "xm": "person.name", "姓名": "person.name",
    "csrq": "person.birth_date", "出生日期": "person.birth_date",
    "xb": "person.sex", "性别": "person.sex",
    "tyshxydm": "organisation.credit_code", "shxydm": "organisation.credit_code",
    "credit_code": "organisation.credit_code", "uscc": "organisation.credit_code",
    "统一社会信用代码": "organisation.credit_code", "社会信用代码": "organisation.credit_code",
}  # fmt: skip
SENSITIVE = ("person.identity_number", "person.residence_address", "person.name")
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")


def suggested(column: str, comment: str, known: Mapping[str, Title]) -> str:
    """The code of the element that a column most likely is; "" where none is near."""
    for text in (comment, column):
        plain = _plain(text)
        if USUAL.get(plain) in known:
            return USUAL[plain]
        for code, title in known.items():
            if plain and plain in (_plain(title.zh), _plain(title.en)):
                return code
    return ""


def own_code(subsystem: str, english: str, number: int) -> str:
    """The code of an element that only this table has, by its English name."""
    name = re.sub(r"[^a-z0-9]+", "_", english.lower()).strip("_")[:50]
    return f"{subsystem}.{name or f'column_{number + 1}'}"


def english(column: str) -> str:
    """A name of a column as English words, where it is written in Latin letters."""
    return column.replace("_", " ").strip().capitalize() if column.isascii() else ""


def masked(value: object) -> str:
    """A value of which only both ends are shown."""
    text = str(value)
    if len(text) <= 2:
        return text[:1] + "*" * (len(text) - 1)
    ends = max(1, min(3, len(text) // 4))
    return text[:ends] + "*" * (len(text) - 2 * ends) + text[-ends:]


_NUMBERS = re.compile(r"\d{17}[\dXx]|1\d{10}|\d{15,19}")


def shown(value: object, sensitive: bool) -> str:
    """A value in a preview: what is sensitive, or looks like a number of a person, is masked."""
    if value is None or value == "":
        return ""
    if sensitive or _NUMBERS.fullmatch(str(value)):
        return masked(value)
    return str(value)[:80]


def _plain(text: str) -> str:
    return _BRACKETS.sub("", text).strip().casefold()
