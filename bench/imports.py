"""How long an import of 100,000 contacts takes on SQLite, and how much memory: `-m bench.imports`.

Goal: under 30 s and 300 MB, as CSV and as an Excel workbook. Each import is a process of its own.
"""

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from cascade.audience.importing import Options, import_table
from cascade.audience.reading import read_table
from cascade.database import Base, connect

HEADER = (
    *("organisation", "kind", "code", "place", "postcode", "contact", "role", "email", "phone"),
    *("language", "channel", "deputy", "beds"),
)
KINDS = ("care home", "GP practice", "pharmacy", "voluntary group", "university")


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Two contacts for each organisation, all with addresses, domains and phones of their own."""
    for number in range(count):
        home = number // 2
        yield (
            f"Oak House {home} Limited",
            KINDS[home % 5],
            f"W{home:06}",
            f"Market Town {home % 400}",
            f"WC{home % 90} {home % 9}AB",
            f"Jordan Example-Smith {number}",
            "Deputy manager" if number % 2 else "Registered manager",
            f"jordan.smith{number}@house{home}.example.org",
            f"0116 4{number:06}",
            "en",
            "email",
            str(number % 2),
            str(home % 80),
        )


def main(count: int = 100_000) -> None:
    """Write the files, import each one twice, print seconds and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        files = (_write_csv(Path(folder), count), _write_workbook(Path(folder), count))
        for file in files:
            address = f"sqlite:///{folder}/{file.suffix[1:]}.db"
            for what in ("first import", "same file again"):
                sys.stdout.write(f"{file.suffix[1:]:<5} {what:<16} {_measured(file, address)}\n")
                sys.stdout.flush()


def _measured(file: Path, address: str) -> str:
    command = [sys.executable, "-m", "bench.imports", str(file), address]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return ", ".join(f"{name} {value}" for name, value in json.loads(done.stdout).items())


def _import(file: Path, address: str) -> dict[str, float]:
    database = connect(address)
    Base.metadata.create_all(database.engine)
    started, worked = time.perf_counter(), time.process_time()
    with database.writing() as session:
        result = import_table(session, read_table(file), datetime.now(UTC), Options())
    return {
        "seconds": round(time.perf_counter() - started, 1),
        "of them on the processor": round(time.process_time() - worked, 1),
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "added": result.added,
        "unchanged": result.unchanged,
        "rejected": len(result.rejected),
    }


def _write_csv(folder: Path, count: int) -> Path:
    path = folder / "contacts.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *rows(count)])
    return path


def _write_workbook(folder: Path, count: int) -> Path:
    path = folder / "contacts.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Contacts")
        for number, row in enumerate([HEADER, *rows(count)]):
            sheet.write_row(number, 0, row)
    return path


if __name__ == "__main__":
    # One import in a process of its own, so that its memory is its own.
    sys.stdout.write(json.dumps(_import(Path(sys.argv[1]), sys.argv[2])))
