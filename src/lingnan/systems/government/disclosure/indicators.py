"""What is measured of disclosure."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from lingnan.kernel.insight.api import Counted, Figure, Indicator
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.disclosure.models import Entry
from lingnan.systems.government.disclosure.publication import due


def in_time(on: date) -> Mapping[str, Figure]:
    """Of what was published in the 365 days up to a day, how much was within the limit."""
    rows = Entry.objects.filter(
        ended=False,
        state="published",
        published_on__gt=on - timedelta(days=365),
        published_on__lte=on,
    ).values_list("division", "made_on", "published_on")
    every: Counter[str] = Counter()
    prompt: Counter[str] = Counter()
    last_days: dict[date, date] = {}
    for division, made_on, published_on in rows.iterator():
        assert published_on is not None  # by the filter
        if made_on not in last_days:
            last_days[made_on] = due(made_on)
        every[division] += 1
        prompt[division] += published_on <= last_days[made_on]
    return {division: Figure(prompt[division], count) for division, count in every.items()}


INDICATORS = [
    Indicator(
        code="disclosure_in_time",
        title=Title("按期主动公开率", "Information published in time"),
        definition=Title(
            "最近365天主动公开的政府信息中，自形成或者变更之日起20个工作日内公开的比例。",
            "Of the information published in the last 365 days: how much within 20 working days "
            "of the day on which it was made or changed.",
        ),
        unit="percent",
        numerator=Counted(
            Title("20个工作日内公开的信息", "Published within 20 working days"),
            Title("政府信息公开目录", "Catalogue of government information"),
        ),
        denominator=Counted(
            Title("主动公开的信息", "Published information"),
            Title("政府信息公开目录", "Catalogue of government information"),
        ),
        compute=in_time,
    )
]
