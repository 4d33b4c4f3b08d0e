"""The day of the room: what was brought to be compared is not kept for ever."""

from lingnan.kernel.registry.linkage.comparing.keeping import remove_old


def daily() -> int:
    return remove_old()
