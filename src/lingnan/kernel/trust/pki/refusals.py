"""Why a certificate is not trusted."""

CODES = frozenset(
    {"weak", "early", "expired", "untrusted", "purpose", "name", "malformed", "revoked",
     "suspended", "unlisted", "list"}
)  # fmt: skip
"""weak: its key or algorithm; unlisted: no list speaks of it; list: a list that does not hold."""


class Refused(Exception):
    """`code` is one of `CODES`, put into words by the pages; `detail` is for engineers."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail
