"""Forms as a browser would send them: the fields that a page holds, with what a person fills in."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """Collects what a browser would submit of a page's post forms if nobody touched them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.radios: list[tuple[str, str]] = []
        self._is_post = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_post = given.get("method") == "post"
        elif self._is_post and tag in ("input", "textarea") and "name" in given:
            self._field(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_post = False

    def _field(self, given: dict[str, str]) -> None:
        if given.get("type") != "radio":
            self.fields[given["name"]] = given.get("value", "")
            return
        self.radios.append((given["name"], given["value"]))
        if "checked" in given:
            self.fields[given["name"]] = given["value"]


def untouched(page: str) -> dict[str, str]:
    """The fields and values of a page's form as they stand."""
    return _parsed(page).fields


def choices(page: str) -> list[tuple[str, str]]:
    """Name and value of each radio button, from the top of the page down."""
    return _parsed(page).radios


def _parsed(page: str) -> _Fields:
    parser = _Fields()
    parser.feed(page)
    return parser


def whole(page: str) -> str:
    """A page without the places where a line may end in an address."""
    return page.replace("<wbr>", "")
