"""Word to whom a post concerns: who has to agree, whose it is, who proposed it."""

from datetime import date

from django.urls import reverse
from django.utils.translation import override

from lingnan.kernel.duty.api import messages, tasks
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import Account, Appointment, Body, Holding, appointing

TASK = "appointment"
TITLE = Title("确认任职", "Agree to an appointment")


def follow(made: Appointment) -> None:
    """Word to who has to agree, or to whose post it is."""
    body = Body.objects.get(code=made.body)
    post, link = f"{body.name_zh} · {made.title_zh}", _link(made)
    if made.state == "proposed":
        name = Account.objects.values_list("name", flat=True).get(key=made.account)
        above = appointing.nearest_confirming(made.body)
        if above:
            tasks.open_task(made.number, TASK, TITLE, f"{name} · {post}", above,
                            appointing.HEAD, link)  # fmt: skip
        return
    days = f"{made.first.isoformat()}" + (f" – {made.last.isoformat()}" if made.last else "")
    text = Title(f"{post}，{days}", f"{body.name_en}, {made.title_en}, {days}")
    messages.send(made.account, Title("您已获任职", "You are appointed to a post"), text,
                  reverse("posts"))  # fmt: skip


def answered(made: Appointment) -> None:
    """Whoever proposed it hears how the second person decided, and why."""
    with override("zh-hans"):
        zh = f"{made.title_zh}：{made.get_state_display()}。{made.decision}"
    with override("en"):
        en = f"{made.title_en}: {made.get_state_display()}. {made.decision}"
    subject = Title("任职确认的结果", "An appointment that you proposed was decided")
    messages.send(made.proposed_by, subject, Title(zh, en), _link(made))


def _link(made: Appointment) -> str:
    return reverse("people-appointment", args=[made.number])


def ended(post: Holding, last: date | None, reason: str) -> None:
    """Word to whose post it was."""
    body = Body.objects.get(code=post.body)
    day = (last or legal_time.today()).isoformat()
    text = Title(f"{body.name_zh} · {post.title_zh}，最后一日：{day}。{reason}",
                 f"{body.name_en}, {post.title_en}, last day {day}. {reason}")  # fmt: skip
    messages.send(post.account, Title("您的任职终止", "A post of yours ends"), text,
                  reverse("posts"))  # fmt: skip
