"""Signed, time-stamped heads of the evidence log, published so that history cannot be rewritten."""
