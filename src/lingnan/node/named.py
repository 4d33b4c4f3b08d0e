"""What a node is called among others (`up --node NAME`), kept in its folder (`keys/node.json`)."""

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

FILE = Path("keys") / "node.json"
NAME = re.compile(r"[a-z][a-z0-9-]{1,30}")
INSTANCE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,8})?")


class NameRefused(ValueError):
    """A name that cannot be taken; the message tells why."""


@dataclass(frozen=True)
class Named:
    """`instance`: the one that this node founds; empty where it joins another's. `gateway`: where
    other nodes reach it, https; `systems`: where its bodies' information systems do."""

    code: str
    instance: str
    gateway: str
    systems: str

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names for which its channel is certified, beside its own."""
        host = urlsplit(self.gateway).hostname or ""
        return (host,) if re.search(r"[a-z]", host) else ()


def read(data: Path) -> Named | None:
    """None for a node without a name."""
    try:
        return Named(**json.loads((data / FILE).read_text()))
    except FileNotFoundError:
        return None


def keep(data: Path, node: str, instance: str, host: str, port: int) -> Named | None:
    """What the folder's node is called from now on: as asked for, else as before. The gateway is
    at the port after the portal's, or where LINGNAN_GATEWAY says. Raises NameRefused."""
    before = read(data)
    if not node and before is None:
        if instance:
            raise NameRefused("--instance is for a node with a name: give --node NAME, too")
        return None
    code = node or (before.code if before else "")
    founded = instance or (before.instance if before else "")
    if not NAME.fullmatch(code):
        raise NameRefused(f"--node {code}: 2 to 31 small letters, digits and hyphens")
    if founded and not INSTANCE.fullmatch(founded):
        raise NameRefused(f"--instance {founded}: as ISO 3166 has it, such as CN-GD")
    if before is not None and (before.code, before.instance) != (code, founded):
        raise NameRefused(f"this folder is the node {before.code} {before.instance}".strip())
    gateway = os.environ.get("LINGNAN_GATEWAY", f"https://{host}:{port + 1}")
    made = Named(code, founded, gateway.rstrip("/"), f"https://{host}:{port + 2}")
    if made != before:
        _write(data / FILE, made)
    return made


def _write(path: Path, made: Named) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    anew = path.with_suffix(".new")
    anew.write_text(json.dumps(asdict(made), indent=1))
    anew.replace(path)
