"""The worker: lets happen by itself what legal time brings. One round every few seconds."""

import logging
import signal
import sys
import threading

import django

ROUND, PATIENCE = 5.0, 8.0
logger = logging.getLogger(__name__)


def main() -> int:
    django.setup()
    from django.db import close_old_connections

    from lingnan.kernel.exchange.api import holders, tell, tell_of_emergencies
    from lingnan.kernel.exchange.federation.rounds import Rounds as Federation
    from lingnan.kernel.exchange.following.asking import ask_due
    from lingnan.kernel.exchange.handing import parting
    from lingnan.kernel.exchange.handing.sending import send_due
    from lingnan.kernel.exchange.traffic import keeping
    from lingnan.kernel.exchange.watching import judging
    from lingnan.kernel.matters.api import sweep
    from lingnan.kernel.registry.importing import jobs
    from lingnan.kernel.registry.linkage import rounds
    from lingnan.kernel.registry.projection.rounds import Rounds
    from lingnan.kernel.runtime.api import legal_time
    from lingnan.kernel.runtime.days import Daily
    from lingnan.kernel.runtime.rounds import Rounds as RoundsByName
    from lingnan.kernel.trust.archiving import stamping
    from lingnan.kernel.trust.checkpoints import making
    from lingnan.kernel.trust.openid import leaving
    from lingnan.kernel.trust.witnesses import asking

    stopping, seen, daily, copies = threading.Event(), None, Daily(), Rounds()
    checkpoints, witnesses, named = making.Rounds(), asking.Rounds(), RoundsByName()
    stamps, logouts, offers = stamping.Rounds(), leaving.Rounds(), holders.Rounds()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda number, frame: stopping.set())
    # Beside the rounds: an import of millions of rows must not hold up the clocks.
    imports = threading.Thread(target=jobs.keep_at_it, args=(stopping,), daemon=True)
    imports.start()
    linkage = threading.Thread(target=rounds.keep_at_it, args=(stopping,), daemon=True)
    linkage.start()
    threading.Thread(target=parting.keep_at_it, args=(stopping,), daemon=True).start()
    threading.Thread(target=Federation().keep_at_it, args=(stopping,), daemon=True).start()
    keeping.begin()
    traffic, alerts = keeping.Rounds(), judging.Rounds()
    while not stopping.wait(ROUND):
        try:
            today = legal_time.today()
            sweep(new_day=today != seen)
            seen = today
            ask_due()
            send_due()
            tell()
            tell_of_emergencies()
            copies.run()
            daily.run()
            checkpoints.run()
            witnesses.run()
            named.run()
            stamps.run()
            logouts.run()
            offers.run()
            traffic.run()
            alerts.run()
        except Exception:
            # The next round tries again; what failed stays as it was.
            logger.exception("a round of the worker failed")
        finally:
            close_old_connections()
    imports.join(PATIENCE)
    linkage.join(PATIENCE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
