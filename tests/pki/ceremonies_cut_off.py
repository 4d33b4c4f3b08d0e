"""A node's ceremonies, each killed with -9 before each of its durable steps, and gone on with: run
as a program on a folder of its own. Each answer is a line on its output.

`prepare` makes an empty node with a body of the province; `cut CEREMONY` restores it for
each step, does the ceremony in a process that kills itself there, and looks at what stands in
another, which then goes on with it or begins anew.
"""

import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

from tests.pki.cut_off import say

FIRST, SECOND, WITNESS, OFFICER = 1, 2, 3, 4
NAMES = {FIRST: "甲一", SECOND: "乙二", WITNESS: "丙三", OFFICER: "丁四"}
MOST_STEPS = 40


def main(what: str, ceremony: str = "") -> None:
    django.setup()
    if what == "prepare":
        prepare()
    else:
        cut(ceremony)


def prepare() -> None:
    from django.core.management import call_command

    from lingnan.kernel.runtime.api import action
    from lingnan.kernel.trust.api import Body, key_authorities, key_reconciling, node_seals

    call_command("migrate", verbosity=0)
    with action(by="tests", reason="founded") as act:
        body = act.create(
            Body, code="gd-data", name_zh="省数据局", name_en="Data", tier="province",
            division="440000", function="data",
        )  # fmt: skip
    key_authorities.issuer("issuing-4401")
    node_seals.key_of(body)
    key_reconciling.enter_authorities()
    say("ready")


def actor(account: int) -> Any:
    from lingnan.kernel.trust.api import Actor

    role = "key_custodian" if account in (FIRST, SECOND) else "certificate_officer"
    return Actor(account, NAMES[account], "official", body="gd-data", division="440000",
                 function="data", role=role)  # fmt: skip


# --- what is done, from where it stands; each may be called again ---------------------------------


def found(kind: str) -> Any:
    from lingnan.systems.government.trust_services.models import KeyCeremony

    return KeyCeremony.objects.filter(kind=kind, state__in=KeyCeremony.UNDER_WAY).first()


def renew() -> None:
    from lingnan.systems.government.trust_services.acts import ceremonies

    made = found("renew") or ceremonies.begin("issuing-4401", "到期", actor(FIRST))
    ceremonies.confirm(made, actor(SECOND))


def revoke() -> None:
    from lingnan.systems.government.trust_services.acts import revoking

    made = found("revoke") or revoking.begin("issuing-4401", "ca_compromise", "遗失", actor(FIRST))
    revoking.confirm(made, actor(SECOND))


def root() -> None:
    from lingnan.systems.government.trust_services.acts import roots

    made = found("root") or roots.begin("root", "到期", actor(FIRST))
    if made.state == "begun":
        made = roots.confirm(made, actor(SECOND))
    roots.witness(made, actor(WITNESS))


def first() -> None:
    """Root and authority of the SM2 hierarchy, at first need."""
    from lingnan.kernel.trust.api import key_authorities, key_reconciling

    key_authorities.issuer("sm2-issuing-44")
    key_reconciling.enter_authorities()


def minutes() -> None:
    """Of a ceremony that is done."""
    from lingnan.systems.government.trust_services import minutes as sealed
    from lingnan.systems.government.trust_services.models import KeyCeremony

    sealed.of(KeyCeremony.objects.get(kind="renew", state="done"), "tests")


def recovery() -> None:
    """A key of a pair, asked for by an officer, approved by two and handed over."""
    from lingnan.kernel.trust.api import IssuedCertificate
    from lingnan.kernel.trust.keystore import escrow
    from lingnan.systems.government.trust_services.acts import recovering
    from lingnan.systems.government.trust_services.models import KeyRecovery

    row = IssuedCertificate.objects.filter(profile="encryption").first() or pair()
    open_ = KeyRecovery.objects.exclude(state__in=("handed", "refused")).first()
    made = open_ or recovering.ask(row.serial, "遗失", "依据", actor(OFFICER))
    if made.state == "asked":
        made = recovering.approve(made, actor(FIRST))
    if made.state == "approved_once":
        made = recovering.approve(made, actor(SECOND))
    assert recovering.hand_over(made, actor(OFFICER), escrow.passphrase())


def pair() -> Any:
    """An encryption certificate whose key is in escrow."""
    from lingnan.kernel.trust.api import IssuedCertificate, key_authorities
    from lingnan.kernel.trust.certification import register
    from lingnan.kernel.trust.pki import profiles
    from lingnan.kernel.trust.pki.names import Name

    label = f"pair-{os.getpid()}"
    public = key_authorities.escrow().make(label).public
    made = register.certify("issuing-4401", "holder", Name("某某"), public, profiles.ENCRYPTION,
                            "tests", label)  # fmt: skip
    return IssuedCertificate.objects.get(serial=f"{made.serial_number:x}")


CEREMONIES: dict[str, Callable[[], None]] = {
    "renew": renew, "revoke": revoke, "root": root, "first": first, "minutes": minutes,
    "recovery": recovery,
}  # fmt: skip


# --- killed, looked at, gone on with --------------------------------------------------------------


def cut(ceremony: str) -> None:
    """Before the first durable step, the second …, until it comes to its end."""
    from django.conf import settings

    preload()
    if ceremony == "minutes":
        # The ceremony itself is cut off elsewhere.
        assert forked(renew) == 0
    data = Path(settings.DATA)
    kept = data.with_name("kept")
    data.rename(kept)
    for step in range(1, MOST_STEPS):
        shutil.copytree(kept, data)
        code = forked(lambda number=step: killed_before(number, CEREMONIES[ceremony]))
        assert code in (0, -signal.SIGKILL), f"step {step}: {code}"
        assert forked(lambda: look(ceremony)) == 0, f"what stood after step {step}"
        if code == 0:
            say("steps", step - 1)
            return
        assert forked(lambda: go_on(ceremony)) == 0, f"going on after step {step}"
        shutil.rmtree(data)
    raise AssertionError("it comes to no end")


def preload() -> None:
    """What each process needs is read once, before they part; of it the pages, which the minutes
    name an address of."""
    from django.urls import reverse

    import lingnan.kernel.content.certificates.api
    import lingnan.kernel.trust.certification.reconciling
    import lingnan.kernel.trust.node_seals
    import lingnan.systems.government.trust_services.acts.recovering
    import lingnan.systems.government.trust_services.acts.revoking
    import lingnan.systems.government.trust_services.acts.roots
    import lingnan.systems.government.trust_services.minutes  # noqa: F401

    reverse("verify")


def forked(work: Callable[[], None]) -> int:
    """A process of its own; how it ended."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
            sys.stdout.flush()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed_before(step: int, work: Callable[[], None]) -> None:
    """Durable are: an entry of the evidence, a file put into its place, a commit."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    from lingnan.kernel.trust import node_evidence

    left = [step]

    def counted(real: Any) -> Any:
        def called(*args: Any, **more: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **more)

        return called

    node_evidence.write = counted(node_evidence.write)
    Path.replace = counted(Path.replace)  # type: ignore[method-assign]
    BaseDatabaseWrapper.commit = counted(BaseDatabaseWrapper.commit)  # type: ignore[method-assign]
    work()


def look(ceremony: str) -> None:
    """Nothing stands half: each authority opens, with its key, under a root, and is told."""
    from lingnan.kernel.trust.api import key_authorities, key_links, node_evidence
    from lingnan.systems.government.trust_services.models import KeyCeremony

    reader = node_evidence.reader()
    told = {
        (one.payload or {})["serial"]
        for one in reader.of_kinds(("authority.made", "authority.linked"), limit=1_000)
    }
    for label in key_authorities.labels():
        chain = key_authorities.chain(label)
        assert f"{chain[0].serial_number:x}" in told, f"{label} is not in the evidence"
    for name in key_links.names():
        assert f"{key_links.certificate(name).serial_number:x}" in told, name
    for made in KeyCeremony.objects.exclude(kind="revoke"):
        if made.state in ("begun", "confirmed"):
            assert made.label not in key_authorities.labels(), "made before it was confirmed"
    assert not reader.verify()
    say("stood", ceremony)


def go_on(ceremony: str) -> None:
    """From where it stands to its end; then all of it is there, once."""
    from lingnan.kernel.trust.api import IssuedCertificate, key_authorities, node_evidence
    from lingnan.kernel.trust.certification import reconciling
    from lingnan.systems.government.trust_services.models import KeyCeremony

    CEREMONIES[ceremony]()
    look(ceremony)
    assert not KeyCeremony.objects.filter(state__in=KeyCeremony.UNDER_WAY).exists()
    rows = set(IssuedCertificate.objects.values_list("serial", flat=True))
    for label in key_authorities.labels():
        assert f"{key_authorities.issuer(label).certificate.serial_number:x}" in rows, label
    made = [
        (one.payload or {})["label"]
        for one in node_evidence.reader().entries("authority.made", limit=1_000)
    ]
    assert len(made) == len(set(made)), "one certificate for each authority"
    lost = reconciling.reconcile(timedelta(0))
    assert set(IssuedCertificate.objects.values_list("serial", flat=True)) == rows | set(lost)
    ended(ceremony)


def ended(ceremony: str) -> None:
    """What each is for."""
    from lingnan.kernel.trust.api import key_authorities, key_certificates, key_links, node_seals
    from lingnan.systems.government.trust_services.models import (
        CeremonyMinutes,
        KeyCeremony,
        KeyRecovery,
    )

    labels = key_authorities.labels()
    if ceremony in ("renew", "revoke", "minutes"):
        assert "issuing-4401-g2" in labels and "issuing-4401-g3" not in labels
    if ceremony == "revoke":
        assert set(key_certificates.revoked_authorities()) == {"issuing-4401"}
        assert KeyCeremony.objects.get(kind="revoke").successor == "issuing-4401-g2"
    if ceremony == "root":
        assert "root-g2" in labels and "root-g3" not in labels and len(key_links.names()) == 2
    if ceremony == "first":
        assert {"sm2-root", "sm2-issuing-44"} <= set(labels)
    if ceremony == "minutes":
        assert node_seals.verify(bytes(CeremonyMinutes.objects.get().pdf)).problem is None
    if ceremony == "recovery":
        assert KeyRecovery.objects.filter(state="handed").exists()
    say("ended", ceremony)


if __name__ == "__main__":
    main(*sys.argv[1:])
