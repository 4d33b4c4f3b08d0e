"""The day of the register: notices to who has not reported, or not published what it was ordered
to, and the list of serious breaches.

Right to repeat: whoever has been told of a year's report is not told again.
"""

from datetime import date

from django.db import IntegrityError, transaction

from lingnan.kernel.runtime.api import Conflict, action, legal_time
from lingnan.systems.government.legal_persons import listing, ordering
from lingnan.systems.government.legal_persons.models import Enterprise, ListEntry
from lingnan.systems.government.legal_persons.notices import missing_reports
from lingnan.systems.government.legal_persons.rules.registration import parameters, years_after

BY = "legal_persons"


def daily() -> int:
    today = legal_time.today()
    return missing_reports(today) + ordering.lapsed(today) + serious(today) + clean(today)


def serious(today: date) -> int:
    """Notices to who has stood on the list of abnormal operations for three years (Art. 17 (2))."""
    years = parameters()["lists"]["years_to_serious"]
    since = years_after(today, -years)
    rows = ListEntry.objects.filter(list="abnormal", state="entered", ended=False)
    found = 0
    for entry in rows.filter(entered_on__lte=since).order_by("key"):
        held = ListEntry.objects.filter(company=entry.company, list="serious", ended=False)
        firm = Enterprise.objects.filter(credit_code=entry.company, ended=False).first()
        if firm is None or held.filter(state__in=listing.HELD).exists():
            continue
        told = f"{entry.entered_on}列入经营异常名录，满{years}年未履行公示义务"
        try:
            with transaction.atomic(), action(by=BY, reason="three years listed") as act:
                made = listing.give_notice(act, firm, "serious", "three_years", told)
        except (IntegrityError, Conflict):
            continue
        listing.tell_of(firm, made)
        found += 1
    return found


def clean(today: date) -> int:
    """Off the list of serious breaches after five years without another breach (Art. 17 (3))."""
    years = parameters()["lists"]["years_of_serious"]
    since, done = years_after(today, -years), 0
    rows = ListEntry.objects.filter(list="serious", state="entered", ended=False)
    for entry in rows.filter(entered_on__lte=since).order_by("key"):
        again = ListEntry.objects.filter(company=entry.company, list="abnormal", ended=False)
        open_ = again.filter(state__in=listing.ON_LIST).exists()
        if open_ or again.filter(entered_on__gt=since).exists():
            continue
        with action(by=BY, reason="five clean years") as act:
            words = f"满{years}年未再发生"
            act.change(entry, state="left", left_on=today, exit_document=words)
        done += 1
    return done
