"""Handing over: what a body gives to a body at another node, whole, once, with a receipt."""
