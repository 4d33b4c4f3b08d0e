"""Demonstration or real: said by the environment, and kept in the data folder for good.

A demonstration's people are invented and its passwords are public, so a folder that was made
for one never becomes a real node, nor the other way about.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

DEMONSTRATION, REAL = "demonstration", "real"


class ModeRefused(ValueError):
    """The mode is unknown, or not the one of this data folder; the message says it."""


def mode_of(data: Path, said: str) -> str:
    """The mode to run in. Raises ModeRefused."""
    if said not in (DEMONSTRATION, REAL):
        raise ModeRefused(f"LINGNAN_MODE is '{said}'; it is either '{DEMONSTRATION}' or '{REAL}'")
    path = data / "keys" / "mode"
    kept = path.read_text().strip() if path.exists() else said
    if kept != said:
        raise ModeRefused(
            f"{data} belongs to a {kept} node and LINGNAN_MODE is '{said}': "
            "give a new folder (--data or LINGNAN_DATA) or the mode that it was made for"
        )
    return said


def keep(data: Path, mode: str) -> None:
    """Write down the mode of this data folder, once."""
    path = data / "keys" / "mode"
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}")
    with draft.open("w") as stream:
        stream.write(f"{mode}\n")
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


def hosts(said: str, mode: str, address: str) -> list[str]:
    """The names that are answered; always the machine itself, which asks for its own health."""
    named = [name.strip() for name in said.split(",") if name.strip()]
    if not named and mode == DEMONSTRATION:
        return ["*"]
    return [*dict.fromkeys([*named, *_host(address), "127.0.0.1", "localhost"])]


def _host(address: str) -> list[str]:
    found = urlsplit(address).hostname
    return [found] if found else []


def trusted_origins(address: str) -> list[str]:
    """What a browser says it comes from, where a proxy in front of the node has the TLS."""
    parts = urlsplit(address)
    return [f"https://{parts.netloc}"] if parts.scheme == "https" and parts.netloc else []


def behind_proxy(said: str) -> bool:
    """Whether a proxy of ours stands in front. Raises ModeRefused."""
    if said not in ("", "0", "1"):
        raise ModeRefused(f"LINGNAN_PROXY is '{said}'; it is 1 behind a proxy of your own, else 0")
    return said == "1"


def rates(said: str) -> int:
    """How many times the usual rates are allowed. Raises ModeRefused."""
    if said and not (said.isdecimal() and 1 <= int(said[:6]) <= 1000):
        raise ModeRefused(f"LINGNAN_RATES is '{said}'; it is a whole number from 1 to 1000")
    return int(said or "1")
