"""Opening hours of a made-up county's pharmacies: the table that a toolkit shows by place."""

from itertools import product

from cascade.cli.demo import names
from cascade.inserts.reading import Given

_COLUMNS = ("Place", "Pharmacy", "25 December", "26 December", "1 January", "Phone")
_OPEN = ("10am to 1pm", "closed", "9am to 5pm", "closed", "11am to 3pm")


def opening_hours() -> Given:
    """Three pharmacies of each town but the last."""
    called = product(names.TOWNS[:-1], names.STREETS[:3])
    return Given(
        _COLUMNS,
        tuple(
            (
                town,
                f"{street} Pharmacy",
                _OPEN[number % 5],
                _OPEN[(number + 2) % 5],
                _OPEN[(number + 1) % 4],
                f"01632 960{number:03}",
            )
            for number, (town, street) in enumerate(called)
        ),
    )
