"""Why a message is not carried, in the words of X-Road (PR-REST §4.6)."""


class Refused(Exception):
    """A message that goes no further. `kind` is what is wrong, such as AccessDenied; the side
    that found it adds Server.ClientProxy or Server.ServerProxy. Of a client's own request
    `status` is 400, else 500: the service itself was not reached, or its answer is not believed.
    """

    def __init__(self, kind: str, message: str, status: int = 500) -> None:
        super().__init__(message)
        self.kind, self.message, self.status = kind, message, status


def bad_request(message: str) -> Refused:
    """What the caller sent is not as the protocol has it."""
    return Refused("BadRequest", message, 400)
