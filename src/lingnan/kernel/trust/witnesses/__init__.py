"""Witnesses: another body's node signs the heads of a log that it has seen only grow.

Who rewrites a log must then win over its witnesses, too. The exchange follows the transparency
log witness protocol (C2SP tlog-witness, tlog-cosignature) with ECDSA P-256 instead of Ed25519; the
specification was not at hand, so that other software's witnesses are unverified.
"""
