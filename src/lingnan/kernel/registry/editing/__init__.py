"""Editing a register: what is typed, what it does, and who confirms it."""
