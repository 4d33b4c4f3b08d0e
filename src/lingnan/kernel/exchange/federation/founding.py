"""Founding an instance: its first node names it, and its own root signs the directory."""

from django.conf import settings

from lingnan.kernel.exchange.federation import directories, own
from lingnan.kernel.trust.api import consents, node_evidence


def found_where_named() -> None:
    """Done once, when a node is brought up that names an instance (`up --instance`).

    Raises EvidenceUnavailable, KeyStoreUnavailable, NotNamed.
    """
    named = settings.NODE_NAMED
    if named is None or not named.instance:
        return
    try:
        here = own.membership()
    except own.NotNamed:
        server = own.server_of(named.instance, own.authority(), named.code)
        anchor = consents.foreign.root_digest()
        told = {"instance": named.instance, "node": server, "anchor": anchor}
        node_evidence.write([node_evidence.entry("federation.founded", told, [])])
        own.belong(named.instance, server, "", anchor)
        here = own.membership()
    if here.founded:
        directories.publish(here)
