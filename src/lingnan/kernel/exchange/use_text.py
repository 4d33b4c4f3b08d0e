"""A use as it travels between nodes: read strictly, and what a failure of it answers."""

from typing import Any

from lingnan.kernel.exchange.use import Use

STATUS = {"denied": 403, "unavailable": 503, "stale": 409}


def read_use(body: dict[str, Any]) -> tuple[Use, dict[str, str] | None]:
    """The use of a request, and how its holder knows the subjects where the asker's node
    holds their mapping. Raises ValueError, KeyError or TypeError."""
    plain = dict(body["use"])
    for name in ("resource", "consumer", "purpose", "basis", "case", "actor"):
        if not isinstance(plain[name], str) or len(plain[name]) > 200:
            raise ValueError(f"{name} is not a text of at most 200 characters")
    if not plain["case"].isprintable():
        raise ValueError("case is not printable")
    plain["subjects"] = tuple(str(s) for s in plain["subjects"])
    plain["elements"] = tuple(str(e) for e in plain["elements"])
    plain["deadline"] = min(float(plain.get("deadline", 5.0)), 30.0)
    names = body.get("known_as")
    if names is not None:
        names = {str(k): str(v) for k, v in dict(names).items()}
        if set(names) != set(plain["subjects"]):
            raise ValueError("known_as does not name the subjects")
    return Use(**plain), names
