"""What this system does while the node runs: look through what has been written since."""

from lingnan.systems.assurance.trust_governance import demo_accesses, scanning

EVERY = 30.0


def round() -> int:
    demo_accesses.play_once()
    return scanning.run()
