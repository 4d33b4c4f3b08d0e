"""Certificates: profiles, issuing, revocation lists, status answers (RFC 5280, RFC 6960)."""
