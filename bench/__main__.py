"""Run the benchmarks named on the command line, or all of them."""

import importlib
import platform
import sys
from datetime import UTC, datetime

NAMES = ("throughput", "urgent", "bulletins", "imports", "pages", "library")


def main(names: list[str]) -> int:
    """Run each benchmark in turn; 2 for an unknown name."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        sys.stderr.write(f"There is no benchmark {', '.join(unknown)}: {', '.join(NAMES)}.\n")
        return 2
    sys.stdout.write(f"{datetime.now(UTC):%Y-%m-%d} {platform.platform()}\n")
    for name in names or NAMES:
        sys.stdout.write(f"\n== {name}\n")
        sys.stdout.flush()
        importlib.import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
