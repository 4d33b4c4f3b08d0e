"""What the indicators count, by the division of the body that handled it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from lingnan.kernel.duty.api import Standing
from lingnan.kernel.insight.api import PROVINCE, Figure
from lingnan.kernel.matters.api import Case, CaseEvent, published
from lingnan.kernel.trust.api import Body

# Cases count for this many days after their filing or decision, so that a figure shows today's
# ways and its cost does not grow with the years.
WINDOW = 90
DECIDED = ("decided", "delivered")
LICENCE = "licence"
BATCH = 2000
Rows = Iterable[tuple[str, int, int]]


def since(on: date) -> date:
    """The first day of the window that ends on a day."""
    return on - timedelta(days=WINDOW - 1)


def by_division(rows: Rows) -> dict[str, Figure]:
    """(body, numerator, denominator) added up by the division of the body."""
    places = dict(Body.objects.values_list("code", "division"))
    found: dict[str, Figure] = {}
    for body, numerator, denominator in rows:
        place = places.get(body, PROVINCE)
        figure = Figure(numerator, denominator)
        found[place] = found[place] + figure if place in found else figure
    return found


def matters_online(licences: bool) -> Mapping[str, Figure]:
    """Matters in force whose whole way is online: form, process, decision and certificate."""
    wanted = [m for _d, m in published() if (m.kind == LICENCE) == licences]
    whole = [m for m in wanted if m.form.fields() and m.process and m.certificate]
    return {PROVINCE: Figure(len(whole), len(wanted))}


def filed_online(on: date) -> Mapping[str, Figure]:
    """Cases that the applicant filed on the platform, of all cases received."""
    own = CaseEvent.objects.filter(case=OuterRef("key"), kind="received", by__startswith="resident")
    cases = Case.objects.filter(received_on__gte=since(on), received_on__lte=on)
    online = Count("key", filter=Q(Exists(own)))
    rows = cases.values("body").annotate(all=Count("key"), online=online).order_by()
    return by_division((row["body"], row["online"], row["all"]) for row in rows)


def prefilled(on: date) -> Mapping[str, Figure]:
    """Answers that came from a record, of all answers of the cases received."""
    cases = Case.objects.filter(received_on__gte=since(on), received_on__lte=on)
    counted: dict[str, tuple[int, int]] = {}
    for body, declared in cases.values_list("body", "declared").iterator(BATCH):
        filled = sum(answer.get("source") == "record" for answer in declared.values())
        before = counted.get(body, (0, 0))
        counted[body] = (before[0] + filled, before[1] + len(declared))
    return by_division((body, filled, every) for body, (filled, every) in counted.items())


def _decisions(on: date) -> QuerySet[Standing]:
    decided = Case.objects.filter(number=OuterRef("reference"), state__in=DECIDED)
    return Standing.objects.filter(
        Exists(decided),
        state="stopped",
        code="decision",
        stopped_on__gte=since(on),
        stopped_on__lte=on,
    )


def within_promise(on: date) -> Mapping[str, Figure]:
    """Decisions that used no more days than were promised, of all decisions."""
    kept = Count("clock", filter=Q(used__lte=F("promised")))
    rows = _decisions(on).values("body").annotate(all=Count("clock"), kept=kept).order_by()
    return by_division((row["body"], row["kept"], row["all"]) for row in rows)


def time_used(on: date) -> Mapping[str, Figure]:
    """Working days that decisions used, of the working days that the law gave them."""
    rows = _decisions(on).filter(clock__unit="working_day").values("body")
    sums = rows.annotate(used_days=Sum("used"), given=Sum("statutory")).order_by()
    return by_division((row["body"], row["used_days"], row["given"]) for row in sums)


def cities_connected(on: date) -> Mapping[str, Figure]:
    """Cities in which a body has used the exchange for a case within the window."""
    cases = Case.objects.filter(received_on__gte=since(on), received_on__lte=on)
    using: set[str] = set()
    for body in sorted(set(cases.order_by().values_list("body", flat=True).distinct())):
        answers = cases.filter(body=body).values_list("declared", flat=True)
        if any(_read(declared) for declared in answers.iterator(BATCH)):
            using.add(body)
    places = dict(Body.objects.filter(code__in=using).values_list("code", "division"))
    connected = {f"{place[:4]}00" for place in places.values()}
    cities = set(Body.objects.filter(tier="city").values_list("division", flat=True))
    return {city: Figure(int(city in connected), 1) for city in sorted(cities)}


def _read(declared: Mapping[str, Mapping[str, object]]) -> bool:
    return any(answer.get("source") == "record" for answer in declared.values())
