"""The whole kit as one ZIP, with a README that says what is what."""

from collections.abc import Iterator

from cascade.errors import Refused
from cascade.shelf.kit import PIECES, file, file_name
from cascade.shelf.orders import Order, day_words
from toolkits.formats.zips import packed


def bundle(order: Order) -> bytes:
    """Every piece; one that can't be made is named in the README with the reason."""
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    for piece in PIECES.values():
        for ending in piece.endings:
            name = file_name(order, piece.name, ending)
            try:
                files[name] = file(order, piece.name, ending)
            except Refused as error:
                left_out.append(f"{name}: {error}")
    readme = "\r\n".join(_readme(order, files, left_out)).encode("utf-8-sig")
    return packed({"README.txt": readme, **files})


def _readme(order: Order, files: dict[str, bytes], left_out: list[str]) -> Iterator[str]:
    """Lines, ended as Windows' editor wants them."""
    yield order.title
    yield "=" * min(70, len(order.title))
    yield ""
    number, day = order.shown.number, day_words(order.shown.published_at)
    yield f"Published by {order.identity.cell} on {day} (version {number})."
    if order.brand.group:
        yield f"Made for {order.brand.group}. {order.brand.line}".strip()
    yield f"The current version is always at {order.page}"
    if until := day_words(order.document.meta.expires):
        yield f"Please do not use it after {until}."
    yield ""
    yield "What is what"
    yield "------------"
    for piece in PIECES.values():
        names = [name for e in piece.endings if (name := file_name(order, piece.name, e)) in files]
        if names:
            yield f"{piece.words} ({piece.purpose}):"
            yield from (f"    {name}" for name in names)
    if left_out:
        yield ""
        yield "Could not be made:"
        yield from (f"    {line}" for line in left_out)
    yield ""
    yield "How to use it"
    yield "-------------"
    yield "1. Choose the piece that fits where you want to publish it."
    yield "2. Shorten it if you need to. Please keep facts, dates, numbers and links as they are."
    yield f"3. Say where it is from: {order.identity.cell}."
    yield f"4. Tell us where you used it: {order.page}"
    yield ""
    yield "You may copy, print and publish everything in this kit free of charge,"
    yield f"saying that it is from {order.identity.cell}."
    yield "Its words may be shortened, not changed in what they mean."
    yield ""
