"""The joint lists, day by day: told first, entered when the party has been heard, left by rule."""

from collections import defaultdict
from datetime import date

from lingnan.kernel.duty.api import calendars
from lingnan.kernel.runtime.api import Title, action, legal_time
from lingnan.standards.working_days import CalendarNotAnnounced
from lingnan.systems.government.credit.models import CreditEvent, Listing
from lingnan.systems.government.credit.rules import lists
from lingnan.systems.government.credit.rules.terms import BAD, parameters
from lingnan.systems.government.credit.standing import tell

BY = "joint lists"
QUALIFIES = "按规则列入：信用事件 {}"
ENDS = "不再符合列入条件"


def round_of_day() -> int:
    """Bring the lists to today's state; right to repeat. Returns how much changed."""
    today = legal_time.today()
    wanted = _wanted(today)
    held = {
        (row.credit_code, row.list): row for row in Listing.objects.exclude(state="left").iterator()
    }
    done = 0
    for place, row in held.items():
        if place not in wanted:
            _leave(row, today)
            done += 1
        elif row.state == "told" and row.heard_until < today:
            _enter(row, today)
            done += 1
    for place, event in wanted.items():
        if place not in held:
            done += _announce(event, place[1], today)
    return done


def _wanted(today: date) -> dict[tuple[str, str], CreditEvent]:
    """(credit code, list) → the event that puts a firm there; only firms that some event could."""
    could = CreditEvent.objects.filter(
        ended=False, kind__in=("honour", "revocation", "serious_list")
    ).exclude(credit_code="")
    codes = list(could.values_list("credit_code", flat=True).distinct())
    rows = CreditEvent.objects.filter(ended=False, credit_code__in=codes, kind__in=("honour", *BAD))
    by_firm: dict[str, dict[str, CreditEvent]] = defaultdict(dict)
    for row in rows:
        by_firm[row.credit_code][row.number] = row
    return {
        (code, name): events[number]
        for code, events in by_firm.items()
        for name, number in lists.grounds(
            [(number, one.facts) for number, one in events.items()], today
        ).items()
    }


def _announce(event: CreditEvent, name: str, today: date) -> int:
    """Tell the party before it is entered; at most once a day for each event."""
    number = f"{name[0].upper()}-{event.number}-{today:%Y%m%d}"
    if Listing.objects.filter(number=number).exists():
        return 0
    days = int(parameters()["defence"]["working_days"])
    try:
        until = calendars.calendar().add_working_days(today, days)
    except CalendarNotAnnounced:
        # Its days to be heard cannot be counted yet: told on the first day on which they can.
        return 0
    with action(by=BY, reason="told before the entry") as act:
        act.create(
            Listing,
            number=number,
            list=name,
            event=event.number,
            credit_code=event.credit_code,
            organisation=event.organisation,
            person=event.person,
            name=event.name,
            state="told",
            told_on=today,
            heard_until=until,
            why=QUALIFIES.format(event.number),
            division=event.division,
        )
        _tell(event, until)
    return 1


def _tell(event: CreditEvent, until: date) -> None:
    tell(
        event.person,
        Title("拟列入联合奖惩名单", "To be entered on a joint list"),
        Title(
            f"{event.name}：可以在 {until} 之前陈述申辩。",
            f"{event.name}: you may be heard until {until}.",
        ),
    )


def _enter(row: Listing, today: date) -> None:
    with action(by=BY, reason="the party has been heard") as act:
        act.change(row, state="entered", entered_on=today)


def _leave(row: Listing, today: date) -> None:
    with action(by=BY, reason=ENDS) as act:
        act.change(row, state="left", left_on=today, why=ENDS)


def defend(row: Listing, signature: str, words: str) -> None:
    """What the party says before it is entered; the officers read it on the register."""
    with action(by=signature, reason="statement of defence") as act:
        act.change(row, defence=words)
