"""The words of a kit: articles, sheet, questions, posts, text message, ready to be taken."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from types import MappingProxyType

import toolkits
from cascade.errors import NotFound
from cascade.shelf.orders import Order
from toolkits.formats import copying
from toolkits.formats.blocks import Block, Run, read
from toolkits.formats.lengths import cut, words
from toolkits.formats.paste import in_language, to_html
from toolkits.formats.plain_markdown import heading, to_markdown
from toolkits.formats.sheets import Sheet
from toolkits.formats.social import Network, length, networks
from toolkits.formats.word import to_word
from toolkits.plaintext import to_text

ARTICLES = (50, 150, 400)
"""Words of a newsletter article."""
SOURCE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "written": "",
        "longer": "The newsletter copy is shorter than this: the rest was made from the key "
        "messages and the message.",
        "made": "Nobody wrote copy for this: it was made from the key messages.",
    }
)
"""What is said of copy that isn't as somebody wrote it."""


@dataclass(frozen=True, slots=True)
class Text:
    """A piece with a text: its title apart, its blocks, and what to say about it."""

    title: str
    blocks: tuple[Block, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A post as it fits a network."""

    networks: tuple[str, ...]
    """Names of those that get the same words."""
    text: str
    note: str


def article(order: Order, most: int) -> Text:
    """The newsletter article in one of its lengths."""
    return _text(order, copying.article(order.document, order.segments, most), most)


def text(order: Order, piece: str) -> Text:
    """A piece of copy by its name; raises NotFound."""
    if piece in _COPIES:
        return _text(order, _COPIES[piece](order.document, order.segments))
    for most in ARTICLES:
        if piece == f"article-{most}":
            return article(order, most)
    raise NotFound(f"There is no copy called “{piece}”.")


def pasted(order: Order, piece: Text, *, top: int = 2) -> str:
    """What is put into the clipboard as HTML: title, text and where it is from.

    `top`: the level of the title, lower where it is shown below other headings.
    """
    title = f"<h{top}>{escape(piece.title, quote=False)}</h{top}>"
    body = to_html((*piece.blocks, *closing(order)), top=top + 1)
    return in_language(f"{title}\n{body}", order.shown.language)


def as_text(order: Order, piece: Text) -> str:
    """The same as plain text."""
    return f"{piece.title}\n\n{to_text(to_html((*piece.blocks, *closing(order))))}"


def as_html(order: Order, piece: Text) -> str:
    """The same as a page by itself."""
    language, title = escape(order.shown.language), escape(piece.title, quote=False)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="{toolkits.direction(language)}">\n'
        f'<head>\n<meta charset="utf-8">\n<title>{title}</title>\n</head>\n<body>\n'
        f"{pasted(order, piece)}\n</body>\n</html>\n"
    )


def as_markdown(order: Order, piece: Text) -> str:
    """The same as Markdown."""
    body = to_markdown((*piece.blocks, *closing(order)), top=2)
    return f"{heading(piece.title)}\n\n{body}\n"


def as_word(order: Order, piece: Text) -> bytes:
    """The same as a Word document."""
    made = replace(sheet(order), title=piece.title)
    return to_word((*piece.blocks, *closing(order)), made)


def sheet(order: Order) -> Sheet:
    """What files for other programs say of themselves."""
    return Sheet(
        title=order.title,
        language=order.shown.language,
        author=order.brand.group or order.identity.cell,
        made_at=order.shown.published_at,
        colour=order.colour,
        closing="",
        pictures={address: content for address, (_, content) in order.pictures.items()},
        logo=order.brand.logo or order.logo,
    )


def closing(order: Order) -> tuple[Block, ...]:
    """Who it is from and where more is: without words of ours where the text isn't English."""
    brand, link = order.brand, Run(order.page, link=order.page)
    site = [Run(brand.site, link=brand.site)] if brand.site else []
    if not order.is_english:
        own = [Run(part) for part in (brand.group, brand.contact) if part] + site
        return _paragraphs(_joined(own, " · "), _joined([Run(order.identity.cell), link], " · "))
    more = [Run(f"{order.identity.cell}. More: "), link]
    if not brand.group:
        return _paragraphs([Run("From "), *more])
    contact = [Run(brand.contact)] if brand.contact else []
    reached = _joined([*contact, *site], ", ")
    said = [Run(f"From {brand.group}."), *([Run(" Contact: "), *reached] if reached else [])]
    return _paragraphs(said, [Run("First published by "), *more])


def closing_line(order: Order) -> str:
    """The same as one line of text."""
    return " ".join(block.text for block in closing(order))


def posts(order: Order) -> tuple[Posted, ...]:
    """The posts; one that is too long for a network is cut at the end of a sentence."""
    known = {one.key: one for one in networks()}
    found: dict[tuple[str, str], list[str]] = {}
    for post in toolkits.social(order.document, order.segments):
        network = known[post.network]
        whole = order.text(post.text)
        fitting = _fitting(whole, network)
        note = "" if fitting == whole else "Shortened: the post was too long for this network."
        if fitting:
            found.setdefault((fitting, note), []).append(network.name)
    return tuple(Posted(tuple(names), said, note) for (said, note), names in found.items())


def sms(order: Order) -> str:
    """The text message."""
    return order.text(toolkits.sms(order.document, order.segments))


_COPIES: Mapping[str, Callable[[toolkits.Document, tuple[str, ...]], copying.Copy]] = {
    "briefing": copying.briefing,
    "faq": copying.questions,
}


def _text(order: Order, copy: copying.Copy, most: int | None = None) -> Text:
    title = " ".join(to_text(order.html(copy.title)).split())
    blocks = read(order.html(copy.html))
    if most is not None:
        blocks = cut(blocks, most)
    notes, length = [SOURCE_WORDS[copy.source]], words(blocks)
    if most and length < most * copying.ENOUGH:
        notes.append(f"There is no more to say: it has {length} words.")
    return Text(title, blocks, " ".join(filter(None, notes)))


def _fitting(text: str, network: Network) -> str:
    """The whole sentences that fit, with the address at the end if there is one."""
    if length(text, network) <= network.longest:
        return text
    *_, last = text.split() or [""]
    address = last if last.startswith(("https://", "http://")) else ""
    body = read(f"<p>{escape(text.removesuffix(address).strip(), quote=False)}</p>")
    for most in range(words(body), 0, -1):
        cut_body = "".join(block.text for block in cut(body, most))
        fitting = f"{cut_body} {address}".strip()
        if length(fitting, network) <= network.longest:
            return fitting
    return address


def _joined(runs: list[Run], between: str) -> list[Run]:
    parts: list[Run] = []
    for run in runs:
        parts += [Run(between), run] if parts else [run]
    return parts


def _paragraphs(*lines: list[Run]) -> tuple[Block, ...]:
    return tuple(Block("p", tuple(line)) for line in lines if line)


def listed(order: Order) -> Iterator[tuple[str, Text]]:
    """Every piece of copy with its name."""
    for most in ARTICLES:
        yield f"article-{most}", article(order, most)
    for name in _COPIES:
        yield name, text(order, name)


def sheet_with_line(order: Order) -> Sheet:
    """The same for files that have no room for paragraphs at their end."""
    return replace(sheet(order), closing=closing_line(order))
