"""One officer checks who applies, another issues (《电子签名法》 Art. 20, 21)."""

from datetime import UTC, datetime

from asn1crypto import x509
from django.db import transaction

from lingnan.kernel.duty.api import Task, messages, tasks
from lingnan.kernel.runtime.api import Title, action
from lingnan.kernel.trust.api import (
    Account,
    Actor,
    Algorithm,
    Body,
    Holding,
    Name,
    key_authorities,
    key_certificates,
    key_profiles,
    key_requests,
)
from lingnan.systems.government.trust_services import owned
from lingnan.systems.government.trust_services.acts.applying import (
    CHECK,
    ISSUE,
    OFFICER,
    PROFILES,
    open_task,
)
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.models import CertificateApplication


def check(made: CertificateApplication, who: Actor, found: str) -> None:
    """The identity is checked; says what was found. Raises `Refused`, duty's `TaskGone`."""
    _mine(made, who, "filed")
    with transaction.atomic():
        tasks.finish(_task(made, CHECK), who, "checked")
        with action(by=who.signature, reason="identity checked") as act:
            act.change(
                made, state="checked", checked_by=who.account, checked_name=who.name, found=found
            )
        open_task(made, ISSUE)


def refuse(made: CertificateApplication, who: Actor, reason: str) -> None:
    """Either officer refuses, with the reason. Raises as `check`."""
    _mine(made, who, made.state if made.state in made.OPEN else "filed")
    with transaction.atomic():
        tasks.finish(_task(made, CHECK if made.state == "filed" else ISSUE), who, "refused")
        with action(by=who.signature, reason=reason) as act:
            act.change(made, state="refused", refusal=reason)
        _tell(made, Title("证书申请未获批准", "Your application was refused"), reason)


def issue(made: CertificateApplication, who: Actor) -> CertificateApplication:
    """Another officer issues. Raises `Refused`, `TaskGone`, `KeyStoreUnavailable`.

    The certificates and the application change together: a process that ends in between leaves
    evidence of certificates that nobody has, which reconciling revokes.
    """
    _mine(made, who, "checked")
    if made.checked_by == who.account:
        raise Refused("same")
    _still_there(made)
    algorithm = Algorithm.SM2 if made.algorithm == "sm2" else Algorithm.P256
    authority = key_authorities.label_for(made.division, algorithm)
    with transaction.atomic():
        tasks.finish(_task(made, ISSUE), who, "issued")
        # The encryption key first: where its store is full, nothing has been signed yet.
        other = _encryption(made, authority, algorithm, who) if made.encryption else None
        signing = _signing(made, authority, algorithm, who)
        with action(by=who.signature, reason="certificate issued") as act:
            done = act.change(
                made,
                state="issued",
                followed=_followed(made),
                issued_name=who.name,
                serial=f"{signing.serial_number:x}",
                encryption_serial=f"{other.serial_number:x}" if other else "",
            )
        words = "请到“我的数字证书”下载。"
        _tell(done, Title("数字证书已签发", "Your certificate is issued"), words)
    return done


def _signing(
    made: CertificateApplication, authority: str, algorithm: Algorithm, who: Actor
) -> x509.Certificate:
    label = ""
    if made.own_key:
        public = key_requests.read(made.request.encode()).key
    else:
        label = _label(made, "system")
        public = key_authorities.keys().make(label, algorithm).public
    return key_certificates.certify(
        authority, made.holder, _name(made), public, PROFILES[made.kind], who.signature,
        label, made.host_names, made.days,
    )  # fmt: skip


def _encryption(
    made: CertificateApplication, authority: str, algorithm: Algorithm, who: Actor
) -> x509.Certificate:
    """The second of the pair: its key is made and kept by the key-management centre."""
    label = _label(made, "encryption")
    public = key_authorities.escrow().make(label, algorithm).public
    profile = key_profiles.ENCRYPTION
    if algorithm is Algorithm.SM2:
        profile = key_profiles.ENCRYPTION_SM2
    return key_certificates.certify(
        authority, made.holder, _name(made), public, profile, who.signature, label, (), made.days
    )


def _label(made: CertificateApplication, kind: str) -> str:
    return f"{kind}-{made.number}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"


def _followed(made: CertificateApplication) -> bool:
    if made.kind not in ("resident", "firm"):
        return False
    subject = Account.objects.values_list("subject", flat=True).get(key=made.applicant)
    return owned.follow_holder(subject, made.number, firm=made.kind == "firm")


def _name(made: CertificateApplication) -> Name:
    person = made.kind in ("official", "resident")
    mark = made.holder.removeprefix("official-")[:16] if person else ""
    return Name(made.name, made.organisation, made.organisation_code, serial_number=mark)


def _mine(made: CertificateApplication, who: Actor, state: str) -> None:
    if not who.holds(OFFICER, made.handler):
        raise Refused("not_yours")
    if made.applicant == who.account:
        raise Refused("own")
    if made.state != state:
        raise Refused("done")


def _still_there(made: CertificateApplication) -> None:
    """An official who left the body meanwhile, or a body that ended, gets no certificate; nor does
    somebody whose account is locked."""
    if not Account.objects.filter(key=made.applicant, is_active=True).exists():
        raise Refused("left")
    if made.kind in ("resident", "firm", "node"):
        return
    if not Body.objects.filter(code=made.organisation_code, ended=False).exists():
        raise Refused("left")
    held = Holding.objects.filter(account=made.applicant, body=made.organisation_code, ended=False)
    if not held.exists():
        raise Refused("left")


def _task(made: CertificateApplication, code: str) -> Task:
    found = Task.objects.filter(reference=made.number, code=code).first()
    if found is None:
        raise Refused("done")
    return found


def _tell(made: CertificateApplication, title: Title, words: str) -> None:
    text = Title(f"申请 {made.number}：{words}", f"Application {made.number}: {words}")
    messages.send(made.applicant, title, text, f"/certification/mine/{made.number}/")
