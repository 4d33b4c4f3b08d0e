"""Days by which something has to be done, by the calendar of working days."""

from datetime import date, timedelta

from lingnan.kernel.duty.api import calendars
from lingnan.kernel.runtime.api import legal_time
from lingnan.standards.working_days import CalendarNotAnnounced
from lingnan.systems.government.legal_persons.rules.registration import parameters


def working_days_after(day: date, count: int) -> date | None:
    """The last of so many working days; None where the calendar of its year is not announced."""
    try:
        return calendars.calendar().add_working_days(day, count)
    except CalendarNotAnnounced:
        return None


def publication_due(came_about_on: date) -> date | None:
    """The last day to publish something (企业信息公示暂行条例 Art. 10); None if it is not known.

    What lies far back needs no calendar, which does not reach there: so many working days are
    never more than three times as many days.
    """
    days = int(parameters()["publication"]["working_days"])
    at_the_latest = came_about_on + timedelta(days=3 * days)
    known = working_days_after(came_about_on, days)
    return known or (at_the_latest if at_the_latest < legal_time.today() else None)


def first_duty(registered_on: date) -> date:
    """The first day of which a firm has to publish anything: both it and the duty exist."""
    in_force: date = parameters()["publication"]["in_force"]
    return max(registered_on, in_force)
