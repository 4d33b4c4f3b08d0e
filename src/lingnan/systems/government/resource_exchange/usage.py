"""Who used what, from the evidence: counted by body and purpose, never by whom it was about."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lingnan.kernel.exchange.api import Resource, wishes
from lingnan.kernel.trust.api import Actor, node_evidence
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.resource_exchange import listing

DAYS = 30
ROWS = 100
# Beyond this the newest are counted, and the page says so.
LIMIT = 100_000


ABOUT, FIGURES = ("exchange.read", "exchange.set"), "exchange.counted"


@dataclass(frozen=True)
class Uses:
    """How often something was used: by (consuming body, purpose). A use about many and a table of
    figures are one use each; `about`: those about somebody, without the figures."""

    counts: Counter[tuple[str, ...]]
    about: Counter[tuple[str, ...]]

    @property
    def total(self) -> int:
        return self.counts.total()

    def by_purpose(self) -> list[tuple[str, int]]:
        found: Counter[str] = Counter()
        for (_consumer, purpose), number in self.counts.items():
            found[purpose] += number
        return sorted(found.items(), key=lambda row: (-row[1], row[0]))


def may_see(actor: Actor | None, resource: Resource) -> bool:
    """An operator sees who used anything; a data officer, who used what his bodies hold."""
    if actor is None or actor.kind != "official":
        return False
    if actor.role == "operator":
        return True
    return actor.role == "data_officer" and wishes.holds(actor, resource)


def of(resource: Resource) -> Uses:
    """The uses of a resource over the last days of system time. Raises EvidenceUnavailable."""
    since = (timezone.now() - timedelta(days=DAYS)).astimezone(UTC)
    said, by = {"resource": resource.code}, ["consumer", "purpose"]
    at, reader = since.isoformat(timespec="microseconds"), node_evidence.reader()
    found = {kind: reader.tally(kind, said, by, at, LIMIT) for kind in (*ABOUT, FIGURES)}
    about = Counter[tuple[str, ...]]()
    for kind in ABOUT:
        about.update(found[kind])
    return Uses(about + found[FIGURES], about)


def together(uses: Iterable[Uses]) -> Uses:
    total, about = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for one in uses:
        total.update(one.counts)
        about.update(one.about)
    return Uses(total, about)


def words(number: int) -> str:
    return ngettext("%(n)s use", "%(n)s uses", number) % {"n": f"{number:,}"}


def chart(uses: Uses) -> ui.BarChart:
    """Uses by purpose (at least one); the title states the finding."""
    titles = listing.purposes()
    rows = [
        ui.ChartRow(titles.get(purpose, purpose), number, words(number))
        for purpose, number in uses.by_purpose()
    ]
    note = _("Counted by system time from the evidence; the same person may be counted often. "
             "A use about many at once and a table of figures are one use each.")  # fmt: skip
    if uses.total >= LIMIT:
        note = _("Only the newest uses are counted.") + " " + note
    return ui.BarChart(
        _finding(uses, titles),
        rows,
        label_title=_("For what"),
        value_title=_("Uses"),
        note=note,
    )


def _finding(uses: Uses, titles: Mapping[str, str]) -> str:
    purpose, number = uses.by_purpose()[0]
    most = titles.get(purpose, purpose)
    return _("%(uses)s in the last %(days)s days, %(share)s%% of them for “%(most)s”") % {
        "uses": words(uses.total),
        "days": DAYS,
        "share": round(100 * number / uses.total),
        "most": most,
    }


def table(uses: Uses, names: Mapping[str, str]) -> ui.Table:
    """Uses by consuming body and purpose, most first."""
    titles = listing.purposes()
    rows = sorted(uses.counts.items(), key=lambda row: (-row[1], row[0]))[:ROWS]
    return ui.Table(
        [
            ui.Column("consumer", _("Who used it")),
            ui.Column("purpose", _("For what")),
            ui.Column("uses", _("Uses"), numeric=True),
        ],
        [
            {
                "consumer": names.get(consumer, consumer),
                "purpose": titles.get(purpose, purpose),
                "uses": number,
            }
            for (consumer, purpose), number in rows
        ],
        _("Who used it"),
        ui.Empty(_("Nobody used it in the last %(days)s days") % {"days": DAYS}),
        caption_hidden=True,
    )
