"""JSON that somebody outside wrote."""

import json
from typing import Any


def read_json(content: str | bytes) -> Any:
    """What a document says. Raises ValueError, also on one that is nested deeper than can be read
    (some hundred levels), for which Python raises another error."""
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("nested too deeply") from None
