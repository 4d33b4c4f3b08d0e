"""Where the way to a source breaks off."""

HOPS = (
    "address", "reach", "sign_in", "rights", "table", "changed", "index", "limit", "slow", "answer",
)  # fmt: skip


class SourceFailure(Exception):
    """A source does not give what was asked.

    hop     one of `HOPS`: the address is none or not allowed; nobody answers there; user, password
            or database is refused; the user may not read; there is no such table; it is not what
            was published any more; no index leads to the rows; more rows than allowed, or too many
            ask at once; it took too long; what came is not to be understood
    detail  what an engineer looks up: a code of the server, a column; never a value of a row
    """

    def __init__(self, hop: str, detail: str = "") -> None:
        super().__init__(f"{hop}: {detail}" if detail else hop)
        self.hop, self.detail = hop, detail
