"""Why a post is not given or ended, in words; and how an appointment and an account stand."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.trust.api import Account, Appointment, appointing
from lingnan.kernel.ui import api as ui


def refused(fault: appointing.NotPossible) -> tuple[str, str]:
    """The field that has to be put right, and why."""
    return {
        "not_yours": ("act", _("This post is not yours to give or to end.")),
        "oneself": ("act", _("Nobody gives, ends or locks what is their own.")),
        "role": ("role", _("Please choose.")),
        "days": ("first", _("From today on, at most a year ahead, the last day not before the"
                            " first and not after an end that is fixed already.")),
        "held": ("role", _("This person has this post on some of these days already.")),
        "apart": ("role", _("These posts are kept apart: %(why)s.") % {"why": fault.why}),
        "account": ("act", _("This account is locked.")),
        "done": ("act", _("Somebody has done this already.")),
        "last": ("act", _("This is the last operator. Appoint another one first.")),
        "login": ("login", _("4 to 40 small letters, digits, dots and hyphens, with a letter or"
                             " digit first and last.")),
        "name": ("name", _("A name of two letters or characters at least, without digits.")),
        "unknown": ("login", _("There is no open account of an official with this name and"
                               " sign-in name.")),
        "taken": ("login", _("Somebody signs in with this name already.")),
    }[fault.code]  # fmt: skip


def status(said: ui.Answers) -> int:
    """What a page answers that has something to say of what was sent: what somebody else has done
    meanwhile is a conflict, and nothing to be put right."""
    if not said.wrong:
        return 200
    return 409 if said.wrong.get("act") == refused(appointing.NotPossible("done"))[1] else 422


def hindrance(code: str) -> str:
    """Why a decided appointment could not begin; what is no code is a person's own words."""
    return {
        "over": _("its last day was over"),
        "locked": _("the account was locked"),
        "held": _("the post was held already"),
        "apart": _("it was kept apart from another post"),
    }.get(code, code)


def account_chip(account: Account, waiting: Collection[int]) -> ui.Chip:
    """How an account stands; `waiting` are the keys of those that nothing opens yet."""
    if not account.is_active:
        return ui.Chip("late", pgettext("account", "locked"))
    if account.key in waiting:
        return ui.Chip("warn", _("waits for the first sign-in"))
    return ui.Chip("ok", pgettext("account", "open"))


def appointment_chip(made: Appointment) -> ui.Chip:
    kinds: dict[str, ui.Kind] = {
        "held": "ok", "refused": "late", "withdrawn": "soft", "lapsed": "late", "proposed": "warn",
    }  # fmt: skip
    return ui.Chip(kinds.get(made.state, "info"), str(made.get_state_display()))


def days(made: Appointment) -> str:
    last = ui.legal_date(made.last) if made.last else _("until it is ended")
    return f"{ui.legal_date(made.first)} – {last}"


HISTORY = (
    "trust.account_opened", "trust.account_locked", "trust.account_unlocked",
    "trust.post_proposed", "trust.post_decided", "trust.post_confirmed", "trust.post_refused",
    "trust.post_withdrawn", "trust.post_begun", "trust.post_ended",
    "trust.counter_opened", "trust.recovered",
)  # fmt: skip
"""The entries of the evidence that a body's head reads of an official."""
