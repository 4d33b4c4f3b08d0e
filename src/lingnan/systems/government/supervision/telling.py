"""Who is told: of a card the head and the supervisor of the body, of an opinion the head."""

from collections.abc import Sequence

from lingnan.kernel.duty.api import messages
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Body, Holding, superiors
from lingnan.systems.government.supervision.models import Answer, Card, Opinion

FUNCTION = "supervision"
SHOWN = 10
NAMES = {"yellow": Title("黄牌", "yellow"), "red": Title("红牌", "red")}


def heads(body: str) -> list[int]:
    """The accounts of who heads a body."""
    held = Holding.objects.filter(body=body, role="head", ended=False)
    return list(held.order_by("key").values_list("account", flat=True))


def supervisors(body: str) -> list[int]:
    """The accounts of the supervisors of a body's division, else of the nearest one above."""
    codes = superiors(body)
    places = list(Body.objects.filter(code__in=codes).values_list("code", "division"))
    for division in [dict(places)[code] for code in codes if code in dict(places)]:
        bureaus = Body.objects.filter(division=division, function=FUNCTION, ended=False)
        held = Holding.objects.filter(
            body__in=list(bureaus.values_list("code", flat=True)), role="supervisor", ended=False
        )
        found = list(held.order_by("key").values_list("account", flat=True))
        if found:
            return found
    return []


def issued(body: str, cards: Sequence[Card]) -> None:
    """One message about all cards that a body got in one round; the caller's transaction."""
    if not cards:
        return
    named = Body.objects.filter(code=body).first()
    title = named.title if named else Title(body, body)
    counts = {colour: sum(one.colour == colour for one in cards) for colour in NAMES}
    said = [(NAMES[colour], n) for colour, n in counts.items() if n]
    zh = f"{title.zh}：" + "、".join(f"{name.zh} {n}" for name, n in said)
    en = f"{title.en}: " + ", ".join(f"{n} {name.en} card{'s'[: n > 1]}" for name, n in said)
    numbers = list(dict.fromkeys(one.reference for one in cards))
    shown = "\n".join(numbers[:SHOWN])
    more = len(numbers) - SHOWN
    rest = (
        Title(f"\n……共 {len(numbers)} 件", f"\n… {len(numbers)} in all")
        if more > 0
        else Title("", "")
    )
    text = Title(
        f"以下办件超过承诺时限（黄牌）或法定时限（红牌）：\n{shown}{rest.zh}",
        f"These have passed their promised (yellow) or statutory limit (red):\n{shown}{rest.en}",
    )
    for account in heads(body):
        messages.send(account, Title(zh[:120], en[:160]), text, "/desk/opinions/")
    for account in supervisors(body):
        messages.send(account, Title(zh[:120], en[:160]), text, f"/supervision/cases/?body={body}")


def advised(opinion: Opinion, address: str) -> None:
    """The head of the body has an opinion to answer."""
    number, day = opinion.card.reference, opinion.answer_by
    subject = Title(f"监察建议书：{number}", f"Supervision opinion on {number}")
    text = Title(
        f"“{opinion.words}”\n\n请于{day.year}年{day.month}月{day.day}日前答复。",
        f"“{opinion.words}”\n\nPlease answer by {day.day} {day:%B %Y}.",
    )
    for account in heads(opinion.body):
        messages.send(account, subject, text, address)


def answered(answer: Answer) -> None:
    """Who wrote the opinion hears the answer."""
    number = answer.opinion.card.reference
    subject = Title(f"监察建议已答复：{number}", f"Answer to the opinion on {number}")
    text = Title(f"“{answer.words}”", f"“{answer.words}”")
    messages.send(answer.opinion.by_account, subject, text, f"/supervision/cases/{number}/")
