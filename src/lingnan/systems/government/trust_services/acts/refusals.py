"""Why an act of the certification authority is not done."""

CODES = frozenset(
    {"reused", "duplicate", "held", "name", "hosts", "days", "key", "not_yours", "left", "done",
     "same", "own", "signing", "gone", "handed", "not_issued", "state", "open", "missing",
     "going_on"}
)  # fmt: skip
"""reused: the key has a certificate or is asked for already; held: a certificate still holds;
left: the holder left the body; same: a second person is needed; own: nobody decides about oneself;
signing: keys that sign are kept nowhere; gone: nothing is kept of it; state: it cannot follow;
going_on: a ceremony that was confirmed is gone on with."""


class Refused(Exception):
    """`code` is one of `CODES`, put into words by the pages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
