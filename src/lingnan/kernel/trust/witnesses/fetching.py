"""What another node publishes, fetched from the address that an operator has registered."""

import urllib.error
import urllib.request

SECONDS, LONGEST = 10, 256 * 1024


class _Stays(urllib.request.HTTPRedirectHandler):
    """What is asked is the registered node, and no other that it names."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stays())


class Unreachable(Exception):
    """The node did not answer, or not as it must."""


class Answered(Exception):
    """The node refused; `status` and `text` say how."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text[:200]}")
        self.status, self.text = status, text


def get(address: str, path: str) -> bytes:
    """Raises Unreachable, Answered."""
    return _asked(urllib.request.Request(f"{address}{path}"))


def post(address: str, path: str, body: str) -> str:
    """Raises Unreachable, Answered."""
    kind = {"Content-Type": "text/plain; charset=utf-8"}
    asked = urllib.request.Request(f"{address}{path}", body.encode(), kind)
    return _asked(asked).decode("utf-8", "replace")


def send(address: str, body: bytes, kind: str) -> None:
    """Post to a whole address; what is answered does not matter. Raises Unreachable, Answered."""
    _asked(urllib.request.Request(address, body, {"Content-Type": kind}))


def _asked(request: urllib.request.Request) -> bytes:
    if request.type not in ("http", "https"):
        raise Unreachable(request.full_url)
    try:
        with _opener.open(request, timeout=SECONDS) as answer:
            found: bytes = answer.read(LONGEST + 1)
    except urllib.error.HTTPError as refusal:
        raise Answered(refusal.code, refusal.read(2_000).decode("utf-8", "replace")) from refusal
    except (OSError, ValueError) as problem:
        raise Unreachable(str(problem)) from problem
    if len(found) > LONGEST:
        raise Unreachable("the answer is too long")
    return found
