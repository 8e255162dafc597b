"""`make screens`: pictures of the main pages, wide and as on a phone, out of a running demo."""

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from cascade.accounts import links, users
from cascade.database import connect
from tests.browser.artefacts import ARTEFACTS, taken
from tests.browser.chromium import launched
from tests.browser.serving import listening
from workers.runtime import utc_now

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "screens"
WIDTHS = {"wide": 1280, "phone": 360}
_WINDOW: ViewportSize = {"width": 1280, "height": 900}
_COLOURS = 48
_CHOSEN = "segment=care-homes&segment=pharmacies"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page, who looks at it, and what is seen; without a path: the link in a mail."""

    name: str
    who: str
    path: str
    seen: str
    longest: int = 1500
    """Pixels; what is below is cut off."""
    begins: str = ""
    """What stands at its top, in place of the top of the page."""


PICTURES = (
    Picture("home", "noor", "/", "The first page: what needs somebody now, what is on its way"),
    Picture("toolkits", "amina", "/toolkits", "Toolkits: drafts, what waits, what is approved"),
    Picture(
        "draft",
        "amina",
        f"/drafts/1?{_CHOSEN}&format=email&format=sms",
        "Writing a text: it is saved by itself, and problems are shown beside it",
        longest=1200,
    ),
    Picture(
        "previews",
        "amina",
        f"/drafts/1?{_CHOSEN}&format=email&format=sms",
        "What each segment gets of it, side by side",
        longest=1200,
        begins=".app-previews",
    ),
    Picture("approve", "joss", "/versions/5", "A text that waits for approval"),
    Picture("whom", "lee", "/release/flu-jab", "A release: who gets this"),
    Picture("check", "lee", f"/release/flu-jab/check?{_CHOSEN}&tier=urgent", "A last look"),
    Picture("countersign", "noor", "/cascades/3/countersign", "A second person countersigns"),
    Picture("cascade", "noor", "/cascades/1", "A cascade: how far it has come, by segment"),
    Picture("recipients", "noor", "/cascades/1/recipients", "Recipients, with filters"),
    Picture("story", "noor", "/cascades/1/recipients/1", "The story of one message"),
    Picture("answers", "noor", "/cascades/1/answers", "What people answered"),
    Picture("organisation", "robin", "/organisations/1", "An organisation and its contacts"),
    Picture("settings", "robin", "/settings", "Settings"),
    Picture("health", "robin", "/health", "Whether everything runs"),
    Picture("library", "noor", "/library", "The public library"),
    Picture("library-toolkit", "noor", "/library/flu-jab", "A toolkit, as anybody reads it"),
    Picture("kit", "noor", "/library/flu-jab/kit", "What a group takes to pass it on"),
    Picture("used", "noor", "/library/flu-jab/used", "“We used it”"),
    Picture("reposts", "noor", "/reposts/of/flu-jab", "Where it was used, against its target"),
    Picture("bulletin", "amina", "/editions/round-up", "A bulletin and its issues"),
    Picture("issue", "amina", "/editions/round-up/2", "An issue that is being put together"),
    Picture("insert", "amina", "/inserts/opening-hours", "A table that is kept as data"),
    Picture("confirm", "noor", "", "What a care home sees: the message, and the answer"),
)
"""In the order of the work."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A demonstration that runs in a folder of its own."""

    base: str
    folder: Path

    def way_in(self, who: str) -> str:
        """The link that signs somebody in, once."""
        file = f"sqlite:///{self.folder}/var/demo/cascade.db"
        with closing(connect(file)) as database, database.writing() as session:
            person = users.find(session, f"{who}@westcounty.example.org")
            token = links.issue(session, person.id, "sign-in", utc_now())
        return f"{self.base}/desk/{token}"


@contextmanager
def demo() -> Iterator[Demo]:
    """`cascade demo` on a free port, as soon as it serves."""
    opened, base = listening()
    opened.close()
    with tempfile.TemporaryDirectory() as folder:
        program = str(Path(sys.executable).with_name("cascade"))
        command = [program, "demo", "--port", base.rpartition(":")[2]]
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            try:
                assert any(line.startswith("Serving until") for line in process.stdout)
                yield Demo(base, Path(folder))
            finally:
                process.terminate()


def take(browser: Browser, at: Demo, picture: Picture) -> None:
    """Both pictures of a page."""
    with closing(browser.new_context(viewport=_WINDOW, locale="en-GB")) as context:
        page = context.new_page()
        page.goto(at.way_in(picture.who))
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out").wait_for()
        address = at.base + picture.path if picture.path else message(page, at)
        for size, width in WIDTHS.items():
            # As high as the picture: a browser doesn't draw frames that are out of sight.
            page.set_viewport_size({"width": width, "height": picture.longest})
            page.goto(address, wait_until="networkidle")
            if picture.begins:
                page.locator(picture.begins).first.evaluate("part => part.scrollIntoView()")
                page.wait_for_timeout(500)  # until the frames are drawn
            height = page.evaluate("document.body.offsetHeight")
            keep(page.screenshot(), min(height, picture.longest), f"{picture.name}-{size}.png")


def message(page: Page, at: Demo) -> str:
    """The link in a mail that was caught."""
    page.goto(f"{at.base}/inbox/10")
    link = page.frame_locator("iframe").locator('a[href*="/c/"]').first.get_attribute("href")
    assert link is not None
    return link


def keep(content: bytes, height: int, name: str) -> None:
    """Write a picture no longer than the page."""
    with Image.open(io.BytesIO(content)) as whole:
        write(whole.convert("RGB").crop((0, 0, whole.width, height)), name)


def write(picture: Image.Image, name: str) -> None:
    """Write a picture small, with few colours."""
    few = picture.quantize(_COLOURS, dither=Image.Dither.NONE)
    few.save(FOLDER / name, optimize=True)


def index() -> str:
    """The page that shows them."""
    parts = [
        "# Screens",
        "",
        "The demo (`make demo`), wide and on a phone. `make screens` takes these pictures anew;",
        "each is cut where it gets long. [The same job by keyboard alone](keyboard.md).",
    ]
    for one in PICTURES:
        words = f"{one.seen}."
        parts += ["", f"## {one.seen}", ""]
        parts += [f"![{words} In a wide window.]({one.name}-wide.png)", ""]
        parts += [f"![{words} On a phone.]({one.name}-phone.png)"]
    parts += ["", "## What is downloaded", ""]
    parts += [f"![{one.seen}.](file-{one.name}.png)\n\n{one.seen}\n" for one in ARTEFACTS]
    return "\n".join(parts).rstrip() + "\n"


def main() -> None:
    """Take every picture, and write the page that shows them."""
    FOLDER.mkdir(exist_ok=True)
    with demo() as at, launched() as browser:
        for picture in PICTURES:
            sys.stdout.write(f"  {picture.name}\n")
            take(browser, at, picture)
        for artefact, drawn in taken(at.base):
            sys.stdout.write(f"  {artefact.name}\n")
            write(drawn, f"file-{artefact.name}.png")
    (FOLDER / "README.md").write_text(index(), "utf-8")


if __name__ == "__main__":
    main()
