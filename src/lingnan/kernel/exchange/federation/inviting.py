"""Invitations: who founded an instance lets a node join it, once, by a word of its own.

The word stands in an address, `https://portal/exchange/join/WORD.ANCHOR`: with it the digest of
the root that the joining node will believe, so that one who stands in between gains nothing. The
word itself is never sent.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from lingnan.kernel.exchange.federation import own
from lingnan.kernel.exchange.federation.models import InstanceNode, Invitation
from lingnan.kernel.exchange.federation.own import Own
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Body, node_evidence

GOOD_FOR = timedelta(days=7)
CODE = re.compile(r"[a-z][a-z0-9-]{1,30}")
PATH = "/exchange/join/"


class NotPossible(ValueError):
    """What cannot be invited so; `why` is code, taken, bodies, owner, via or founder."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Word:
    """What an address of an invitation says."""

    portal: str
    word: str
    anchor: str

    @classmethod
    def read(cls, url: str) -> "Word":
        """Raises ValueError."""
        portal, found, rest = url.strip().partition(PATH)
        word, _dot, anchor = rest.partition(".")
        if not found or len(word) < 20 or not re.fullmatch(r"[0-9a-f]{64}", anchor):
            raise ValueError("not the address of an invitation")
        return cls(portal, word, anchor)

    @property
    def secret(self) -> str:
        return hashlib.sha256(b"lingnan invitation\0" + self.word.encode()).hexdigest()

    @property
    def digest(self) -> str:
        return named(self.secret)


def named(secret: str) -> str:
    """By what an invitation is known: nothing that proves it."""
    return hashlib.sha256(b"lingnan invitation named\0" + secret.encode()).hexdigest()


def proof(secret: str, text: str) -> str:
    """That who says the text has the invitation's word."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def invite(
    here: Own, code: str, bodies: Sequence[str], by: str, *, owner: str = "",
    systems: Sequence[str] = (), via: str = "",
) -> Word:  # fmt: skip
    """Let a node join; the evidence first. `bodies`: codes, or the beginning of a division's code
    for all bodies there (`4403`). Raises NotPossible, EvidenceUnavailable."""
    if not here.founded:
        raise NotPossible("founder")
    members = bodies_of(bodies)
    owner = owner or _owner(members)
    server = own.server_of(here.instance, owner, code)
    if not CODE.fullmatch(code):
        raise NotPossible("code")
    taken = InstanceNode.objects.filter(server__endswith=f"/{code}", ended=False).exists()
    if taken or server == here.server or code == here.code:
        raise NotPossible("taken")
    via = _via(here, via)
    made = Word("", secrets.token_urlsafe(24), here.anchor)
    now = datetime.now(UTC)
    told = {"node": server, "members": len(members), "via": via, "until": _iso(now + GOOD_FOR)}
    told |= {"actor": by, "legal_time": legal_time.now().isoformat()}
    node_evidence.write([node_evidence.entry("federation.invited", told, [])])
    Invitation.objects.create(
        digest=made.digest, secret=made.secret, code=code, owner=owner, members=members,
        systems=list(systems), via=via, until=now + GOOD_FOR, by=by, at=now,
    )  # fmt: skip
    return made


def bodies_of(words: Sequence[str]) -> list[str]:
    """The codes of the bodies that are named, or of a division. Raises NotPossible."""
    asked = Q(pk__in=[])
    for word in words:
        asked |= Q(division__startswith=word) if word.isdigit() else Q(code=word)
    found = list(Body.objects.filter(asked, ended=False).values_list("code", flat=True))
    if not found:
        raise NotPossible("bodies")
    return sorted(found)


def _owner(members: Sequence[str]) -> str:
    """Who answers for a node of these bodies: their highest data authority, else the first."""
    bodies = Body.objects.filter(code__in=members, ended=False).order_by("division", "code")
    authority = bodies.filter(function=own.AUTHORITY).first() or bodies.first()
    if authority is None:
        raise NotPossible("owner")
    return str(authority.code)


def _via(here: Own, code: str) -> str:
    if not code or code == here.code:
        return here.server if code else ""
    row = InstanceNode.objects.filter(server__endswith=f"/{code}", ended=False).first()
    if row is None:
        raise NotPossible("via")
    return str(row.server)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
