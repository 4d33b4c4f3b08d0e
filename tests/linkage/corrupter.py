"""Dirty copies of people, each with the kind of its error, and people who only look alike.

Another make than the errors from which the parameters are estimated: by shape and sound, in the
ways of paper, counters and old registers.
"""

import random
from collections.abc import Iterator
from datetime import date

from lingnan.standards import resident_number

Row = dict[str, str]
SHAPE_AND_SOUND = dict(
    zip(
        "伟芳敏静丽强军洋杰娟涛明秀霞平英华玉兰梅建国文宇欣晓海丹琳慧",
        "炜方闵静莉墙君阳洁涓滔名绣夏萍瑛花王岚玫健囯雯雨新小诲舟林惠",
        strict=True,
    )
)
TRADITIONAL = dict(
    zip(
        "陈张刘黄吴郑邓叶苏伟丽强军杰涛兰华国建东",
        "陳張劉黃吳鄭鄧葉蘇偉麗強軍傑濤蘭華國建東",
        strict=True,
    )
)


def similar(row: Row, dice: random.Random) -> Row:
    return row | {
        "name": row["name"][0] + "".join(SHAPE_AND_SOUND.get(c, c) for c in row["name"][1:])
    }


def swapped(row: Row, dice: random.Random) -> Row:
    year, month, day = row["birth_date"].split("-")
    fits = int(day) <= 12
    return row | {
        "resident_number": "",
        "birth_date": f"{year}-{day}-{month}" if fits else row["birth_date"],
    }


def old_number(row: Row, dice: random.Random) -> Row:
    number = row["resident_number"]
    old = number[:6] + number[8:17] if number[6:8] == "19" else ""
    return row | {"resident_number": old}


def transposed(row: Row, dice: random.Random) -> Row:
    n, i = row["resident_number"], dice.randrange(9, 16)
    return row | {"resident_number": n[:i] + n[i + 1] + n[i] + n[i + 2 :]}


def traditional(row: Row, dice: random.Random) -> Row:
    return row | {
        "name": "".join(TRADITIONAL.get(c, c) for c in row["name"]),
        "resident_number": "",
    }


def short_address(row: Row, dice: random.Random) -> Row:
    return row | {"address": row["address"][6:], "resident_number": ""}


def moved(row: Row, dice: random.Random) -> Row:
    return row | {"address": f"湛江市霞山区海滨大道{dice.randrange(900)}号"}


def married(row: Row, dice: random.Random) -> Row:
    return row | {"name": dice.choice("欧阮温") + row["name"][1:], "resident_number": ""}


KINDS = {
    one.__name__: one
    for one in (
        similar,
        swapped,
        old_number,
        transposed,
        traditional,
        short_address,
        moved,
        married,
    )
}


def copies(rows: list[Row], dice: random.Random) -> Iterator[tuple[str, Row]]:
    """One copy of each row, with (kind of error, copy) in turn."""
    kinds = list(KINDS)
    for number, row in enumerate(rows):
        kind = kinds[number % len(kinds)]
        yield kind, KINDS[kind](row, dice)


def alike(row: Row, dice: random.Random) -> Row:
    """A twin, or somebody of the same name next door: never the same person."""
    born = date.fromisoformat(row["birth_date"])
    sequence = (int(row["resident_number"][14:17]) + 2) % 998 + 1
    if dice.random() < 0.5:
        number = resident_number.compose(row["resident_number"][:6], born, sequence)
        return row | {
            "name": row["name"][0] + "双",
            "resident_number": number,
            "sex": "1" if sequence % 2 else "2",
        }
    born = born.replace(year=born.year - 24, day=min(born.day, 28))
    number = resident_number.compose(row["resident_number"][:6], born, sequence)
    return row | {
        "birth_date": born.isoformat(),
        "resident_number": number,
        "sex": "1" if sequence % 2 else "2",
    }
