"""What this system does while the node runs: watch the clocks, of which some are of hours."""

from lingnan.systems.government.justice_network import demo_cases, watching

EVERY = 20.0


def round() -> int:
    return demo_cases.play_once() + watching.sweep()
