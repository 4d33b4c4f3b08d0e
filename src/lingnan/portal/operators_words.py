"""What members, services and nodes are called for operators; durations, shares and ages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.exchange.api import federation, resources
from lingnan.kernel.exchange.operating import counting, exchanges
from lingnan.kernel.trust.api import Body

OWN = "exchange."


@dataclass
class Named:
    """Names of one page, each looked up once."""

    bodies: Mapping[str, str] = field(
        default_factory=lambda: {b.code: str(b.title) for b in Body.objects.filter(ended=False)}
    )
    services: Mapping[str, str] = field(default_factory=lambda: _services())
    here: str = field(default_factory=lambda: here())

    def member(self, code: str) -> str:
        if code == counting.OTHERS:
            return _("Others, not told apart")
        return self.bodies.get(code, code) or _("Strangers")

    def service(self, code: str) -> str:
        if code == counting.OTHERS:
            return _("Others, not told apart")
        if code.startswith(OWN):
            return _own_service(code.removeprefix(OWN))
        metadata = {"listMethods", "allowedMethods", "getOpenAPI"}
        if code.rpartition(".")[2] in metadata:
            return _("What a system offers (metadata)")
        return self.services.get(code, code) or _("Nothing that is known")

    def node(self, server: str) -> str:
        if server == exchanges.REST:
            return _("All others")
        if server in ("", self.here):
            return _("This node")
        return server.rpartition("/")[2]


def here() -> str:
    """The server of this node; empty for one by itself."""
    found = federation.membership()
    return found.server if found is not None else ""


def _services() -> dict[str, str]:
    found = {code: str(one.title) for code, one in resources().items()}
    return found | {f"{one.subsystem}.{one.code}": one.title
                    for one in federation.systems.addresses()}  # fmt: skip


def _own_service(code: str) -> str:
    texts = {
        "follow": _("Between nodes: follow a record"),
        "unfollow": _("Between nodes: follow no more"),
        "replay": _("Between nodes: tell anew"),
        "events": _("Between nodes: word of a change"),
        "handed": _("Between nodes: something handed over"),
        "agreements": _("Between nodes: what agreements ask"),
        "consents": _("Between nodes: whether a consent holds"),
        "trace": _("Between nodes: the way of a message"),
    }
    return texts.get(code, _("Between nodes: another question"))


def duration(seconds: float | None) -> str:
    if seconds is None:
        return "—"
    if seconds < 1:
        return pgettext("duration", "%(n)s ms") % {"n": f"{seconds * 1000:.3g}"}
    return pgettext("duration", "%(n)s s") % {"n": f"{seconds:.3g}"}


def share(value: float) -> str:
    """Of errors: one that is there is never rounded away."""
    if 0 < value < 0.001:
        return "< 0.1 %"
    return f"{100 * value:.1f} %"


def age(seconds: float) -> str:
    """How long ago, in the largest unit that fits."""
    for size, words in (
        (86400, pgettext("age", "%(n)s d")), (3600, pgettext("age", "%(n)s h")),
        (60, pgettext("age", "%(n)s min")),
    ):  # fmt: skip
        if abs(seconds) >= size:
            return words % {"n": f"{int(seconds / size):,}"}
    return pgettext("age", "%(n)s s") % {"n": f"{int(seconds)}"}


def outcome(code: str) -> str:
    texts = {
        counting.OK: pgettext("outcome", "Answered"),
        counting.DENIED: pgettext("outcome", "Refused by law or agreement"),
        counting.BAD: pgettext("outcome", "The caller's mistake"),
        counting.UNAVAILABLE: pgettext("outcome", "Nobody answered"),
        counting.FAILED: pgettext("outcome", "A fault"),
    }
    return texts.get(code, code)
