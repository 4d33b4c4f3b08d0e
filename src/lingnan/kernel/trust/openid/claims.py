"""What a system learns of who signs in (OpenID Connect Core 1.0 §5).

Each body knows a person by a pseudonym of its own: two bodies cannot join what they keep by it.
"""

from collections.abc import Collection
from typing import Any

from lingnan.kernel.runtime import keys
from lingnan.kernel.trust.actors import Actor, actor_of, holdings, lent
from lingnan.kernel.trust.models import Account, RelyingParty

# OpenID Connect Core §2 leaves the words for levels to the provider.
LEVELS = {1: "urn:lingnan:level:1", 2: "urn:lingnan:level:2", 3: "urn:lingnan:level:3"}
NAMES = ["sub", "name", "kind", "body", "body_name", "division", "role", "role_name"]


def acting(account: int, holding: int | None) -> tuple[Account, Actor] | None:
    """Whoever still may sign in, under the post then chosen; None when it is held no more."""
    row = Account.objects.filter(key=account, is_active=True).first()
    who = actor_of(row, holding) if row else None
    if row is None or who is None or (holding is not None and not _same(row, who, holding)):
        return None
    return row, who


def _same(account: Account, who: Actor, holding: int) -> bool:
    post = next((one for one in [*holdings(account), *lent(account)] if one.key == holding), None)
    return post is not None and (post.body, post.role) == (who.body, who.role)


def subject(party: RelyingParty, account: int) -> str:
    """A person's pseudonym at a body: 32 hexadecimal digits."""
    return keys.veil(account, f"openid.{party.body}")


def of(
    party: RelyingParty, account: Account, who: Actor, scopes: Collection[str]
) -> dict[str, Any]:
    """The claims about somebody that these scopes allow."""
    told: dict[str, Any] = {"sub": subject(party, account.key)}
    if "profile" in scopes:
        told |= {"name": account.name, "kind": account.kind}
    if "post" in scopes and who.body:
        told |= {"body": who.body, "division": who.division, "role": who.role}
        titles = {"body_name": who.body_title, "role_name": who.role_title}
        told |= {name: title.zh for name, title in titles.items() if title}
    return told
