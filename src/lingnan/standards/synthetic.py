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
