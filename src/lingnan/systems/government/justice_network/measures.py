"""Compulsory measures (强制措施) and the clocks that run with each."""

from datetime import datetime

from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import Body
from lingnan.systems.government.justice_network import clocking, ledger
from lingnan.systems.government.justice_network.ledger import Hand, NotPossible
from lingnan.systems.government.justice_network.models import (
    Case,
    Measure,
    MeasureEnd,
    Suspect,
    Term,
)

LAW = "《刑事诉讼法》（2018-10-26）"
BASES = {
    "summons": LAW + "第一百一十九条",
    "detention": LAW + "第八十二条、第八十五条",
    "arrest": LAW + "第八十一条、第九十三条",
    "bail": LAW + "第六十七条",
    "residence": LAW + "第七十四条",
}
# Which bodies may decide a measure: Art. 66, 80, 82.
DECIDES = {
    "police": ("summons", "detention", "arrest", "bail", "residence"),
    "procuratorate": ("bail", "residence"),
    "court": ("arrest", "bail", "residence"),
}
STARTS = {
    "summons": ("summons",),
    "detention": ("detention", "to_house", "family", "interrogation"),
    "arrest": ("custody", "family", "interrogation"),
    "bail": ("bail",),
    "residence": ("residence",),
}
DUTIES = ("to_house", "family", "interrogation", "counsel", "victims", "report", "to_prison")
# Clocks that end with the measure, and duties that it leaves to be done.
BOUND = ("summons", "detention", "custody", "bail", "residence")


def open_measures(suspect: Suspect) -> list[Measure]:
    return list(Measure.objects.filter(suspect=suspect, end=None).order_by("key"))


def kinds_open(function: str, case: Case) -> tuple[str, ...]:
    """The measures that a body may take now; the police arrest whom an arrest was approved for."""
    kinds = DECIDES.get(function, ())
    if function == "police" and "approve_arrest" not in ledger.done(case):
        kinds = tuple(one for one in kinds if one != "arrest")
    return kinds


def take(
    suspect: Suspect, kind: str, hand: Hand, started_at: datetime, place: str, reason: str,
    designated: bool = False,
) -> Measure:  # fmt: skip
    """Take a measure; it takes the place of the person's present one. Raises NotPossible.

    `designated`: residential surveillance at a designated place, of which the family is told
    (Art. 75).
    """
    case = suspect.case
    function = Body.objects.get(code=hand.who.body).function
    if kind not in kinds_open(function, case):
        raise NotPossible("measure")
    if started_at > hand.at or started_at < case.opened_at:
        raise NotPossible("moment")
    if any(one.kind == kind for one in open_measures(suspect)):
        raise NotPossible("measure_runs")
    told = {"person": suspect.number, "measure": kind, "from": started_at.isoformat()}
    ledger.witness("measure_taken", case, hand, told | {"basis": BASES[kind]})
    for before in open_measures(suspect):
        _end(before, hand, "changed", started_at)
    measure = Measure.objects.create(
        key=keys.new_key(), suspect=suspect, kind=kind, basis=BASES[kind], place=place,
        reason=reason, body=hand.who.body, by=hand.by, started_at=started_at,
    )  # fmt: skip
    ledger.enter(case, f"measure_{kind}", ledger.stage_of(case), hand, reason, told)
    for code in _clocks(suspect, kind, designated, function):
        clocking.start(case, code, hand.who.body, started_at, hand, suspect, measure)
    clocking.renew_all(case)
    return measure


def _clocks(suspect: Suspect, kind: str, designated: bool, function: str) -> list[str]:
    codes = list(STARTS[kind])
    if kind == "residence" and designated:
        codes.append("family")
    # Art. 160: custody is counted from the day on which it is known who the person is.
    unknown = suspect.unknown and not identified(suspect)
    # What a court decides is counted by its own clock.
    if "custody" in codes and (unknown or function != "police"):
        codes.remove("custody")
    return codes


def identified(suspect: Suspect) -> bool:
    rows = suspect.case.events.filter(kind="identity_found")
    return any(one.told.get("person") == suspect.number for one in rows)


def lift(measure: Measure, hand: Hand, why: str) -> None:
    """Release, or end bail or surveillance. Raises NotPossible where it has ended already."""
    if MeasureEnd.objects.filter(measure=measure).exists():
        raise NotPossible("measure")
    case = measure.suspect.case
    told = {"person": measure.suspect.number, "measure": measure.kind}
    ledger.witness("measure_ended", case, hand, told | {"why": why})
    _end(measure, hand, why, hand.at)
    ledger.enter(case, f"ended_{measure.kind}", ledger.stage_of(case), hand, why, told)
    clocking.renew_all(case)


def _end(measure: Measure, hand: Hand, why: str, at: datetime) -> None:
    MeasureEnd.objects.create(measure=measure, why=why[:300], by=hand.by, at=at)
    for term in Term.objects.filter(measure=measure, rule__in=BOUND).select_related("case"):
        if clocking.read(term).ended is None:
            clocking.add(term, "ended", hand, text=why[:600])


def free(case: Case, hand: Hand, why: str) -> None:
    """The case has ended: so do all measures that were taken in it."""
    for suspect in case.suspects.all():
        for measure in open_measures(suspect):
            _end(measure, hand, why, hand.at)


def restart(suspect: Suspect, hand: Hand, found_at: datetime, text: str) -> None:
    """Art. 160: another serious crime was found; custody is counted anew from that day."""
    _again(suspect, hand, found_at, text, "new_crime", need_running=True)


def identify(suspect: Suspect, hand: Hand, found_at: datetime, name: str) -> None:
    """Art. 160: it is known who the person is; custody is counted from that day."""
    if not suspect.unknown or identified(suspect):
        raise NotPossible("identity")
    _again(suspect, hand, found_at, name, "identity_found", need_running=False)


def _again(
    suspect: Suspect, hand: Hand, found_at: datetime, text: str, kind: str, need_running: bool
) -> None:
    case = suspect.case
    if ledger.stage_of(case) not in ("investigation", "supplementary") or found_at > hand.at:
        raise NotPossible("moment")
    arrest = next((one for one in open_measures(suspect) if one.kind == "arrest"), None)
    now = [one for one in clocking.running(case, ("custody",)) if one.suspect == suspect]
    if need_running and (arrest is None or not now or clocking.read(now[0]).due <= hand.at):
        raise NotPossible("clock")
    if arrest is not None and found_at < arrest.started_at:
        raise NotPossible("moment")
    told = {"person": suspect.number, "from": found_at.isoformat()}
    ledger.witness(kind, case, hand, told | {"said": text})
    ledger.enter(case, kind, ledger.stage_of(case), hand, text, told)
    for term in now:
        clocking.add(term, "ended", hand, text=text[:600])
    if arrest is not None:
        clocking.start(case, "custody", hand.who.body, found_at, hand, suspect, arrest)
