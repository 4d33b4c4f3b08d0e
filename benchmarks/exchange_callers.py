"""Callers of single uses in a process of their own: `-m benchmarks.exchange_callers N CALLS`.

Says `ready` and begins when a line comes; then how many seconds it took.
"""

import sys
import time

import django


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    django.setup()
    from benchmarks import exchange_sets

    callers, calls = int(sys.argv[1]), int(sys.argv[2])
    one = exchange_sets.single_use(exchange_sets.known_names())
    exchange_sets.called(one, callers, 5)
    say("ready")
    sys.stdin.readline()
    start = time.perf_counter()
    exchange_sets.called(one, callers, calls)
    say(str(time.perf_counter() - start))


if __name__ == "__main__":
    main()
