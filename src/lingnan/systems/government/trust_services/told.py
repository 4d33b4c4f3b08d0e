"""What happens when a holder of a certificate dies, is called otherwise, or ceases to be.

Told over the exchange. The certificates are suspended at once; an officer decides what becomes of
them (《电子签名法》 Art. 22: what a certificate says stays true while it is valid).
"""

from lingnan.kernel.duty.api import Task, messages, tasks
from lingnan.kernel.exchange.api import Told
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import key_certificates
from lingnan.systems.government.trust_services import owned
from lingnan.systems.government.trust_services.acts import applying, states
from lingnan.systems.government.trust_services.models import CertificateApplication

BY = "told over the exchange"
TITLE = Title(
    "证书持有人情况变动，决定证书去留", "A holder has changed: decide about the certificate"
)
DEATH = Title("持有人死亡登记", "the holder's death was registered")
NAME = Title("持有人姓名或者名称变更", "the holder's name was changed")
ENDED = Title("企业不再由申请人经营或者代表", "the firm is the applicant's no more")


def told(change: Told) -> None:
    """Suspend what was issued on the application; what does not concern it changes nothing."""
    made = CertificateApplication.objects.filter(number=change.reference, state="issued").first()
    why = concerns(made, change) if made is not None else None
    if made is None or why is None:
        return
    rows = key_certificates.rows().filter(serial__in=[made.serial, made.encryption_serial])
    held = [row for row in rows if row.state == "good"]
    for row in held:
        key_certificates.set_state(row.serial, "suspended", key_certificates.Reason.SUSPENDED, BY)
    if not held and not rows.exclude(state="revoked").exists():
        return
    if Task.objects.filter(reference=made.number, code=states.CHANGED, done_at=None).exists():
        return
    tasks.open_task(made.number, states.CHANGED, TITLE, f"{made.name} · {why.zh}", made.handler,
                    applying.OFFICER, f"/desk/certification/register/{made.serial}/")  # fmt: skip
    if why is not DEATH:
        text = Title(f"{made.name}：{why.zh}。请与证书管理员联系。",
                     f"{made.name}: {why.en}. Please get in touch with an officer.")  # fmt: skip
        link = f"/certification/mine/{made.number}/"
        messages.send(made.applicant, states.TITLES["suspend"], text, link)


def concerns(made: CertificateApplication, change: Told) -> Title | None:
    """Why a change puts a certificate in doubt; None where it does not."""
    if change.resource == owned.EVENTS:
        kind = change.elements.get("life_event.kind", (None, None))[1]
        if kind == "death":
            return DEATH
        return NAME if kind == "name" and made.kind == "resident" else None
    if made.kind != "firm" or change.resource not in owned.ASKED:
        return None
    name, code = owned.ASKED[change.resource]
    if change.elements.get(code, (None, None))[0] == made.organisation_code:
        return ENDED
    was, now = change.elements.get(name, (None, None))
    return NAME if was == made.name and now not in (None, was) else None
