"""What the node's worker does of linkage: files that people wait for, then searches."""

import logging
from threading import Event

from django.db import close_old_connections

from lingnan.kernel.registry.linkage import finding
from lingnan.kernel.registry.linkage.comparing import jobs

logger = logging.getLogger(__name__)
ROUND = 2.0


def keep_at_it(stopping: Event) -> None:
    """Work until told to stop: for a thread of the worker."""
    while not stopping.wait(ROUND):
        try:
            jobs.run_waiting(stopping)
            finding.run_waiting(stopping)
        except Exception:
            logger.exception("a round of linkage failed and is tried again")
        finally:
            close_old_connections()
