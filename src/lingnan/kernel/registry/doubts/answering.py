"""Examining and answering a doubt: events that are only added, and one end."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lingnan.kernel.duty.api import Clock, Task, clocks, messages
from lingnan.kernel.registry import rights
from lingnan.kernel.registry.doubts import raising
from lingnan.kernel.registry.doubts.raising import ACCEPTED, LEAST, LONGEST, DoubtRefused
from lingnan.kernel.registry.models import Doubt, DoubtEvent, Proposal
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import Actor, superiors

ANSWERS = {"corrected", "partly", "upheld"}
ANSWERED = Title("您提出的数据疑义已有答复", "Your doubt about a record has been answered")


class NotToAnswer(Exception):
    """Another post answers this doubt."""


class Ended(Exception):
    """The doubt has been answered or withdrawn meanwhile."""


def may_answer(doubt: Doubt, who: Actor) -> bool:
    """An official of the body that answers, or of one above, who edits the register."""
    model = raising.model_of(doubt)
    if not raising.answerers(model).permits(who) or who.body not in superiors(doubt.holder):
        return False
    return raising.may_see(doubt, who) and rights.sees(
        model, who, model.record.elements[doubt.element]
    )


def accept(doubt: Doubt, who: Actor) -> None:
    """Begin to examine it. Raises NotToAnswer, Ended; a second time it does nothing."""
    _open_to(doubt, who)
    if not DoubtEvent.objects.filter(doubt=doubt, kind=ACCEPTED).exists():
        _add(doubt, ACCEPTED, who.account, who.signature, "")


def answer(doubt: Doubt, who: Actor, kind: str, text: str, version: int | None = None) -> None:
    """End it with an answer and its grounds. Raises NotToAnswer, Ended, DoubtRefused.

    `corrected` and `partly` need a version of the record later than the one that was doubted.
    """
    _open_to(doubt, who)
    if kind not in ANSWERS:
        raise DoubtRefused("answer", _("Choose an answer."))
    if not LEAST <= len(text) <= LONGEST or "\x00" in text:
        raise DoubtRefused("text", _("Say it in words, up to 400 characters."))
    newest = newest_version(doubt)
    if kind != "upheld" and newest <= doubt.version:
        raise DoubtRefused(
            "answer", _("The record has not been corrected since; correct it first.")
        )
    if version is None and kind != "upheld":
        version = newest
    _end(doubt, kind, who.account, who.signature, text, version)


def withdraw(doubt: Doubt, who: Actor) -> None:
    """By the raiser alone. Raises NotToAnswer, Ended."""
    if doubt.account != who.account:
        raise NotToAnswer
    if raising.ended(doubt) is not None:
        raise Ended
    _end(doubt, "withdrawn", who.account, who.signature, "", None)


def corrected_by_proposal(proposal: Proposal) -> None:
    """A confirmed correction that a doubt led to: the doubt is answered with the new version."""
    doubt = None
    if proposal.doubt is not None:
        doubt = Doubt.objects.filter(key=proposal.doubt).first()
    if doubt is not None:
        corrected(doubt, proposal.values, proposal.account, proposal.by, proposal.reason)


def corrected(doubt: Doubt, fields: Collection[str], account: int, by: str, text: str) -> None:
    """Fields were corrected because of a doubt: it ends when the doubted one is among them."""
    field = raising.model_of(doubt).record.elements[doubt.element]
    if field in fields and raising.ended(doubt) is None:
        # Ended by another official in this moment: the correction holds all the same.
        with suppress(Ended):
            _end(doubt, "corrected", account, by, text, newest_version(doubt))


def newest_version(doubt: Doubt) -> int:
    """The highest number of a version of the doubted record."""
    versions: Any = raising.model_of(doubt).Version
    rows = versions.objects.filter(key=doubt.record).order_by("-version")
    return int(rows.values_list("version", flat=True).first() or 1)


def _open_to(doubt: Doubt, who: Actor) -> None:
    if not may_answer(doubt, who):
        raise NotToAnswer
    if raising.ended(doubt) is not None:
        raise Ended


def _add(
    doubt: Doubt, kind: str, account: int, by: str, text: str, version: int | None = None
) -> None:
    try:
        with transaction.atomic():
            DoubtEvent.objects.create(
                doubt=doubt, kind=kind, text=text, version=version, account=account,
                by=by[:200], at=legal_time.now(),
            )  # fmt: skip
    except IntegrityError:
        raise Ended from None


def _end(doubt: Doubt, kind: str, account: int, by: str, text: str, version: int | None) -> None:
    """The end, its clock, its tasks and the raiser's message together."""
    with transaction.atomic():
        _add(doubt, kind, account, by, text, version)
        ref = raising.reference(doubt)
        for clock in Clock.objects.filter(reference=ref):
            clocks.stop(clock, by[:200])
        Task.objects.filter(reference=ref, done_at=None).update(
            done_at=legal_time.now(), done_by=by[:200], outcome=kind
        )
        if kind != "withdrawn":
            words = Title(text or "记录已更正。", text or "The record was corrected.")
            messages.send(doubt.account, ANSWERED, words, raising.link(doubt))
