"""Internal keys are unique and ordered, and never shown: a veil stands for them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.testing import at_once

KEYS = st.integers(0, 2**63 - 1)
MAKE = (
    "import django; django.setup()\n"
    "from lingnan.kernel.runtime import keys\n"
    "print(*(keys.new_key() for _ in range(3000)))"
)


def test_keys_are_ordered_and_have_63_bits() -> None:
    made = list(keys.new_keys(2000))
    assert made == sorted(set(made))
    assert made[0] > 0 and made[-1] < 2**63


def test_a_key_carries_its_node() -> None:
    assert (keys.KeyMaker(777, 3).make() >> 12) & 1023 == 777


@pytest.mark.parametrize(("node", "slot"), [(1024, 0), (-1, 0), (0, 16)])
def test_a_number_out_of_range_is_refused(node: int, slot: int) -> None:
    with pytest.raises(ValueError, match="node number"):
        keys.KeyMaker(node, slot)


@pytest.mark.django_db
def test_threads_never_make_the_same_key() -> None:
    maker = keys.KeyMaker(5, 1)
    made = at_once(*[lambda: [maker.make() for _ in range(3000)]] * 4)
    assert len({key for some in made for key in some}) == 12000


def test_processes_of_one_data_folder_never_make_the_same_key(tmp_path: Path) -> None:
    environment = os.environ | {
        "LINGNAN_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "lingnan.node.settings",
        "PYTHONPATH": str(Path(settings.BASE).parent),
    }
    running = [
        subprocess.Popen([sys.executable, "-c", MAKE], env=environment, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    made = [process.communicate(timeout=60)[0].split() for process in running]
    assert [len(some) for some in made] == [3000, 3000]
    assert len({*made[0], *made[1]}) == 6000


@given(KEYS)
def test_a_veil_gives_the_key_back(key: int) -> None:
    veil = keys.veil(key, "duty.task")
    assert len(veil) == 32 and (key < 10**9 or str(key) not in veil)
    assert keys.unveil(veil, "duty.task") == key


@given(KEYS)
def test_a_veil_means_nothing_in_another_context(key: int) -> None:
    assert keys.unveil(keys.veil(key, "duty.task"), "matters.case") is None


@given(KEYS, st.integers(0, 31))
def test_a_veil_with_a_changed_digit_means_nothing(key: int, place: int) -> None:
    veil = keys.veil(key, "duty.task")
    digit = "0" if veil[place] != "0" else "1"
    assert keys.unveil(veil[:place] + digit + veil[place + 1 :], "duty.task") is None


@pytest.mark.parametrize("text", ["", "zz", "00", "-1", "0" * 31, "0" * 34, "\x00", "三" * 32])
def test_what_is_no_veil_means_nothing(text: str) -> None:
    assert keys.unveil(text, "duty.task") is None


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The machine's clock, in seconds; a wait lets it run."""
    now = [1_900_000_000.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(keys.time, "time", lambda: now[0])
    monkeypatch.setattr(keys.time, "sleep", sleep)
    return now


def started(folder: Path) -> tuple[keys.Slot, keys.KeyMaker]:
    slot = keys.hold_slot(folder)
    return slot, keys.KeyMaker(1, slot.number, slot.reserve)


def test_a_clock_set_back_across_a_restart_repeats_no_key(
    tmp_path: Path, clock: list[float]
) -> None:
    made: list[int] = []
    for _ in range(keys.SLOTS):
        slot, maker = started(tmp_path)
        made += [maker.make() for _ in range(300)]
        slot.let_go()
        clock[0] -= 1.2  # set back, then run through the same time again
    for _ in range(keys.SLOTS):
        slot, maker = started(tmp_path)
        made += [maker.make() for _ in range(300)]
        slot.let_go()
    assert len(set(made)) == len(made)


def test_a_clock_far_behind_makes_no_key_and_says_so(tmp_path: Path, clock: list[float]) -> None:
    held = [started(tmp_path) for _ in range(keys.SLOTS)]
    for slot, maker in held:
        maker.make()
        slot.let_go()
    clock[0] -= 3600
    with pytest.raises(keys.ClockBehind, match=r"360\d s behind"):
        keys.hold_slot(tmp_path)


def test_a_clock_set_back_under_a_running_process_is_not_waited_for_long(
    clock: list[float],
) -> None:
    maker = keys.KeyMaker(1, 1)
    made = {maker.make()}
    clock[0] -= 3600
    with pytest.raises(keys.ClockBehind):
        for _ in range(keys.PER_SLOT + 1):
            made.add(maker.make())
    clock[0] += 3601
    assert maker.make() > max(made)


def test_the_mark_is_on_disk_before_the_key(tmp_path: Path, clock: list[float]) -> None:
    slot, maker = started(tmp_path)
    for _ in range(5):
        key = maker.make()
        assert int((tmp_path / f"slot-{slot.number}.lock").read_text()) >= key >> 22
        clock[0] += 2
    slot.let_go()


def test_a_slot_rests_and_another_is_taken_meanwhile(tmp_path: Path, clock: list[float]) -> None:
    slot, maker = started(tmp_path)
    maker.make()
    slot.let_go()
    other = keys.hold_slot(tmp_path)
    assert (slot.number, other.number) == (0, 1)
    clock[0] += keys.AHEAD_MS / 1000 + 0.1
    assert keys.hold_slot(tmp_path).number == 0
