"""One benchmark in a process of its own: `python -m benchmarks NAME` prints its figures."""

import importlib
import json
import sys


def main() -> int:
    module = importlib.import_module(f"benchmarks.{sys.argv[1]}")
    figures = [figure.plain() for figure in module.measure()]
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
