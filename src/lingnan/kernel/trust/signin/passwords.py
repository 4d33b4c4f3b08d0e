"""What a password must be: long, and nothing that everybody tries first.

Length, not a mixture of signs, and a list of what is common: NIST SP 800-63B §5.1.1.2 (unverified
against its text).
"""

import re
import unicodedata
from pathlib import Path

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lingnan.kernel.trust.models import Account

LEAST, MOST = 12, 200
# What a password may not be made of alone: words, rows of keys, names of places, years.
COMMON = (Path(__file__).parent / "common_passwords.txt").read_text("utf-8").split()
PLAIN = re.compile("|".join(sorted(map(re.escape, COMMON), key=len, reverse=True)))
ROWS = ("01234567890" * 2, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def fault(password: str, account: Account) -> str:
    """What is wrong with a new password, in words; empty when nothing is."""
    if len(password) < LEAST:
        return _("Please choose at least %(n)d characters.") % {"n": LEAST}
    if len(password) > MOST:
        return _("This is too long: at most %(count)s characters.") % {"count": MOST}
    said = unicodedata.normalize("NFKC", password).lower()
    own = [part for part in (account.login.lower(), account.name.lower()) if len(part) > 1]
    if any(part in said for part in own):
        return _("Please leave your name and the name you sign in with out of it.")
    if _guessed(said) or _common(password):
        return _("This is among the passwords that are tried first. Please choose another.")
    return ""


def _guessed(said: str) -> bool:
    """Whether little is left without what is common, runs of keys, and signs said twice."""
    rest = PLAIN.sub("", said)
    for row in (*ROWS, *(row[::-1] for row in ROWS)):
        for start in range(len(row) - 3):
            rest = rest.replace(row[start : start + 4], "")
    rest = re.sub(r"(.+?)\1+", r"\1", rest)
    return len(set(rest)) < 5


def _common(password: str) -> bool:
    try:
        password_validation.validate_password(password)
    except ValidationError:
        return True
    return False
