"""Harder errors than the corrupter's, several at once, and people who are told apart by little.

For measuring only: nothing is tuned to these, and some cannot be decided from what is written
(a twin without a number, one character apart, reads like a slip of the pen).
"""

import random
from collections.abc import Callable
from datetime import date

from lingnan.standards import resident_number
from tests.linkage import corrupter

Row = dict[str, str]
# By sound, in Mandarin; of the surnames, in Cantonese.
HOMOPHONES = str.maketrans(
    "黄王志建文斌浩欣怡燕春东超红勇平刚峰", "王黄智健雯彬昊新宜艳椿冬朝洪永萍钢锋"
)
# As an optical reader takes one for the other.
OPTICAL = str.maketrans("13058大天王玉日目", "78683太夫玉王目日")


def homophone(row: Row, dice: random.Random) -> Row:
    return row | {"name": row["name"].translate(HOMOPHONES), "resident_number": ""}


def optical(row: Row, dice: random.Random) -> Row:
    """Slips of an optical reader in number and address: two digits of one, half of the other's."""
    number = row["resident_number"]
    for place in dice.sample(range(6, 17), 2):
        number = number[:place] + number[place].translate(OPTICAL) + number[place + 1 :]
    address = "".join(c.translate(OPTICAL) if dice.random() < 0.5 else c for c in row["address"])
    return row | {"resident_number": number, "address": address}


def day_for_month(row: Row, dice: random.Random) -> Row:
    """Exchanged wherever a calendar allows it; elsewhere the day is one off."""
    year, month, day = row["birth_date"].split("-")
    if int(day) <= 12 and day != month:
        return row | {"birth_date": f"{year}-{day}-{month}", "resident_number": ""}
    return row | {"birth_date": f"{year}-{month}-{int(day) % 28 + 1:02}", "resident_number": ""}


def missing(row: Row, dice: random.Random) -> Row:
    gone = ["resident_number", *dice.sample(["birth_date", "address", "sex"], 2)]
    return row | dict.fromkeys(gone, "")


def moved_unnumbered(row: Row, dice: random.Random) -> Row:
    return corrupter.moved(row, dice) | {"resident_number": ""}


def compounded(row: Row, dice: random.Random) -> Row:
    for one in dice.sample([homophone, optical, day_for_month, corrupter.moved], 2):
        row = one(row, dice) if row["resident_number"] or one is not optical else row
    return row


KINDS: dict[str, Callable[[Row, random.Random], Row]] = {
    one.__name__: one
    for one in (homophone, optical, day_for_month, missing, moved_unnumbered, compounded)
}


def alike(row: Row, dice: random.Random) -> Row:
    """A twin of the same sex one character apart, or somebody of one name and birthday elsewhere.

    Every second one has no number.
    """
    born = date.fromisoformat(row["birth_date"])
    sequence = (int(row["resident_number"][14:17]) + 1) % 998 + 1
    sequence += (sequence - int(row["resident_number"][14:17])) % 2
    number = resident_number.compose(row["resident_number"][:6], born, min(sequence, 999))
    said = {"resident_number": number if dice.random() < 0.5 else ""}
    if dice.random() < 0.5:
        return row | said | {"name": row["name"][:-1] + dice.choice("双林森佳")}
    return corrupter.moved(row, dice) | said
