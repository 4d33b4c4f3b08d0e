"""What the node's worker does: the directory is kept new, and the founder told what changed."""

import logging
import threading
import time

from django.db import close_old_connections

from lingnan.kernel.exchange.federation import directories, joining, own
from lingnan.kernel.exchange.federation.partners import entering, hearing, telling
from lingnan.kernel.exchange.messages.directory_text import NotADirectory
from lingnan.kernel.trust.api import EvidenceUnavailable, KeyStoreUnavailable

logger = logging.getLogger(__name__)
EACH = 5.0


class Rounds:
    """Each minute the directory; each hour, and when it changes, what this node is."""

    EVERY, RENEW = 60.0, 3600.0

    def __init__(self) -> None:
        self._next, self._renewed = 0.0, 0.0
        self._told: list[list[str]] = []

    def run(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self.EVERY
        try:
            self._run(own.membership())
        except own.NotNamed:
            return
        except (joining.NotJoined, NotADirectory, EvidenceUnavailable, KeyStoreUnavailable) as why:
            logger.warning("the directory was not renewed: %s", why)

    def keep_at_it(self, stopping: threading.Event) -> None:
        """Beside the worker's other rounds: a node that does not answer holds up no clock."""
        while not stopping.wait(EACH):
            try:
                self.run()
            except Exception:
                # The next round tries again; what is known goes on.
                logger.exception("a round of the federation failed")
            finally:
                close_old_connections()

    def _run(self, here: own.Own) -> None:
        if here.founded:
            directories.publish(here)
            entering.refresh(here)
            telling.tell_due()
            return
        told = joining.answers_for(here)
        if time.monotonic() >= self._renewed or told != self._told:
            joining.renew(here)
            self._told = told
            self._renewed = time.monotonic() + self.RENEW
        joining.refresh(here)
        hearing.refresh(here)
