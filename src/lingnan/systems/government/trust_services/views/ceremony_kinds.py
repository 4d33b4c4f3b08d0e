"""The ceremonies that revoke an authority and that make the next root: what they ask and tell."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.trust.api import Actor, key_authorities
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.trust_services.acts import revoking, roots
from lingnan.systems.government.trust_services.models import KeyCeremony
from lingnan.systems.government.trust_services.views import wording

OCCASION = 400


def forms(said: ui.Answers) -> list[ui.Form]:
    """By which a custodian of the province begins either."""
    return [_revocation(said), _root(said)]


def _revocation(said: ui.Answers) -> ui.Form:
    mine = said.act == "revoke"
    labels = [ui.Option(one, _called(one)) for one in revoking.may_be_revoked()]
    reasons = [ui.Option(r.value, wording.revoked_because(r.value)) for r in revoking.REASONS]
    fields = [
        field(said, mine, "authority", _("Which authority"), "select", labels),
        field(said, mine, "why", _("Why it is revoked"), "radio", reasons),
        _occasion(said, mine),
    ]
    note = _("The next page says what will be void. Nothing is done until the second custodian"
             " confirms.")  # fmt: skip
    return ui.Form(fields, _("Begin the revocation"), _("Revoke an authority"), "revoke", note)


def _root(said: ui.Answers) -> ui.Form:
    mine = said.act == "root"
    own = [one for one in key_authorities.labels() if key_authorities.is_root(one)]
    newest = sorted({key_authorities.newest(key_authorities.family(one)) for one in own})
    labels = [ui.Option(one, _called(one)) for one in newest]
    fields = [field(said, mine, "authority", _("After which root"), "select", labels),
              _occasion(said, mine)]  # fmt: skip
    note = _("It takes two custodians and a witness, a certificate officer of the province. The"
             " former root holds until it ends, and each certifies the other.")  # fmt: skip
    return ui.Form(fields, _("Begin the ceremony of the root"), _("Make the next root"), "root",
                   note)  # fmt: skip


def _occasion(said: ui.Answers, mine: bool) -> ui.FieldView:
    return field(said, mine, "reason", _("Occasion"), "textarea", [])


def field(
    said: ui.Answers, mine: bool, name: str, label: str, kind: ui.FieldKind,
    options: list[ui.Option],
) -> ui.FieldView:  # fmt: skip
    """A question of one of the page's forms: what was typed belongs to the form that was sent."""
    more: dict[str, Any] = {"kind": kind, "options": options, "width": "full"}
    if kind == "textarea":
        more = {"kind": kind, "maxlength": OCCASION, "rows": 3}
    if mine:
        return said.field(name, label, **more)
    return ui.FieldView(name, label, **more)


def _called(label: str) -> str:
    own = key_authorities.issuer(label).certificate
    return f"{own.subject.native['common_name']} · {label}"


def begun(who: Actor, said: ui.Answers) -> KeyCeremony | None:
    """Begin what was asked for; None where something has to be put right. Raises `Refused`."""
    own, reason = said["authority"], said.text("reason", OCCASION)
    if said.act == "revoke":
        said.chosen("authority", revoking.may_be_revoked())
        why = said.chosen("why", [one.value for one in revoking.REASONS])
        return revoking.begin(own, why, reason, who) if said.good else None
    said.chosen("authority", [one for one in key_authorities.labels()
                              if key_authorities.is_root(one)])  # fmt: skip
    return roots.begin(own, reason, who) if said.good else None


def told(found: KeyCeremony) -> list[Any]:
    """What will come of it, before it is done; and afterwards what came."""
    if found.kind != "revoke" or found.state == "cancelled":
        return []
    if found.state == "done":
        words = _("Void certificates: %(count)s") % {"count": f"{found.void:,}"}
        text = _("Lists and status answers say so. Whoever applied for one was told to apply anew.")
        return [ui.Notice("late", words, text)]
    counted = revoking.consequences(found.label)
    items = [
        ui.Item(wording.profile(profile), f"{number:,}")
        for profile, number in sorted(counted.items())
    ]
    items.append(ui.Item(_("Sealed documents"), _seals(found)))
    items.append(ui.Item(pgettext("key ceremony", "Successor"), _successor(found)))
    note = _(
        "These certificates are void from the moment of the confirmation. It cannot be undone."
    )
    return [ui.Panel(_("What will be void"), items, note)]


def _seals(found: KeyCeremony) -> str:
    if found.why == revoking.Reason.AUTHORITY_COMPROMISE.value and revoking.certifies_time(
        found.label
    ):
        return _("None stays proven: the time-stamps are certified by this authority, too.")
    return _("Those with a time-stamp from before stay genuine; those without do not where the"
             " key may be in other hands.")  # fmt: skip


def _successor(found: KeyCeremony) -> str:
    newest = key_authorities.newest(key_authorities.family(found.label))
    if newest != found.label:
        return newest
    return _("is made with the confirmation")


def steps(found: KeyCeremony) -> list[ui.Step]:
    """The witness of a root, after the custodians."""
    if found.kind != "root" or found.state == "cancelled":
        return []
    done = found.state == "done"
    words = (
        _("The witness confirmed; the root was made and linked with the former one")
        if done
        else _("The witness confirms")
    )
    at = wording.moment(found.witnessed_at) if found.witnessed_at else ""
    state: ui.StepState = (
        "done" if done else "now" if found.state in ("confirmed", "making") else "next"
    )
    return [ui.Step(words, at, found.witness_name, state)]
