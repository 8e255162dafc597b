"""The pieces of a kit: their names, what they come as, and how each is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import toolkits
from cascade.errors import NotFound, Refused
from cascade.shelf import copies, drawing, prints
from cascade.shelf.copies import ARTICLES
from cascade.shelf.orders import Order
from toolkits.formats.deck import to_deck
from toolkits.formats.slides import Slide

_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "html": "text/html",
        "md": "text/markdown",
        "txt": "text/plain",
        "docx": f"{_OFFICE}.wordprocessingml.document",
        "pptx": f"{_OFFICE}.presentationml.presentation",
        "pdf": "application/pdf",
        "png": "image/png",
        "zip": "application/zip",
    }
)
ENDING_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "docx": "Word",
        "html": "Web page (HTML)",
        "md": "Markdown",
        "txt": "Plain text",
        "pptx": "PowerPoint",
        "pdf": "PDF",
        "png": "Picture (PNG)",
    }
)
LONGEST = 200_000
"""Characters of a toolkit that a kit is made of; longer ones take seconds for each piece."""
_COPY_ENDINGS = ("docx", "html", "md", "txt")

Maker = Callable[[Order], bytes]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a kit and the endings that it comes with; `purpose` says what it is for."""

    name: str
    words: str
    purpose: str
    makers: Mapping[str, Maker]

    @property
    def endings(self) -> tuple[str, ...]:
        return tuple(self.makers)


def _copy(piece: str) -> Mapping[str, Maker]:
    """A piece of copy as Word, HTML, Markdown and plain text."""

    def maker(write: Callable[[Order, copies.Text], str | bytes]) -> Maker:
        def make(order: Order) -> bytes:
            written = write(order, copies.text(order, piece))
            return written if isinstance(written, bytes) else written.encode()

        return make

    writers: tuple[Callable[[Order, copies.Text], str | bytes], ...] = (
        copies.as_word,
        copies.as_html,
        copies.as_markdown,
        copies.as_text,
    )
    return {ending: maker(write) for ending, write in zip(_COPY_ENDINGS, writers, strict=True)}


def _poster(form: str) -> Maker:
    return lambda order: prints.poster(order, form)


def _picture(form: str) -> Maker:
    return lambda order: drawing.draw(order, form)


def _slides(order: Order) -> bytes:
    made = toolkits.slides(order.document, order.segments)
    filled = [
        Slide(
            order.text(one.title),
            tuple(map(order.text, one.bullets)),
            "\n".join(map(order.text, one.notes.split("\n"))),
        )
        for one in made
    ]
    return to_deck(filled, copies.sheet_with_line(order))


def _all_posts(order: Order) -> bytes:
    parts = [f"{', '.join(one.networks)}\n\n{one.text}" for one in copies.posts(order)]
    parts.append(f"Description of the picture\n\n{drawing.alternative(order)}")
    return ("\n\n----\n\n".join(parts) + "\n").encode()


PIECES: Mapping[str, Piece] = MappingProxyType(
    {
        piece.name: piece
        for piece in (
            *(
                Piece(
                    f"article-{most}",
                    f"Newsletter article, {most} words",
                    "for a newsletter, a bulletin or a website",
                    _copy(f"article-{most}"),
                )
                for most in ARTICLES
            ),
            Piece("posts", "Social media posts", "one for each network", {"txt": _all_posts}),
            Piece(
                "post-picture",
                "Picture for posts",
                "1200 by 675 pixels; give its description too",
                {"png": _picture("post-picture")},
            ),
            Piece(
                "text-message",
                "Text message",
                "to send to members who agreed to that",
                {"txt": lambda order: copies.sms(order).encode()},
            ),
            Piece("slides", "Headline slides", "with notes for the speaker", {"pptx": _slides}),
            Piece(
                "poster-a4",
                "Poster, A4",
                "for a noticeboard",
                {"pdf": _poster("poster-a4"), "png": _picture("poster-a4")},
            ),
            Piece(
                "poster-a3",
                "Poster, A3",
                "for a wall",
                {"pdf": _poster("poster-a3"), "png": _picture("poster-a3")},
            ),
            Piece(
                "screen",
                "Slide for a screen",
                "1920 by 1080 pixels, for a waiting room",
                {"pdf": _poster("screen"), "png": _picture("screen")},
            ),
            Piece(
                "briefing",
                "Briefing sheet for staff",
                "for team meetings and handovers",
                {"pdf": prints.briefing, **_copy("briefing")},
            ),
            Piece("faq", "Questions and answers", "for who is asked about it", _copy("faq")),
            Piece(
                "large-print",
                "Large print",
                "the whole message in letters of 18 points",
                {"pdf": prints.large},
            ),
            Piece("qr-code", "QR code", "leads to the library", {"png": prints.qr}),
        )
    }
)
"""In the order of the page, by name."""


def has(name: str, ending: str) -> bool:
    """Whether there is such a file in a kit."""
    return name in PIECES and ending in PIECES[name].makers


def file(order: Order, name: str, ending: str) -> bytes:
    """One piece; raises NotFound for what there is none of, Refused for what can't be made."""
    if not has(name, ending):
        raise NotFound(f"There is no “{name}.{ending}” in a kit.")
    if name in drawing.FORMATS and ending == "png" and not drawing.can_draw(order):
        raise Refused("There is no font here for the letters of this picture. Take the PDF.")
    return PIECES[name].makers[ending](order)


def file_name(order: Order, name: str, ending: str) -> str:
    """`flu-jab-ur-article-50.docx`: ASCII, and never two of the same."""
    language = "" if order.shown.language == "en" else f"-{order.shown.language.lower()}"
    return f"{order.shown.toolkit}{language}-{name}.{ending}"


def checked(order: Order) -> Order:
    """The order, if its text can be worked on; raises Refused."""
    if sum(len(one.markdown) for one in order.document.sections) > LONGEST:
        raise Refused("This toolkit is too long for a kit. Take its page in the library.")
    return order
