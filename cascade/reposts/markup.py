"""What people read on a page of HTML, and where its links lead."""

from dataclasses import dataclass

from cascade.markup import Tag, tokens

_BLOCKS = {
    *("p", "div", "section", "article", "header", "br", "hr", "blockquote", "pre"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "tr", "td", "th"),
}
_HIDDEN = {"template", "noscript", "svg", "select"}
_LINKS = {"a": "href", "iframe": "src"}


@dataclass(frozen=True, slots=True)
class Markup:
    """What a page of HTML holds."""

    text: str
    addresses: tuple[str, ...]


def read(page: str) -> Markup:
    """The text of a page, as people read it, and the addresses of its links."""
    pieces: list[str] = []
    addresses: list[str] = []
    curtain = _Curtain()
    for one in tokens(page):
        if isinstance(one, Tag):
            if not one.is_end and (address := one.attributes.get(_LINKS.get(one.name, ""))):
                addresses.append(address.strip())
            shown = " " if one.name in _BLOCKS else ""
        else:
            shown = one
        if shown and not curtain.hidden:
            pieces.append(shown)
        if isinstance(one, Tag):
            curtain.pass_by(one)
    return Markup("".join(pieces), tuple(addresses))


@dataclass(slots=True)
class _Curtain:
    """The element that hides what is in it, and how many of its name are open."""

    hidden: str = ""
    _depth: int = 0

    def pass_by(self, tag: Tag) -> None:
        if tag.name not in _HIDDEN:
            return
        is_whole = tag.closes_itself and tag.name == "svg"
        if not self.hidden and not tag.is_end and not is_whole:
            self.hidden, self._depth = tag.name, 1
        elif self.hidden == tag.name:
            self._depth += -1 if tag.is_end else 0 if is_whole else 1
            self.hidden = tag.name if self._depth else ""
