"""Check a sealed PDF or OFD document, an evidence bundle (.asice) or a power to act for another
(.json): offline, without a node.

Who vouches in the end is the root: give the one that you were handed (`--root`; for an OFD document
that of SM2), or the node's own is taken from its data folder. Exit status: 0 genuine, 1 not
genuine, 2 cannot be read, or no root. docs/operating/verifying.md says how to repeat each step
with other programs.
"""

import argparse
import sys
from pathlib import Path

import django
from asn1crypto import pem, x509
from django.conf import settings
from django.utils import translation

import lingnan.kernel.trust
from lingnan.kernel.trust.acting import checking as powers
from lingnan.kernel.trust.bundles.api import verify_bundle
from lingnan.kernel.trust.ofd.api import is_ofd, verify_ofd
from lingnan.kernel.trust.pki import links
from lingnan.kernel.trust.seal.api import Check, verify_pdf
from lingnan.node.up import data_folder

SIGNS = {"passed": "✓", "failed": "✗", "not_checked": "–"}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
LARGEST = 64 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="a PDF or OFD document, a bundle or a power"
    )
    parser.add_argument(
        "--root", type=Path, action="append", metavar="CERT", help="trusted root (.cer or .pem)"
    )
    parser.add_argument(
        "--link",
        type=Path,
        action="append",
        metavar="CERT",
        default=[],
        help="another root, and that root as a trusted one certifies it: then it is trusted too",
    )
    parser.add_argument("--language", choices=sorted(LANGUAGES), default="zh")
    parser.add_argument("--data", type=Path, default=None, help="data folder of the node")


def run(args: argparse.Namespace) -> int:
    _speak(LANGUAGES[args.language])
    try:
        if args.file.stat().st_size > LARGEST:
            raise OSError("larger than 64 MiB")
        content = args.file.read_bytes()
        roots = [one for path in args.root or _own(args.data) for one in _roots(path)]
        if args.link:
            roots += _linked([one for path in args.link for one in _roots(path)], roots)
    except (OSError, ValueError) as problem:
        print(f"lingnan: {problem}", file=sys.stderr)
        return 2
    # Its words need the settings that stand only now.
    from lingnan.kernel.trust.explaining import explained, summed_up

    checks, genuine, about = _checked(content, roots)
    lines = [args.file.name]
    for one in explained(checks):
        lines.append(f" {SIGNS[one.outcome]} {one.question} {one.words}")
    lines += [f"   {line}" for line in about]
    for line in (*lines, summed_up(genuine, bool(roots))):
        # What a stranger wrote must not move the reader's terminal.
        print("".join(letter if letter.isprintable() else "�" for letter in line))
    unread = checks[0].outcome == "failed" and content[:2] != b"PK"
    return 2 if unread or not roots else int(not genuine)


def _checked(
    content: bytes, roots: list[x509.Certificate]
) -> tuple[tuple[Check, ...], bool, list[str]]:
    """The checks, whether all is well, and what a bundle says, entry by entry."""
    if is_ofd(content):
        found = verify_ofd(content, roots)
        return found.checks, found.genuine, []
    if content[:2] == b"PK":
        bundle = verify_bundle(content, roots)
        shown = [f"{one.seq}  {one.at}  {one.kind}  {one.payload}" for one in bundle.entries]
        return bundle.checks, bundle.genuine, shown
    if powers.is_text(content):
        power = powers.verify(content, roots)
        return power.checks, power.genuine, _power_says(power)
    report = verify_pdf(content, roots)
    return report.checks, report.problem is None, []


def _power_says(power: powers.Found) -> list[str]:
    """What a genuine power says, in lines; its words need the settings that stand only now."""
    from lingnan.kernel.trust.acting.words import scope

    if power.said is None:
        return []
    said = power.said
    kind = str(said.get("principal_kind", ""))
    whom = f"{said['name']} {said['code']}".strip()
    agent = f"{said['agent_name']} ({said['agent_login']})"
    return [f"{said['number']}  {whom} → {agent}", scope(said["scope"], kind), said["given_at"]]


def _own(data: Path | None) -> list[Path]:
    """The roots of the node whose data folder is here, and that of earlier releases."""
    keys = data_folder(data) / "keys"
    own = keys / "authorities"
    known = [*sorted(own.glob("root*.cer")), *sorted(own.glob("sm2-root*.cer"))]
    return [path for path in (*known, keys / "seals" / "root.pem") if path.exists()]


def _linked(given: list[x509.Certificate], roots: list[x509.Certificate]) -> list[x509.Certificate]:
    """The roots among what was given for which a trusted root vouches. Raises ValueError."""
    held = [one for one in given if any(links.holds(one, root) for root in roots)]
    found = [one for one in given if any(links.is_of(link, one) for link in held)]
    if not found:
        raise ValueError("--link: no root that was given has been certified by a trusted one")
    return found


def _roots(path: Path) -> list[x509.Certificate]:
    """Certificates of a file in DER or PEM. Raises ValueError, OSError."""
    content = path.read_bytes()
    if not pem.detect(content):
        return [x509.Certificate.load(content, strict=True)]
    parts = pem.unarmor(content, multiple=True)
    return [x509.Certificate.load(one, strict=True) for kind, _, one in parts
            if kind == "CERTIFICATE"]  # fmt: skip


def _speak(language: str) -> None:
    """Words without a node: no settings but the language, no database."""
    if not settings.configured:
        folders = (Path(lingnan.kernel.trust.__file__).parent / "locale",)
        settings.configure(USE_I18N=True, LANGUAGE_CODE=language, LOCALE_PATHS=folders)
        django.setup()
    translation.activate(language)
