"""Who acts in a request: an account, and for an official the post under which it acts."""

import re
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from lingnan.kernel.runtime.api import Title, keys, legal_time
from lingnan.kernel.trust.acting.rules import Acting
from lingnan.kernel.trust.delegation.models import Delegation
from lingnan.kernel.trust.models import Account, Body, Holding


@dataclass(frozen=True)
class Actor:
    """Somebody acting. `body` and `role` are empty for a resident.

    `acting_for` is the name of who lent the post, `lent_by` its account; empty for an own post.
    `assisted_by` is the signature of the official who lends a hand at a counter. `acting` says for
    whom a resident acts; then account, name and subject are that person's, of a firm the agent's.
    """

    account: int
    name: str
    kind: str
    subject: str = ""
    body: str = ""
    body_title: Title | None = None
    division: str = ""
    function: str = ""
    role: str = ""
    role_title: Title | None = None
    acting_for: str = ""
    lent_by: int = 0
    assisted_by: str = ""
    acting: Acting | None = None

    @property
    def signature(self) -> str:
        """How histories and evidence name the actor; the mark tells namesakes apart."""
        mark = keys.veil(self.account, "trust.account")[:8]
        if self.lent_by:
            mark = f"{mark} for {keys.veil(self.lent_by, 'trust.account')[:8]}"
        if self.acting is not None:
            agent = keys.veil(self.acting.agent, "trust.account")[:8]
            mark = f"{agent} for {self.acting.code or mark}"
        if self.kind == "official":
            return f"{self.name} ({self.body}/{self.role} {mark})"
        helped = f" (assisted by {self.assisted_by})" if self.assisted_by else ""
        return f"{self.kind} {mark}{helped}"

    @property
    def hand(self) -> int:
        """The account of whoever really acts."""
        return self.acting.agent if self.acting is not None else self.account

    def holds(self, role: str, body: str) -> bool:
        return self.kind == "official" and self.role == role and self.body == body


SIGNED = re.compile(r"^(.*) \(([^/()]+)/([^/() ]+) ([0-9a-f]{8})(?: for [0-9a-f]{8})?\)$")


def in_words(signature: str) -> str:
    """An official's signature for readers: name in quotes, body and post by their titles, and the
    mark; anybody else's as it is. (`matters` and `supervision` have words of their own.)"""
    found = SIGNED.match(signature)
    if found is None:
        return signature
    name, code, role, mark = found.groups()
    body = Body.objects.filter(code=code).first()
    post = Holding.objects.filter(role=role).order_by("key").first()
    titles = [str(body.title) if body else code, str(post.title) if post else role]
    return " · ".join([f"“{name}”", *titles, mark.upper()])


SYSTEM = Actor(account=0, name="Lingnan", kind="system")


def holdings(account: Account) -> list[Holding]:
    """The posts that an account holds now, oldest first."""
    return list(Holding.objects.filter(account=account.key, ended=False).order_by("key"))


def lent(account: Account) -> list[Holding]:
    """The posts of others that an account may act under today."""
    today = legal_time.today()
    found = Delegation.objects.filter(
        taker=account.key, ended=False, first__lte=today, last__gte=today
    )
    posts = list(found.order_by("key").values_list("post", flat=True))
    return list(Holding.objects.filter(key__in=posts, ended=False).order_by("key"))


def actor_of(account: Account, holding_key: int | None = None) -> Actor | None:
    """The actor of an account; for an official None when it holds no post.

    A lent post is acted under only when it was chosen, and by who holds one of its own.
    """
    if account.kind == "resident":
        return Actor(account.key, account.name, "resident", subject=account.subject)
    posts = holdings(account)
    if not posts:
        return None
    post = next((p for p in posts if p.key == holding_key), None)
    if post is None and holding_key is not None:
        post = next((p for p in lent(account) if p.key == holding_key), None)
    post = post or posts[0]
    giver = None
    if post.account != account.key:
        giver = Account.objects.get(key=post.account)
    body = Body.objects.get(code=post.body)
    return Actor(
        account.key,
        account.name,
        "official",
        body=body.code,
        body_title=body.title,
        division=body.division,
        function=body.function,
        role=post.role,
        role_title=post.title,
        acting_for=giver.name if giver else "",
        lent_by=giver.key if giver else 0,
    )


def colleagues(who: Actor) -> dict[str, str]:
    """Others who hold the same post at the body: reference → name."""
    held = Holding.objects.filter(body=who.body, role=who.role, ended=False)
    others = held.exclude(account=who.account).values_list("account", flat=True)
    accounts = Account.objects.filter(key__in=list(others), is_active=True).order_by("key")
    return {keys.veil(a.key, "trust.colleague"): a.name for a in accounts}


def superiors(code: str) -> list[str]:
    """The codes of a body and of those above it, nearest first."""
    found: list[str] = []
    while code and code not in found:
        above = Body.objects.filter(code=OuterRef("parent")).values("parent")[:1]
        found.append(code)
        # Two tiers in a query: most bodies stand below a city and the province.
        row = Body.objects.filter(code=code).values_list("parent", Subquery(above)).first()
        parent, code = row or ("", "")
        if parent and parent not in found:
            found.append(parent)
        code = code or ""
    return found
