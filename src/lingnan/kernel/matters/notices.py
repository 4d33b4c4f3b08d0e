"""What the applicant is told, in both languages."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lingnan.kernel.duty.api import messages
from lingnan.kernel.matters.definition import Matter, matter_of
from lingnan.kernel.matters.models import Case, JointApplication, facts_of
from lingnan.kernel.runtime.api import Title

INVENTED = Title("（演示值）", " (a demonstration value)")
ENDED = {
    "refused": Title("未获准", "was refused"),
    "not_accepted": Title("未被受理", "was not accepted"),
    "withdrawn": Title("已撤回", "was withdrawn"),
}
UNITS = {
    "working_day": Title("个工作日", "working days"),
    "calendar_day": Title("日", "days"),
}


def _send(case: Case, subject: Title, text: Title) -> None:
    zh, en = f"{case.number} {subject.zh}", f"{case.number} {subject.en}"
    messages.send(case.account, Title(zh, en), text, f"/cases/{case.number}/")


def joint_filed(joint: JointApplication, title: Title, limit: Mapping[str, Any]) -> None:
    promised, law = _days(limit["promised"], limit), _days(limit["statutory"], limit)
    mark = INVENTED if limit.get("promise_is_demonstration") else Title("", "")
    zh = f"各机关同时办理。承诺 {promised.zh}内{mark.zh}、法定 {law.zh}内办结。"
    en = f"All bodies work at once: promised in {promised.en}{mark.en}, by law in {law.en}."
    subject = Title(f"{title.zh}：已提交", f"{title.en}: submitted")
    messages.send(joint.account, subject, Title(zh, en), f"/joint/{joint.number}/")


def joint_extended(joint: JointApplication, days: int, reason: str) -> None:
    zh = f"经本级人民政府负责人批准，联合办理期限延长 {days} 个工作日。理由：{reason}"
    en = f"The government's head has approved {days} more working days for the whole: {reason}"
    subject = Title(f"{joint.number} 办理期限延长", f"{joint.number} The limit is extended")
    messages.send(joint.account, subject, Title(zh, en), f"/joint/{joint.number}/")


def record_missed(maker: Case, how: str, waiting: Sequence[Title]) -> None:
    """What others wait for is not made; once for all of them."""
    title, ended = matter_of(maker.definition).title, ENDED[how]
    zh = (
        f"“{title.zh}”{ended.zh}。以下事项在等待它办好，没有它不能准予：\n"
        + "\n".join(f"• {one.zh}" for one in waiting)
        + "\n您可以在联合申请页面重新申请该事项，获准后其余事项自动继续办理；"
        "已经递交的事项如果不再需要，可以撤回。"
    )
    en = (
        f"{title.en} {ended.en}. These wait for it and cannot be granted without it:\n"
        + "\n".join(f"• {one.en}" for one in waiting)
        + "\nYou can file it again on the page of the whole; the others go on by themselves once "
        "it is granted. What is filed and no longer wanted can be withdrawn."
    )
    subject = Title(
        f"{maker.joint} 所等待的登记没有办成",
        f"{maker.joint} What other parts wait for was not made",
    )
    messages.send(maker.account, subject, Title(zh, en), f"/joint/{maker.joint}/")


def filed_alone(case: Case, limit: Mapping[str, Any], ended: date) -> None:
    """Which limit counts for what is filed after the whole has ended."""
    promised, law = _days(limit["promised"], limit), _days(limit["statutory"], limit)
    mark = INVENTED if limit.get("promise_is_demonstration") else Title("", "")
    zh = (
        f"联合办理已于{ended.year}年{ended.month}月{ended.day}日结束，联合办理期限不再计算。"
        f"本次申请由一个机关单独办理，适用该事项自己的期限：承诺 {promised.zh}{mark.zh}、"
        f"法定 {law.zh}（{limit['basis']}）。"
    )
    en = (
        f"Joint handling ended on {ended.day} {ended:%B %Y}, and its limit with it. One body "
        f"handles this alone, within the matter's own limit: promised {promised.en}{mark.en}, "
        f"by law {law.en} ({limit['basis']})."
    )
    _send(case, Title("适用本事项的期限", "Its own limit counts"), Title(zh, en))


def accepted(case: Case, matter: Matter) -> None:
    limit = matter.limit("decision", facts_of(case)) or matter.limits["decision"]
    mark = INVENTED if limit.get("promise_is_demonstration") else Title("", "")
    promised, law = _days(limit["promised"], limit), _days(limit["statutory"], limit)
    zh = f"承诺 {promised.zh}内{mark.zh}、法定 {law.zh}内作出决定。"
    en = f"A decision is promised within {promised.en}{mark.en}; the law allows {law.en}."
    _send(case, Title("已受理", "Accepted"), Title(f"您的申请已受理。{zh}", f"Accepted. {en}"))


def _days(count: int, limit: Mapping[str, Any]) -> Title:
    if count == 0:
        return Title("当日", "the same day")
    unit = UNITS[limit["unit"]]
    return Title(f"{count} {unit.zh}", f"{count} {unit.en if count != 1 else unit.en[:-1]}")


def correction(case: Case, items: Sequence[str]) -> None:
    zh = "请一次补齐以下内容：\n" + "\n".join(f"• {item}" for item in items)
    en = "Please mend the following, all at once:\n" + "\n".join(f"• {item}" for item in items)
    _send(case, Title("请补正", "Please complete your application"), Title(zh, en))


def not_accepted(case: Case, reasons: str, remedies: Title) -> None:
    text = Title(f"{reasons}\n\n{remedies.zh}", f"{reasons}\n\n{remedies.en}")
    _send(case, Title("不予受理", "Not accepted"), text)


def tolerated(case: Case, rows: Sequence[tuple[Title, date | None]]) -> None:
    """What may follow, all at once, each with its last day where that is announced."""
    zh = "\n".join(
        f"• {title.zh}" + (f"：{on.year}年{on.month}月{on.day}日前" if on else "")
        for title, on in rows
    )
    en = "\n".join(
        f"• {title.en}" + (f": by {on.day} {on:%B %Y}" if on else "") for title, on in rows
    )
    subject = Title("容缺受理，请按时补交", "Accepted; please hand in what you promised")
    text = Title(
        f"您承诺后补以下材料，收齐前不能作出准予决定：\n{zh}",
        f"You promised to hand these in; a grant waits for them:\n{en}",
    )
    _send(case, subject, text)


def record_changed(case: Case, changes: Sequence[tuple[Title, str, str]]) -> None:
    """A record that the case rests on has changed; its body has been told."""
    zh = "\n".join(f"• {title.zh}：{before} → {after}" for title, before, after in changes)
    en = "\n".join(f"• {title.en}: {before} → {after}" for title, before, after in changes)
    subject = Title("登记变更已同步", "The change has been passed on")
    text = Title(
        f"以下登记事项已变更，并已告知办理机关，您不必再次申报：\n{zh}",
        f"This has changed on record; the body has been told, you need not file it again:\n{en}",
    )
    _send(case, subject, text)


def record_ended(case: Case, said: Sequence[tuple[Title, str]]) -> None:
    """A record that the case rests on is there no more; its body has been told."""
    zh = "\n".join(f"• {title.zh}：{value}" for title, value in said)
    en = "\n".join(f"• {title.en}: {value}" for title, value in said)
    text = Title(
        f"以下登记已经终止（已注销或者不再归您名下），并已告知办理机关：\n{zh}",
        f"This record has ended, or is not yours any more; the body has been told:\n{en}",
    )
    _send(case, Title("登记终止已告知", "The end of a record has been passed on"), text)


def suspended(case: Case, kind: Title, until: date) -> None:
    zh = (
        f"办理中需要{kind.zh}，预计到{until.year}年{until.month}月{until.day}日。"
        "所需时间不计入办理期限（《行政许可法》（2019-04-23）第四十五条）。"
    )
    en = (
        f"Handling needs {kind.en}, expected until {until.day} {until:%B %Y}. "
        "This time does not count towards the limit (Administrative Licensing Law Art. 45)."
    )
    _send(case, Title("办理时限暂停", "The clock is paused"), Title(zh, en))


def resumed(case: Case) -> None:
    _send(
        case,
        Title("办理时限恢复计算", "The clock runs again"),
        Title("特别程序已结束，办理继续。", "The special procedure has ended; handling goes on."),
    )


def extended(case: Case, days: int, reason: str) -> None:
    unit = UNITS[matter_of(case.definition).limits["decision"]["unit"]]
    zh = f"经本机关负责人批准，办理期限延长 {days} {unit.zh}。理由：{reason}"
    en = f"With the approval of the head, the limit is extended by {days} {unit.en}: {reason}"
    _send(case, Title("办理期限延长", "The limit is extended"), Title(zh, en))


def decided(case: Case, outcome: str, reasons: str, remedies: Title) -> None:
    if outcome == "granted":
        subject = Title("准予，请查看证照", "Granted: see your certificate")
        _send(case, subject, Title(reasons, reasons))
    else:
        text = Title(f"{reasons}\n\n{remedies.zh}", f"{reasons}\n\n{remedies.en}")
        registration = matter_of(case.definition).kind == "registration"
        _send(case, Title("不予登记" if registration else "不予许可", "Refused"), text)
