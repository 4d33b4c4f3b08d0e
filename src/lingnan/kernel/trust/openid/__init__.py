"""One sign-in for the systems of departments: an OpenID Connect provider (OpenID Connect Core 1.0).

Authorization code with proof key (RFC 7636) only; tokens are kept as hashes; what is signed is
signed by a key of this node's key store.
"""
