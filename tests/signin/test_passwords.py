"""What a password must be."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.module_loading import import_string

from lingnan.kernel.trust.api import Account
from lingnan.kernel.trust.signin import passwords
from lingnan.node import settings as of_a_node
from tests.signin.real import ANOTHER, PASSWORD, Visitor, account

WHO = Account(login="chan.siuming", name="陈小明")
BAD = [
    "short", "elevenchars", "password1234", "Password2026!", "qwertyuiop123", "111111111111",
    "abababababab", "123456789012", "guangdong2026", "woaini1314520", "abcdefghijklm",
    "chan.siuming-2026", "我叫陈小明今年三十岁了", "lingnan-demonstration", "x" * 201, "",
    "admin123456789", "1qaz2wsx3edc4",
]  # fmt: skip
GOOD = [PASSWORD, ANOTHER, "correct horse battery", "7fK#2m!qZ9wT", "tea at four by the river"]


@pytest.mark.parametrize("said", BAD)
def test_refused(said: str) -> None:
    assert passwords.fault(said, WHO)


@pytest.mark.parametrize("said", GOOD)
def test_taken(said: str) -> None:
    assert passwords.fault(said, WHO) == ""


def test_there_are_about_a_hundred_patterns() -> None:
    assert len(set(passwords.COMMON)) >= 100


@pytest.mark.django_db
def test_changing_asks_for_the_present_one() -> None:
    account()
    visitor, other = Visitor(), Visitor()
    visitor.sign_in()
    other.sign_in()
    for present, new, repeated in (
        ("wrong", ANOTHER, ANOTHER),
        (PASSWORD, ANOTHER, ANOTHER + "x"),
        (PASSWORD, "tinypass", "tinypass"),
    ):
        said = {"present": present, "new": new, "repeated": repeated}
        assert visitor.post("/account/password/", **said) == 422
        assert ANOTHER not in visitor.page and "tinypass" not in visitor.page
    good = {"present": PASSWORD, "new": ANOTHER, "repeated": ANOTHER}
    assert visitor.post("/account/password/", **good) == 302
    assert visitor.inside and not other.inside
    assert Visitor().sign_in() == 401
    assert Visitor().sign_in(password=ANOTHER) == 302


def test_a_node_hides_passwords_at_full_cost() -> None:
    """The suite's own settings, which do not, leave the node's alone."""
    (named,) = of_a_node.PASSWORD_HASHERS
    hasher = import_string(named)()
    assert isinstance(hasher, Argon2PasswordHasher)
    assert hasher.memory_cost >= 64 * 1024 and hasher.time_cost >= 2
