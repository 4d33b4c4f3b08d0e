"""Acting for others in the reader's words."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext, pgettext_lazy

from lingnan.kernel.trust.acting import rules
from lingnan.kernel.ui import api as ui

OF_PERSON: dict[str, Promise] = {
    rules.APPLY: lazy("apply for matters and see cases and certificates"),
    rules.RECORD: lazy("see what the registers hold of the person"),
    rules.LOOKED: lazy("see who looked at the person's data"),
    rules.MESSAGES: lazy("read the messages"),
    rules.CONSENT: lazy("give and revoke consents to the use of data"),
}
OF_FIRM: dict[str, Promise] = {
    rules.APPLY: lazy("report and publish and file for the firm"),
    rules.RECORD: lazy("see the firm's own pages and its credit"),
    rules.LOOKED: lazy("see who looked at the firm's data"),
}
OVER: dict[str, Promise] = {
    "offered": lazy("The power has not been accepted."),
    "declined": lazy("The power was declined."),
    "revoked": lazy("The power was revoked by whoever gave it."),
    "resigned": lazy("The agent has laid the power down."),
    "expired": lazy("The last day of the power has passed."),
    "grown_up": lazy("The child has come of age, and acts alone from now on."),
    "died": lazy("The person represented has died, by the register of residents."),
    "agent_died": lazy("The agent has died, by the register of residents."),
    "not_parent": lazy("The register of residents does not name you as a guardian any more."),
    "minor": lazy("Whoever gives or takes a power has to be of age."),
    "firm_gone": lazy("The firm is no longer registered."),
    "unconfirmed": lazy("No register confirms it now."),
}
STATES: dict[str, Promise] = {
    "offered": pgettext_lazy("power", "waits to be accepted"),
    "declined": pgettext_lazy("power", "declined"),
    "revoked": pgettext_lazy("power", "revoked"),
    "resigned": pgettext_lazy("power", "laid down"),
    "expired": pgettext_lazy("power", "expired"),
    "grown_up": pgettext_lazy("power", "ended: of age"),
}
BASES: dict[str, Promise] = {
    rules.GUARDIANSHIP: lazy("parent of a minor"),
    rules.POWER: lazy("power given by the person"),
    rules.REPRESENTATION: lazy("power given by the firm"),
}


def over(code: str) -> str:
    """Why it is over, in a sentence."""
    return str(OVER.get(code, OVER["unconfirmed"]))


def scope(codes: Iterable[str], kind: str) -> str:
    """What is covered, listed."""
    words = OF_PERSON if kind == "person" else OF_FIRM
    held = set(codes)
    return ui.listed(str(text) for code, text in words.items() if code in held)


def options(kind: str) -> list[ui.Option]:
    words = OF_PERSON if kind == "person" else OF_FIRM
    return [ui.Option(code, str(words[code])) for code in rules.GIVEN]


def state(code: str) -> ui.Chip:
    """How a power stands: `code` is why it does not hold, "" where it does."""
    if not code:
        return ui.Chip("ok", pgettext("power", "in force"))
    known = STATES.get(code)
    words = str(known) if known is not None else pgettext("power", "ended")
    return ui.Chip("warn" if code == "offered" else "soft", words)
