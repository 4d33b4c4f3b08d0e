"""People who go on working while processes are killed, and remember what was acknowledged."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable

from lingnan.node.walk.browser import Unexpected
from lingnan.node.walk.business import ANSWERS
from lingnan.node.walk.stage import Stage
from lingnan.node.walk.trail import Trail

COUNTIES = ("440103", "440106")


class Crowd:
    """In each county a resident who files and two officials who act, until stopped."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.acknowledged: dict[str, set[str]] = defaultdict(set)
        self.interrupted = 0
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        for county in COUNTIES:
            for work in (self._file, self._handle):
                thread = threading.Thread(target=self._again, args=(county, work), daemon=True)
                self._threads.append(thread)
                thread.start()

    def stop(self) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join(30)

    def _again(self, county: str, work: Callable[[Stage, str], None]) -> None:
        """Do the work over and over; an interruption costs only what was not acknowledged."""
        stage = Stage(self.url, "", Trail(None))
        while not self._ending.is_set():
            try:
                work(stage, county)
            except (Unexpected, OSError, ValueError, AttributeError):
                self.interrupted += 1
                stage = Stage(self.url, "", Trail(None))
                time.sleep(0.1)

    def _file(self, stage: Stage, county: str) -> None:
        who = f"resident-{county}"
        stage.begin(who, "individual_business", f"gd-{county}-market")
        stage.fill(who, "individual_business", ANSWERS)
        self.acknowledged[stage.file(who)].add("received")

    def _handle(self, stage: Stage, county: str) -> None:
        """Take the oldest cases that were received, one step each."""
        waiting = [
            (number, done)
            for number, done in sorted(self.acknowledged.copy().items())
            if number.startswith(county) and "decided" not in done
        ]
        for number, done in waiting[:1]:
            if "accepted" not in done:
                self._once(stage, f"{county}-market-clerk", number, "accept", "accepted")
            reviewer = f"{county}-market-reviewer"
            given = {"outcome": "granted", "reasons": "材料齐全。"}
            self._once(stage, reviewer, number, "decide", "decided", **given)
        time.sleep(0.01)

    def _once(
        self, stage: Stage, login: str, number: str, act: str, event: str, **given: str
    ) -> None:
        """Do an act unless an earlier, unanswered try has done it already."""
        if stage.offers(login, number, act):
            stage.act(login, number, act, **given)
        self.acknowledged[number].add(event)
