"""A node's process that issues, is killed, finds its disk full, and reconciles: run as a program.

Its first argument says what it does; each answer is a line on its output. `LINGNAN_DATA` names the
folder of a node of its own.
"""

import os
import resource
import signal
import sys
from contextlib import AbstractContextManager
from typing import Any, NoReturn

import django


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main(what: str) -> None:
    django.setup()
    {"prepare": prepare, "issue": issue, "die": die, "full": full, "reconcile": reconcile}[what]()


def prepare() -> None:
    from django.core.management import call_command

    from lingnan.kernel.trust.certification import authorities

    call_command("migrate", verbosity=0)
    authorities.issuer("issuing-4401")
    say("ready")


def certify(number: int) -> str:
    from lingnan.kernel.trust.certification import authorities, register
    from lingnan.kernel.trust.pki import profiles
    from lingnan.kernel.trust.pki.names import Name

    key = authorities.keys().make(f"cut-{os.getpid()}-{number}")
    made = register.certify(
        "issuing-4401",
        f"holder-{number}",
        Name("某局"),
        key.public,
        profiles.SEAL,
        "tests",
        key.label,
    )
    return f"{made.serial_number:x}"


def issue() -> None:
    """On and on, until somebody kills it."""
    for number in range(10**9):
        say(certify(number))


def die() -> None:
    """Killed between the evidence and the register."""
    from lingnan.kernel.trust.certification import register

    say(certify(0))

    def killed(**said: Any) -> AbstractContextManager[NoReturn]:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    register.action = killed  # type: ignore[assignment]
    certify(1)


def full() -> None:
    """No file may grow: what a full disk does to each write."""
    from lingnan.kernel.trust.certification import authorities
    from lingnan.kernel.trust.models import IssuedCertificate

    say(certify(0))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for number, limit in enumerate((0, 200, 5_000, 100_000), 1):
        before = set(authorities.keys().labels()), IssuedCertificate.objects.count()
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            certify(number)
            said = "issued"
        except Exception as problem:
            said = type(problem).__name__
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        half = [p.name for p in authorities.keys()._folder.glob("*.new")]
        labels = set(authorities.keys().labels())
        for label in labels - before[0]:
            authorities.keys().open(label)
        say(limit, said, IssuedCertificate.objects.count() - before[1], len(half))
    say(certify(9))


def reconcile() -> None:
    from datetime import timedelta

    from lingnan.kernel.trust import node_evidence
    from lingnan.kernel.trust.certification.reconciling import reconcile as compare
    from lingnan.kernel.trust.models import IssuedCertificate

    for serial in compare(timedelta(0)):
        say("lost", serial)
    for serial in compare(timedelta(0)):
        say("again", serial)
    for serial, state in IssuedCertificate.objects.values_list("serial", "state"):
        say(state, serial)
    for entry in node_evidence.reader().entries("key_certificate.issued", limit=10_000):
        say("evidence", (entry.payload or {})["serial"])
    assert not node_evidence.reader().verify()


if __name__ == "__main__":
    main(sys.argv[1])
