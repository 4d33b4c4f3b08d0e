"""`python -m lingnan.node.reference [--write]`: is the reference true, or make it so."""

import sys

import django


def main() -> int:
    django.setup()
    from lingnan.node.reference.pages import FOLDER, stale, write
    from lingnan.node.reference.used import unknown_keys

    if "--write" in sys.argv[1:]:
        print(f"{len(write())} pages written to docs/{FOLDER.name}")
        return 0
    faults = [
        f"docs/reference/{name} is stale: ./lingnan check --write-reference" for name in stale()
    ]
    faults += unknown_keys()
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults" if faults else "docs/reference is true, no key is unknown")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
