"""`python -m lingnan.node.prepare RESIDENTS`: bring the data folder up to date, then end."""

import sys

import django


def main() -> int:
    django.setup()
    from lingnan.node.province import prepare

    residents = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    prepare(lambda line: print(f"  {line}", flush=True), residents)
    return 0


if __name__ == "__main__":
    sys.exit(main())
