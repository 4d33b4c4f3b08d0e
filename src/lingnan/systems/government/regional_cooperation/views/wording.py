"""Words and chips of regional cooperation."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.exchange.api import partners
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.ui import api as ui

HERE = "/desk/cooperation/"
SILENT_HOURS, SOON_DAYS = 1, 30


def link(one: partners.Arrangement) -> str:
    return f"{HERE}arrangements/{one.number}/"


def place(instance: str, known: dict[str, Title]) -> str:
    return str(known.get(instance, instance))


def titled(said: dict[str, str] | object) -> str:
    """A title of a document in the reader's language."""
    assert isinstance(said, dict)
    return str(Title(said["zh"], said["en"]))


def state(one: partners.Arrangement) -> ui.Chip:
    words = dict(partners.Arrangement.STATES)
    if one.state == "in_force":
        said = partners.documents.read(one.document)
        today = legal_time.today()
        if one.held_here or one.held_there:
            return ui.Chip("warn", pgettext("arrangement", "suspended"))
        if said.until < today.isoformat():
            return ui.Chip("soft", pgettext("arrangement", "expired"))
        if said.since > today.isoformat():
            return ui.Chip("info", pgettext("arrangement", "not yet in force"))
        return ui.Chip("ok", words["in_force"])
    kinds: dict[str, ui.Kind] = {"draft": "soft", "declined": "soft", "over": "soft"}
    return ui.Chip(kinds.get(one.state, "info"), words[one.state])


def reach(partner: partners.Partner) -> ui.Cell:
    """Whether its directory was heard lately, and until when that is good."""
    heard = partners.Heard.objects.filter(instance=partner.instance).first()
    known = partners.directories.known(partner)
    now = datetime.now(UTC)
    if known is None or known.expires <= now:
        chip = ui.Chip("late", _("directory expired: nothing is exchanged"))
    elif heard is not None and heard.problem:
        chip = ui.Chip("warn", _("not reachable"))
    else:
        chip = ui.Chip("ok", _("reachable"))
    if known is None:
        return ui.Cell(chip)
    note = _("directory no. %(n)s of %(issued)s, good until %(until)s") % {
        "n": known.version, "issued": ui.legal_datetime(known.issued),
        "until": ui.legal_datetime(known.expires),
    }  # fmt: skip
    return ui.Cell(chip, note)


def law_of(kind: str) -> str:
    """What follows from how the two stand to each other."""
    texts = {
        "province": _("Another province is no other territory: data of persons go by law or "
                      "consent, as within the province."),
        "region": _("Beyond the mainland's border: data of persons need a security assessment and "
                    "each person's separate consent (Personal Information Protection Law, "
                    "Arts. 36 and 39)."),
        "abroad": _("Another state: as beyond the border, and nothing goes to its courts, "
                    "prosecutors or police without the competent authority's approval (Data "
                    "Security Law, Art. 36)."),
    }  # fmt: skip
    return texts[kind]


def refusal(why: str) -> str:
    texts = {
        "same": _("Who wrote or reviewed it does not sign it: another person does."),
        "state": _("It stands otherwise by now, or the exchange with that side has ended."),
        "partner": _("There is no exchange with that side."),
    }
    return texts[why]
