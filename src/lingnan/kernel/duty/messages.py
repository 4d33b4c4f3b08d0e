"""In-app messages to people."""

from collections.abc import Iterable

from lingnan.kernel.duty.models import Message
from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import Title, legal_time


def send(account: int, subject: Title, text: Title, link: str = "") -> Message:
    return Message.objects.create(
        key=keys.new_key(),
        account=account,
        subject_zh=subject.zh,
        subject_en=subject.en,
        text_zh=text.zh,
        text_en=text.en,
        link=link,
        sent_at=legal_time.now(),
    )


def send_all(letters: Iterable[tuple[int, Title, Title, str]]) -> int:
    """Messages to many, as (account, subject, text, link), in one writing; returns how many."""
    now = legal_time.now()
    made = [
        Message(
            key=keys.new_key(),
            account=account,
            subject_zh=subject.zh,
            subject_en=subject.en,
            text_zh=text.zh,
            text_en=text.en,
            link=link,
            sent_at=now,
        )
        for account, subject, text, link in letters
    ]
    return len(Message.objects.bulk_create(made, batch_size=500))


def unread(account: int) -> int:
    return Message.objects.filter(account=account, read_at=None).count()


def mark_read(account: int) -> None:
    Message.objects.filter(account=account, read_at=None).update(read_at=legal_time.now())
