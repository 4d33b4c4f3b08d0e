"""Who consented hears that the agreement has changed, and who wishes to hear of it."""

from typing import Protocol

from lingnan.kernel.duty.api import messages
from lingnan.kernel.exchange import own
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Body, consents

CHANGED = Title("您授权所依据的协议有变更", "An agreement that you follow has changed")
ENDED = Title("您授权所依据的协议已终止", "An agreement that you follow has ended")


class Told(Protocol):
    """What is told of an agreement, of this node or of another."""

    @property
    def number(self) -> str: ...
    @property
    def consumer(self) -> str: ...
    @property
    def resource(self) -> str: ...


def changed(agreement: Told, must: bool) -> int:
    """Tell of a new text; `must` where the law wants it told (第十七条第二款). Returns how many."""
    name = _body(agreement)
    if must:
        words = Title(
            f"{name.zh}的用途、数据、依据或者来源有变更，原授权不再适用；是否重新授权由您决定。",
            f"{name.en}: purpose, data, basis or holder have changed. Your consent covers it no "
            "more; whether you allow it anew is yours to say.",
        )
    else:
        words = Title(
            f"{name.zh}的协议期限有变更，您的授权不受影响。",
            f"{name.en}: the term of the agreement has changed. Your consent stands.",
        )
    return _tell(agreement, CHANGED, words, must)


def ended(agreement: Told) -> int:
    """Tell that nothing is read by it any more."""
    name = _body(agreement)
    words = Title(
        f"{name.zh}不再依据这项协议读取您的数据。",
        f"{name.en} reads no data of yours by this agreement any more.",
    )
    return _tell(agreement, ENDED, words, must=False)


def _body(agreement: Told) -> Title:
    body = Body.objects.filter(code=agreement.consumer).first()
    return body.title if body is not None else Title(agreement.consumer, agreement.consumer)


def _tell(agreement: Told, subject: Title, words: Title, must: bool) -> int:
    kind = own.kind_asked(agreement.resource)
    accounts = {
        account
        for giver in consents.notices.hearing(agreement.number, must)
        for account in own.accounts_of(giver, kind)
    }
    return messages.send_all((one, subject, words, "/consents/") for one in sorted(accounts))
