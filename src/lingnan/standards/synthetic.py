"""County codes that stand for real counties in invented identity numbers and credit codes."""


def synthetic_county(code: str) -> str:
    """The stand-in of a county: its city and 91 to 99, which GB/T 2260 never assigned there.

    `code` is a division code whose first six digits name a county. A county numbered 01 to 09
    becomes 91 to 99; further ones begin again at 91, so that two counties of one city may share
    a stand-in. A stand-in is its own: the function may be applied twice.
    """
    if len(code) < 6 or not (code.isascii() and code.isdigit()):
        raise ValueError("not the code of a county")
    return f"{code[:4]}{91 + (int(code[4:6]) - 1) % 9}"


def synthetic_counties(code: str) -> tuple[str, ...]:
    """All stand-ins of a county, its own first: the others serve when its own are used up.

    A code has 500 numbers for each sex and day of birth. The largest city of the census of 2010
    has some 400 births of one sex a day, the nine stand-ins of a city 4,500.
    """
    own = synthetic_county(code)
    first = int(own[4:]) - 91
    return tuple(f"{own[:4]}{91 + (first + step) % 9}" for step in range(9))
