"""Sealed documents after they were sealed: stamped later, and kept checkable for long."""
