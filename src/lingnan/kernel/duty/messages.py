"""In-app messages to people."""

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


def unread(account: int) -> int:
    return Message.objects.filter(account=account, read_at=None).count()


def mark_read(account: int) -> None:
    Message.objects.filter(account=account, read_at=None).update(read_at=legal_time.now())
