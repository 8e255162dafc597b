"""Pages for paper and screens as tagged PDFs, out of `templates/print/`.

What is drawn may load nothing but what it is given: no file, no address, no network.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parents[1] / "templates" / "print"
GIVEN = "given:"
"""What the addresses of given files begin with in templates, if they have none of their own."""


@dataclass(frozen=True, slots=True)
class Given:
    """A file that a page shows."""

    content: bytes
    media_type: str


def render(name: str, values: Mapping[str, object]) -> str:
    """A template filled, its values escaped."""
    return _environment().get_template(name).render(values)


def pdf(html: str, files: Mapping[str, Given] | None = None) -> bytes:
    """The page as PDF/UA-1, which screen readers can read; `files` by address."""
    written: bytes = _laid_out(html, files or {}).write_pdf(pdf_variant="pdf/ua-1")
    return written


def fitted(
    name: str,
    values: Mapping[str, object],
    scales: tuple[int, ...],
    files: Mapping[str, Given] | None = None,
) -> bytes:
    """A template on one page: with `scale` as the first of these percentages that it fits with.

    With the last one whatever doesn't fit stands on further pages.
    """
    for scale in scales:
        drawn = _laid_out(render(name, {**values, "scale": scale}), files or {})
        if len(drawn.pages) == 1:
            break
    written: bytes = drawn.write_pdf(pdf_variant="pdf/ua-1")
    return written


def _weasyprint() -> Any:
    """Late: it takes a second and 40 MB."""
    import weasyprint
    from PIL import ImageFile

    # It lets Pillow take damaged pictures, in the whole process: uploads must not become so.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint


def _laid_out(html: str, files: Mapping[str, Given]) -> Any:
    weasyprint = _weasyprint()
    # Without an address of its own a page has no folder that relative ones lead to.
    page = weasyprint.HTML(string=html, base_url=GIVEN, url_fetcher=_fetcher(files))
    return page.render(pdf_variant="pdf/ua-1")


def _fetcher(files: Mapping[str, Given]) -> Any:
    """Gives what there is by its exact address; everything else is refused."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]  # published without types
        """Opens nothing: its parent's ways to files and networks are not asked."""

        def fetch(self, url: str, headers: object = None) -> Any:
            found = files.get(url)
            if found is None:
                raise ValueError("only what was given is shown")
            return URLFetcherResponse(url, found.content, {"Content-Type": found.media_type})

    return Fetcher()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
