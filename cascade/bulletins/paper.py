"""An issue on paper: tagged, A4, in two columns, with a QR code for each link to the library."""

import io
from collections.abc import Mapping

import toolkits
from cascade import printing
from cascade.bulletins.public_issues import Block, IssueReading, Place, PublicIssue
from cascade.errors import Refused
from cascade.printing import Given
from cascade.shelf.orders import USUAL_COLOUR
from cascade.shelf.values import page_of

LONGEST = 120_000
"""Characters of an issue that is printed; drawing takes seconds for more."""


def page(
    issue: PublicIssue, text: IssueReading, place: Place, *, cell_logo: bytes | None
) -> tuple[str, Mapping[str, Given]]:
    """What is drawn, and the files in it that we make; raises Refused for what is too long."""
    if len(text.html) > LONGEST:
        raise Refused("This issue is too long to be printed here. Print its page.")
    here = place.issue(issue.bulletin, issue.out.number)
    files = {"given:page": _qr(here)}
    blocks = []
    for number, one in enumerate(text.blocks):
        address = _address(one, place)
        if address:
            files[f"given:{number}"] = _qr(address)
        blocks.append((one.html, f"given:{number}", address))
    logo = place.identity.logo
    if logo and cell_logo:
        kind = "image/png" if cell_logo.startswith(b"\x89PNG") else "image/jpeg"
        files["given:logo"] = Given(cell_logo, kind)
    values = {
        "language": issue.shown.language,
        "direction": toolkits.direction(issue.shown.language),
        "title": text.title,
        "author": place.identity.cell,
        "colour": place.identity.colour or USUAL_COLOUR,
        "logo": logo.alt if "given:logo" in files and logo else "",
        "number": issue.out.number,
        "gone": issue.out.withdrawn_at is not None,
        "blocks": blocks,
        "page": here,
        "subscribe": f"{place.bulletin(issue.bulletin)}/subscribe",
    }
    return printing.render("issue.html", values), files


def _address(block: Block, place: Place) -> str:
    item = block.item
    return page_of(item.toolkit, place.home) if item and item.is_on_shelf else ""


def _qr(address: str) -> Given:
    import segno  # late, as everything that only paper needs

    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=4, xmldecl=False)
    return Given(drawn.getvalue(), "image/svg+xml")
