"""Synthetic people for linkage, and the copies from which its parameters are estimated.

The errors here are of the keyboard (a character of the same syllable or at random, a digit at
random): another make than those of the tests' corrupters, by which linkage is judged. Some people
of the estimating live together, and some of those are twins.
"""

import csv
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from lingnan.kernel.registry.linkage import preparing
from lingnan.standards import resident_number

SURNAMES = "陈李黄张梁林王吴刘何罗郑谢叶苏周曾邓杨蔡赖许冯彭朱卢钟郭蒋范"
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅春燕"
    "志建国文斌宇浩欣怡子轩晓东海峰丹琳慧玲"
)
STREETS = ("解放", "人民", "中山", "建设", "文明", "和平", "新华", "东风", "环市", "沿江")
REGIONS = ("440103", "440104", "440106", "440304", "440305", "440604")
OLD = str.maketrans(preparing.SIMPLIFIED, preparing.TRADITIONAL)
# Of two of one surname in one household, so that about one person in a hundred is a twin.
TWINS = 0.05
FIELDS = ("id", "name", "resident_number", "birth_date", "sex", "address")
Row = dict[str, str]


def people(count: int, dice: random.Random) -> Iterator[Row]:
    """So many people, one after the other; numbers have places of Guangdong and are synthetic."""
    for number in range(count):
        born = date(1935, 1, 1) + timedelta(days=dice.randrange(31000))
        sequence = dice.randrange(1, 1000)
        region = dice.choice(REGIONS)
        yield {
            "id": str(number),
            "name": dice.choice(SURNAMES)
            + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2, 2)))),
            "resident_number": resident_number.compose(region, born, sequence),
            "birth_date": born.isoformat(),
            "sex": "1" if sequence % 2 else "2",
            "address": address(dice, region),
        }


def address(dice: random.Random, region: str) -> str:
    place = {"4401": "广州市", "4403": "深圳市", "4406": "佛山市"}[region[:4]]
    street, house = dice.choice(STREETS), dice.randrange(1, 400)
    return (
        f"广东省{place}{street}{dice.choice('东西南北中')}路{house}号{dice.randrange(101, 2999)}房"
    )


def mistyped(row: Row, dice: random.Random) -> Row:
    """A copy with errors at random: for estimating."""
    copy = row | {"name": _name(row["name"], dice)}
    if dice.random() < 0.15:
        copy["resident_number"] = _digit(copy["resident_number"], dice)
        if dice.random() < 0.2:
            copy["resident_number"] = _digit(copy["resident_number"], dice)
    elif dice.random() < 0.1:
        copy["resident_number"] = ""
    elif row["birth_date"] < "2000" and dice.random() < 0.05:
        copy["resident_number"] = row["resident_number"][:6] + row["resident_number"][8:17]
    if dice.random() < 0.08:
        copy["birth_date"] = _day(copy["birth_date"], dice)
    if dice.random() < 0.01:
        copy["sex"] = "2" if copy["sex"] == "1" else "1"
    if dice.random() < 0.2:
        copy["address"] = address(dice, dice.choice(REGIONS))
    elif dice.random() < 0.3:
        copy["address"] = copy["address"].removeprefix("广东省")
    elif dice.random() < 0.1:
        copy["address"] = _digit(copy["address"], dice)
    return copy


def _name(name: str, dice: random.Random) -> str:
    """As typed by its sound, by a wrong key, in old characters, or turned round."""
    place, error = dice.randrange(len(name)), dice.random()
    if error < 0.06:
        alike = [c for c in sounding(name[place]) if c != name[place]]
        return name[:place] + dice.choice(alike or [name[place]]) + name[place + 1 :]
    if error < 0.12:
        return name[:place] + dice.choice(GIVEN) + name[place + 1 :]
    if error < 0.15:
        return name.translate(OLD)
    return name[::-1] if error < 0.18 else name


def _digit(text: str, dice: random.Random) -> str:
    place = dice.choice([n for n, c in enumerate(text) if n >= 6 and c.isdigit()])
    return text[:place] + dice.choice("0123456789") + text[place + 1 :]


def _day(text: str, dice: random.Random) -> str:
    year, month, day = text.split("-")
    if dice.random() < 0.3 and int(day) < 13:
        return f"{year}-{day}-{month}"
    return f"{year}-{month}-{dice.randrange(1, 29):02}"


@cache
def sounding(sign: str) -> str:
    """The characters that are typed by the same keys."""
    for line in preparing.SOUNDS.read_text(encoding="utf-8").splitlines():
        if sign in line.split()[1]:
            return line.split()[1]
    return sign


def households(rows: Iterator[Row], dice: random.Random) -> Iterator[Row]:
    """Some live with the one before: of the same surname mostly, now and then a twin."""
    before: Row | None = None
    for row in rows:
        if before is not None and dice.random() < 0.35:
            row["address"] = before["address"]
            if dice.random() < 0.6:
                row["name"] = before["name"][0] + row["name"][1:]
                if dice.random() < TWINS:
                    row |= _twin(before, dice)
        yield row
        before = row


def _twin(before: Row, dice: random.Random) -> Row:
    number = before["resident_number"]
    sequence = int(number[14:17]) % 998 + dice.choice((1, 2))
    born = date.fromisoformat(before["birth_date"])
    return {
        "birth_date": before["birth_date"],
        "sex": "1" if sequence % 2 else "2",
        "resident_number": resident_number.compose(number[:6], born, sequence),
    }


def main() -> None:
    """`python -m benchmarks.linkage_people FILE`: the file from which parameters are estimated."""
    dice = random.Random(20260302)
    with Path(sys.argv[1]).open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, FIELDS)
        table.writeheader()
        for row in households(people(20_000, dice), dice):
            table.writerow(row)
            if dice.random() < 0.5:
                copy = mistyped(row, dice)
                table.writerow(copy | {"id": str(int(row["id"]) + 1_000_000)})


if __name__ == "__main__":
    main()
