"""Synthetic cases."""


def play_once() -> int:
    return 0
