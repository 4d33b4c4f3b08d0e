"""Columns that are compared, made by DuckDB out of what the records say.

`<field>`    the text; NULL where empty. A day is eight digits
`_n`         a name in simplified characters; the first 17 digits of an 18-digit number, of a
             15-digit one raised to them (GB 11643-1999); an address without blanks; the digits
             of a phone, a mobile one without the country's
`_f`         the first character of a name
`_p`         a name as it sounds in Mandarin, without tones; of its first six characters
`_s`         the characters of a name in their order of code
`_ok`        whether the check character of an 18-digit number is right
`_w`         a day with month and day of the month exchanged
`_u`         year, month and day of the month, the smaller of the two before the larger
"""

from pathlib import Path
from typing import Any

from lingnan.kernel.registry.linkage.declaration import Compared, Linkage

# Syllables of Mandarin, each with its characters: those of GB 2312 and the frequent ones of Big5,
# by the most frequent reading (pypinyin 0.55.0, MIT licence).
SOUNDS = Path(__file__).parent / "sounds.txt"
HEARD = 6

# The most frequent characters of names that differ; beside them a name is compared as it is.
TRADITIONAL = (
    "張陳劉楊趙黃吳鄭馮許鄧蕭葉謝呂蘇盧蔣賈韋魯範龍鍾譚鄒韓孫馬羅國華強偉"
    "軍傑麗蘭鳳貴銀鑫紅輝東興榮慶雲飛瓊寶財潔嬌艷輝賢學愛義廣"
)
SIMPLIFIED = (
    "张陈刘杨赵黄吴郑冯许邓萧叶谢吕苏卢蒋贾韦鲁范龙钟谭邹韩孙马罗国华强伟"
    "军杰丽兰凤贵银鑫红辉东兴荣庆云飞琼宝财洁娇艳辉贤学爱义广"
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def expressions(linkage: Linkage) -> list[str]:
    return [sql for compared in linkage.compared for sql in _of(compared)]


def _of(compared: Compared) -> list[str]:
    field, column = compared.field, f'"{compared.field}"'
    text = f"nullif(trim({column}), '')"
    if compared.kind == "name":
        plain = f"translate({text}, '{TRADITIONAL}', '{SIMPLIFIED}')"
        ordered = f"array_to_string(list_sort(string_split({plain}, '')), '')"
        return [
            f'{text} AS "{field}"',
            f'{plain} AS "{field}_n"',
            f'{ordered} AS "{field}_s"',
            f'left({plain}, 1) AS "{field}_f"',
            f'{_sound(plain)} AS "{field}_p"',
        ]
    if compared.kind == "number":
        return _number(field, f"upper({text})")
    if compared.kind == "date":
        day = f"replace({text}, '-', '')"
        swapped = f"left({day}, 4) || right({day}, 2) || substr({day}, 5, 2)"
        unordered = f"least({day}, {swapped})"
        return [
            f'{day} AS "{field}"',
            f'{swapped} AS "{field}_w"',
            f'{unordered} AS "{field}_u"',
        ]
    if compared.kind == "address":
        return [f'{text} AS "{field}"', f"""replace({text}, ' ', '') AS "{field}_n\""""]
    if compared.kind == "division":
        # Noughts at the end stand for no part: 440103000000 is the county 440103, 440100 a city.
        plain = f"regexp_replace({text}, '^([0-9]{{6,}}?)(000)+$', '\\1')"
        above = f"regexp_replace({plain}, '^([0-9]{{2,}}?)(00)+$', '\\1')"
        return [f'CASE length({plain}) WHEN 6 THEN {above} ELSE {plain} END AS "{field}"']
    if compared.kind == "phone":
        return _phone(field, text)
    return [f'{text} AS "{field}"']


def _sound(plain: str) -> str:
    each = [f"substr({plain}, {place}, 1)" for place in range(1, HEARD + 1)]
    said = [f"coalesce((SELECT sound FROM sounds WHERE sign = {c}), {c})" for c in each]
    return " || ' ' || ".join([*said, f"substr({plain}, {HEARD + 1})"])


def learn_sounds(duck: Any) -> None:
    """The table `sounds`, where it is not there yet: a character, and its syllable without tone."""
    if duck.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'sounds'").fetchall():
        return
    import pyarrow

    lines = [line.split() for line in SOUNDS.read_text(encoding="utf-8").splitlines()]
    known = {sign: sound for sound, signs in lines for sign in signs}
    rows = {"sign": list(known), "sound": list(known.values())}
    duck.register("heard", pyarrow.table(rows))
    duck.execute("CREATE TABLE sounds AS SELECT * FROM heard")
    duck.unregister("heard")


def _phone(field: str, text: str) -> list[str]:
    digits = f"nullif(regexp_replace({text}, '[^0-9]', '', 'g'), '')"
    mobile = f"regexp_full_match({digits}, '(00)?86(1[0-9]{{10}})')"
    plain = f"CASE WHEN {mobile} THEN right({digits}, 11) ELSE {digits} END"
    return [f'{digits} AS "{field}"', f'{plain} AS "{field}_n"']


def _number(field: str, text: str) -> list[str]:
    raised = (
        f"CASE length({text}) WHEN 15 THEN left({text}, 6) || '19' || substr({text}, 7) "
        f"ELSE left({text}, 17) END"
    )
    summed = " + ".join(
        f"{w} * CAST(substr({text}, {i}, 1) AS INT)" for i, w in enumerate(WEIGHTS, 1)
    )
    right = f"substr('10X98765432', (({summed}) % 11) + 1, 1) = right({text}, 1)"
    shaped = f"regexp_full_match({text}, '[0-9]{{17}}[0-9X]')"
    ok = f"CASE WHEN {shaped} THEN {right} ELSE false END"
    return [f'{text} AS "{field}"', f'{raised} AS "{field}_n"', f'{ok} AS "{field}_ok"']
