"""What a node's data must still be after its processes were killed."""

import hashlib
import json
import sqlite3
from pathlib import Path

from lingnan.kernel.matters import procedure
from lingnan.kernel.trust.evidence.api import open_reader


class Aftermath:
    """Reads the files of a node that has ended."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.database = sqlite3.connect(f"file:{data}/lingnan.sqlite3?mode=ro", uri=True)
        self.database.row_factory = sqlite3.Row

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self.database.execute(sql, values).fetchall()

    def events(self, case: sqlite3.Row) -> list[sqlite3.Row]:
        sql = "SELECT * FROM matters_caseevent WHERE case_id = ? ORDER BY number"
        return self.rows(sql, case["key"])

    def faults(self, acknowledged: dict[str, set[str]]) -> list[str]:
        """Everything that was lost, half-written, or no longer follows from its events."""
        cases = {case["number"]: case for case in self.rows("SELECT * FROM matters_case")}
        found = [f"{number} was acknowledged and is lost" for number in acknowledged.keys() - cases]
        for number, case in cases.items():
            events = self.events(case)
            kinds = {event["kind"] for event in events}
            lost = acknowledged.get(number, set()) - kinds
            found += [f"{number}: {kind} was acknowledged and is lost" for kind in lost]
            found += self._case(case, events)
        return found + self._applications() + self._evidence() + self._store()

    def _case(self, case: sqlite3.Row, events: list[sqlite3.Row]) -> list[str]:
        number, state = case["number"], ""
        for event in events:
            state = procedure.after(state, event["kind"])
        found = []
        if state != case["state"]:
            found.append(f"{number} is {case['state']}, its events say {state}")
        if [event["number"] for event in events] != list(range(1, case["events_count"] + 1)):
            found.append(f"{number}: its events are not numbered 1 to {case['events_count']}")
        if state in ("received", "in_review"):
            found += self._waits(
                number, {"received": "formal_check", "in_review": "decision"}[state]
            )
        if "decided" in {event["kind"] for event in events}:
            found += self._decided(case)
        return found

    def _waits(self, number: str, clock: str) -> list[str]:
        """A case that waits has a running clock and an open task."""
        running = self.rows(
            "SELECT 1 FROM duty_clock c WHERE reference = ? AND code = ? AND NOT EXISTS"
            " (SELECT 1 FROM duty_clockevent e WHERE e.clock_id = c.key AND e.kind = 'stop')",
            number,
            clock,
        )
        task = "SELECT 1 FROM duty_task WHERE reference = ? AND done_at IS NULL"
        found = [] if running else [f"{number} has no running {clock}"]
        return found if self.rows(task, number) else [*found, f"{number} has no open task"]

    def _decided(self, case: sqlite3.Row) -> list[str]:
        """A decided case is delivered, with its business in the register and its certificate."""
        number = case["number"]
        if case["state"] != "delivered":
            return [f"{number} was decided and never delivered"]
        sql = "SELECT * FROM matters_certificate WHERE case_id = ?"
        certificates = self.rows(sql, case["key"])
        if len(certificates) != 1:
            return [f"{number} has {len(certificates)} certificates"]
        mark = certificates[0]["sha256"]
        path = self.data / "files" / mark[:2] / mark
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != mark:
            return [f"the file of {number}'s certificate is lost or damaged"]
        sql = "SELECT 1 FROM legal_persons_individualbusiness WHERE credit_code = ?"
        registered = self.rows(sql, certificates[0]["number"])
        return [] if len(registered) == 1 else [f"{number} is granted and not registered"]

    def _applications(self) -> list[str]:
        sql = (
            "SELECT a.case_number FROM matters_application a LEFT JOIN matters_case c"
            " ON c.application_id = a.reference WHERE a.case_number != ''"
            " AND c.number IS NOT a.case_number"
        )
        return [f"application of {row[0]} has no such case" for row in self.rows(sql)]

    def _evidence(self) -> list[str]:
        """Each event's evidence says the same; what the log has more was never acknowledged."""
        sql = (
            "SELECT e.evidence, e.kind, c.number FROM matters_caseevent e"
            " JOIN matters_case c ON c.key = e.case_id"
        )
        with open_reader(self.data / "evidence.sqlite3") as reader:
            found = [str(fault) for fault in reader.verify()]
            for row in self.rows(sql):
                entry = reader.by_seq(row["evidence"])
                payload = (entry.payload or {}) if entry else {}
                if (payload.get("case"), payload.get("event")) != (row["number"], row["kind"]):
                    found.append(f"evidence {row['evidence']} is not that of {row['number']}")
            for row in self.rows("SELECT reads FROM matters_application"):
                for read in json.loads(row["reads"]):
                    if read["evidence"] and reader.by_seq(read["evidence"]) is None:
                        found.append(f"a read's evidence {read['evidence']} is lost")
        return found

    def _store(self) -> list[str]:
        answers = [row[0] for row in self.rows("PRAGMA integrity_check")]
        return [] if answers == ["ok"] else answers
