"""Once on each legal day: the clocks, wherever no worker goes its rounds."""

from lingnan.systems.government.justice_network import watching


def daily() -> int:
    return watching.sweep()
