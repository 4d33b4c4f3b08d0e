"""The number of a food-business licence: JY and 14 digits.

Type of business 1, province 2, city 2, county 2, serial 6, check 1. The parts and the check
digit's rule (ISO 7064 MOD 11,10, as GB/T 17710 has it) are unverified (未经核实): the ministry's
rules of numbering were not at hand.
"""

PREFIX = "JY"
CATERING = "2"
SERIALS = 1_000_000


class InvalidLicenceNumber(ValueError):
    """Not a food-business licence number."""


def compose(county: str, serial: int, business: str = CATERING) -> str:
    """The number of a county's (six digits) so-manieth licence. Raises InvalidLicenceNumber."""
    if not 0 < serial < SERIALS:
        raise InvalidLicenceNumber(str(serial))
    thirteen = f"{business}{county}{serial:06d}"
    if len(thirteen) != 13 or not (thirteen.isascii() and thirteen.isdigit()):
        raise InvalidLicenceNumber(thirteen)
    return f"{PREFIX}{thirteen}{check_digit(thirteen)}"


def parse(text: str) -> str:
    """The number in capitals without spaces. Raises InvalidLicenceNumber."""
    number = "".join(text.split()).upper()
    digits = number.removeprefix(PREFIX)
    if number == digits or len(digits) != 14 or not (digits.isascii() and digits.isdigit()):
        raise InvalidLicenceNumber(text)
    if check_digit(digits[:13]) != digits[13]:
        raise InvalidLicenceNumber(text)
    return number


def serial_of(number: str) -> int:
    """The serial of a whole number."""
    return int(number[9:15])


def check_digit(digits: str) -> str:
    """The check digit of ISO 7064 MOD 11,10 for a string of digits."""
    rest = 10
    for digit in digits:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return str((11 - rest) % 10)
