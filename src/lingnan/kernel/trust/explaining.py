"""What was checked of a document, in plain words: a question, its answer, and what it means."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from lingnan.kernel.trust.seal.report import Check
from lingnan.kernel.ui import api as ui

BEIJING = timezone(timedelta(hours=8))
KINDS: Mapping[str, ui.Kind] = {"passed": "ok", "failed": "late", "not_checked": "soft"}


class _Words(NamedTuple):
    question: str
    passed: str
    failed: str
    not_checked: str = ""


@dataclass(frozen=True)
class Explained:
    """One check as it is read: `mark` is yes, no or not checked."""

    outcome: str
    question: str
    mark: str
    words: str


WORDS: Mapping[str, _Words] = {
    "pdf": _Words(
        gettext_noop("Is it a PDF document?"),
        gettext_noop("It can be read."),
        gettext_noop("It cannot be read as a PDF document."),
    ),
    "sealed": _Words(
        gettext_noop("Does it bear a seal?"),
        gettext_noop("There is an electronic seal in it."),
        gettext_noop("There is no electronic seal in it."),
    ),
    "unchanged": _Words(
        gettext_noop("Is it what was sealed?"),
        gettext_noop("Its content is exactly what the seal covers, byte for byte."),
        gettext_noop("Its content is not what was sealed."),
    ),
    "nothing_added": _Words(
        gettext_noop("Was anything added later?"),
        gettext_noop(
            "Nothing: the seal covers the whole file, or what follows are archive time-stamps, "
            "byte for byte as this software writes them."
        ),
        gettext_noop(
            "Something was added after it was sealed. What is seen may not be what was sealed."
        ),
    ),
    "envelope": _Words(
        gettext_noop("Is the seal as it was made?"),
        gettext_noop("The seal itself was not altered."),
        gettext_noop(
            "The seal holds, but what is around it was altered, or other software made it."
        ),
    ),
    "issuer": _Words(
        gettext_noop("Who vouches for the sealer?"),
        gettext_noop("From the sealer up to the root: %(path)s."),
        gettext_noop("Nobody who is trusted here vouches for “%(path)s”."),
    ),
    "purpose": _Words(
        gettext_noop("May it seal documents?"),
        gettext_noop("The certificate of “%(name)s” is one for signing documents."),
        gettext_noop("The certificate of “%(name)s” is not one for signing documents."),
    ),
    "valid_then": _Words(
        gettext_noop("Was the certificate valid when it was sealed?"),
        gettext_noop("On %(at)s; it is valid from %(since)s to %(until)s."),
        gettext_noop("Not on %(at)s; it is valid from %(since)s to %(until)s."),
    ),
    "not_revoked": _Words(
        gettext_noop("Was the certificate still in force?"),
        gettext_noop("It was not revoked on %(at)s."),
        gettext_noop("It was revoked before, or the time of the seal cannot be believed."),
        gettext_noop("The document does not say, and no register was asked."),
    ),
    "time": _Words(
        gettext_noop("Who proves the time?"),
        gettext_noop(
            "The time-stamp of “%(name)s” proves that it was sealed on %(at)s at the latest."
        ),
        gettext_noop("There is a time-stamp, but its issuer is not trusted here."),
        gettext_noop("Nobody: that it was sealed on %(at)s is what the seal says of itself."),
    ),
    "strength": _Words(
        gettext_noop("Are the keys strong enough?"),
        gettext_noop("All keys and algorithms are of those that are held strong today."),
        gettext_noop("A key or an algorithm is too weak to rely on."),
    ),
    "clock": _Words(
        gettext_noop("Do the clocks agree?"),
        gettext_noop("It tells no time that is later than this machine's clock."),
        gettext_noop(
            "It tells %(at)s, but the clock of this machine says %(now)s: one of the two clocks is "
            "wrong. Up to %(minutes)s minutes are borne."
        ),
    ),
    "lasting": _Words(
        gettext_noop("How long can it be checked?"),
        gettext_noop(
            "It has %(count)s archive time-stamps. The last, by “%(name)s” on %(at)s, lasts until "
            "%(until)s; before then the next is added."
        ),
        gettext_noop("There is an archive time-stamp, but its issuer is not trusted here."),
        gettext_noop(
            "It has no archive time-stamp: other programs may doubt it once the certificates in it "
            "have ended. The office that issued it can give you the file with one."
        ),
    ),
    "archive": _Words(
        gettext_noop("Can the bundle be opened?"),
        gettext_noop("It is an archive in the only form in which it is made."),
        gettext_noop("It is no such archive, or it was packed anew: %(where)s."),
    ),
    "complete": _Words(
        gettext_noop("Is it complete?"),
        gettext_noop(
            "It holds exactly what it must: %(count)s entries, their proofs, the checkpoint."
        ),
        gettext_noop("Something is missing, too much or in another place: %(where)s."),
    ),
    "files": _Words(
        gettext_noop("Is every file what was signed?"),
        gettext_noop("All %(count)s files are what was signed, byte for byte."),
        gettext_noop("Not this one: %(where)s."),
    ),
    "signature": _Words(
        gettext_noop("Does the signature hold?"),
        gettext_noop("It is by the key of its certificate, over every file."),
        gettext_noop(
            "It does not hold, or it is not written as this software writes it: %(where)s."
        ),
    ),
    "checkpoint": _Words(
        gettext_noop("Is the checkpoint that of the log?"),
        gettext_noop("The log's own key signed that it had %(size)s entries."),
        gettext_noop("Its signature does not hold, or it is of another log: %(where)s."),
    ),
    "checkpoint_time": _Words(
        gettext_noop("Who proves when the log was so?"),
        gettext_noop("The time-stamp of “%(name)s” proves that it was so on %(at)s."),
        gettext_noop("There is no time-stamp that is trusted here."),
    ),
    "entries": _Words(
        gettext_noop("Does every entry stand in the log?"),
        gettext_noop("All %(count)s do, exactly as they are shown."),
        gettext_noop("Not this one, as it is shown: %(where)s."),
    ),
    "holder": _Words(
        gettext_noop("Whom does it concern?"),
        gettext_noop(
            "The body that signed says: “%(name)s”. %(count)s entries bear that one's own mark, "
            "%(closed)s were written before there were marks. Whom a mark means only the node can "
            "open, in one way."
        ),
        gettext_noop("What it says of that is not written as this software writes it."),
        gettext_noop("It does not say: it was not made for one person or firm."),
    ),
    "ofd_archive": _Words(
        gettext_noop("Can the OFD document be opened?"),
        gettext_noop("It is an archive in the only form in which it is made here."),
        gettext_noop("It is no such archive, or it was packed anew: %(where)s."),
    ),
    "ofd_parts": _Words(
        gettext_noop("Does it hold what it must, and nothing else?"),
        gettext_noop("It holds exactly the %(count)s files of a document with one seal."),
        gettext_noop("A file is missing, too much, renamed or in another place: %(where)s."),
    ),
    "ofd_files": _Words(
        gettext_noop("Is every file of it what was sealed?"),
        gettext_noop("All %(count)s files have the SM3 digests that the signature covers."),
        gettext_noop("Not this one: %(where)s."),
    ),
    "ofd_seal": _Words(
        gettext_noop("Is the seal genuine, and was it valid?"),
        gettext_noop("It is the seal of “%(name)s”, as “%(maker)s” made it."),
        gettext_noop("It was altered, or it was not valid when it was used: %(where)s."),
    ),
    "ofd_signature": _Words(
        gettext_noop("Was this document sealed with it?"),
        gettext_noop("The SM2 signature over it is by the key of “%(name)s”."),
        gettext_noop(
            "The signature does not hold, is of another document or by another key: %(where)s."
        ),
    ),
    "ofd_standard": _Words(
        gettext_noop("Does it keep the national standards?"),
        "",
        "",
        gettext_noop(
            "That cannot be told: it follows public descriptions of %(standards)s; neither their "
            "texts nor a licensed reader was at hand."
        ),
    ),
    "power_form": _Words(
        gettext_noop("Is it the file of a power?"),
        gettext_noop("It has a text, its signature and the certificates above, and nothing else."),
        gettext_noop("It is none, or parts of it are missing, too much or too long."),
    ),
    "power_signature": _Words(
        gettext_noop("Is the text what was signed?"),
        gettext_noop("Every sign of it is as it was signed by the key of the certificate."),
        gettext_noop("The text, its signature or the certificate was changed."),
    ),
    "power_issuer": _Words(
        gettext_noop("Who vouches for the signer?"),
        gettext_noop("From the signer up to the root: %(path)s."),
        gettext_noop("Nobody who is trusted here vouches for “%(path)s” now."),
    ),
    "power_purpose": _Words(
        gettext_noop("May it sign powers?"),
        gettext_noop("The certificate of “%(name)s” is one for signing powers."),
        gettext_noop("The certificate of “%(name)s” is not one for signing powers."),
    ),
    "power_says": _Words(
        gettext_noop("Does the text say a power?"),
        gettext_noop("Power %(number)s: “%(agent)s” may act for “%(name)s”."),
        gettext_noop("It is something else that was signed, or a part of it is missing."),
    ),
    "power_known": _Words(
        gettext_noop("Does the node have the same power?"),
        gettext_noop("It has it under this number, and by its register the signer holds."),
        gettext_noop("It has none, or another, under this number, or the signer was revoked."),
    ),
    "power_stands": _Words(
        gettext_noop("Does the power stand now?"),
        gettext_noop("It has been accepted and nobody has ended it. Last day: %(last)s."),
        gettext_noop("It does not stand now. Nothing may be done by it."),
        gettext_noop(
            "That only the node can say, which knows whether it was accepted or ended: ask it on "
            "its page /verify/. Last day by the text: %(until_day)s."
        ),
    ),
}
_REST = gettext_noop("Not checked, because a check before did not hold.")


def explained(checks: Iterable[Check]) -> list[Explained]:
    """The checks in the reader's language, in their order."""
    return [_one(check) for check in checks]


def panel(checks: Iterable[Check]) -> ui.Panel:
    """The checks as a card: each question with its answer and what it means."""
    items = [
        ui.Item(one.question, ui.Chip(KINDS[one.outcome], one.mark), one.words)
        for one in explained(checks)
    ]
    return ui.Panel(_("What was checked, step by step"), items)


def summed_up(genuine: bool, rooted: bool) -> str:
    """The result in a sentence. Without a root nobody can tell who vouches."""
    if not rooted:
        return _("No root certificate was given: who vouches for it cannot be told.")
    if genuine:
        return _("It is genuine: every check that could be made holds.")
    return _("It is not genuine, or not of those who are trusted: see the check that fails.")


def _one(check: Check) -> Explained:
    words = WORDS[check.code]
    said = getattr(words, check.outcome) or _REST
    if check.outcome == "not_checked" and not check.told:
        said = _REST
    told = defaultdict(lambda: "—", {name: _shown(name, at) for name, at in check.told.items()})
    return Explained(check.outcome, _(words.question), _mark(check.outcome), _(said) % told)


def _mark(outcome: str) -> str:
    return {
        "passed": pgettext("check", "holds"),
        "failed": pgettext("check", "does not hold"),
        "not_checked": pgettext("check", "not checked"),
    }[outcome]


def _shown(name: str, value: str) -> str:
    """A moment in Beijing time, to the second, as system time runs; anything else as it is."""
    if name not in ("at", "since", "until", "now"):
        return value
    return f"{datetime.fromisoformat(value).astimezone(BEIJING):%Y-%m-%d %H:%M:%S} (UTC+8)"
