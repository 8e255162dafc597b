"""Pictures of what is downloaded: each file of a kit, and an issue on paper, as they are seen."""

import io
import shutil
import subprocess
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

WIDTH = 480
_SHEETS = 5
"""Pages, or slides, that are shown beside each other."""
_OFFICE = (".docx", ".pptx")


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file, by the end of its name in the kit or by its address, and what is seen."""

    name: str
    found: str
    seen: str


ARTEFACTS = (
    Artefact("poster-a4", "poster-a4.pdf", "Poster, A4 (PDF)"),
    Artefact("poster-a4-picture", "poster-a4.png", "Poster, A4 (PNG)"),
    Artefact("poster-a3", "poster-a3.pdf", "Poster, A3 (PDF)"),
    Artefact("screen", "screen.png", "Slide for a screen (PNG)"),
    Artefact("post-picture", "post-picture.png", "Picture for posts"),
    Artefact("slides", "slides.pptx", "Headline slides (PowerPoint, drawn by LibreOffice)"),
    Artefact("article", "article-400.docx", "Article of 400 words (Word, drawn by LibreOffice)"),
    Artefact("briefing", "briefing.pdf", "Briefing sheet for staff (PDF)"),
    Artefact("faq", "faq.docx", "Questions and answers (Word, drawn by LibreOffice)"),
    Artefact("large-print", "large-print.pdf", "Large print (PDF)"),
    Artefact("issue-paper", "/bulletins/round-up/1.pdf", "An issue on paper, with codes (PDF)"),
    Artefact("card", "/library/flu-jab/card.png", "What a network shows of a link"),
)


def taken(base: str) -> Iterator[tuple[Artefact, Image.Image]]:
    """Each artefact of a demo that runs at an address, as a picture."""
    kit = _kit(base)
    for one in ARTEFACTS:
        content = _got(base + one.found) if one.found.startswith("/") else _of_kit(kit, one.found)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"file{Path(one.found).suffix}")
            path.write_bytes(content)
            yield one, _drawn(path)


def _kit(base: str) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(_got(f"{base}/library/flu-jab/kit.zip"))) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _of_kit(kit: Mapping[str, bytes], end: str) -> bytes:
    return next(content for name, content in kit.items() if name.endswith(end))


def _got(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:
        content: bytes = answer.read()
        return content


def _drawn(path: Path) -> Image.Image:
    if path.suffix in _OFFICE:
        path = _as_pdf(path)
    if path.suffix != ".pdf":
        with Image.open(path) as opened:
            return _fitted([opened.convert("RGB")])
    pages = path.with_name("page")
    subprocess.run(
        [_program("pdftoppm"), "-r", "60", "-l", str(_SHEETS), "-png", str(path), str(pages)],
        check=True,
        timeout=60,
    )
    sheets = []
    for one in sorted(path.parent.glob("page*.png")):
        with Image.open(one) as opened:
            sheets.append(opened.convert("RGB"))
    return _fitted(sheets)


def _as_pdf(path: Path) -> Path:
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    office = [_program("soffice"), profile, "--headless", "--convert-to", "pdf"]
    command = [*office, "--outdir", str(path.parent), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return path.with_suffix(".pdf")


def _fitted(sheets: list[Image.Image]) -> Image.Image:
    """Beside each other, each with a thin edge, as wide as one picture altogether."""
    edged = [_edged(one) for one in sheets]
    whole = Image.new(
        "RGB", (sum(one.width for one in edged), max(one.height for one in edged)), "white"
    )
    left = 0
    for one in edged:
        whole.paste(one, (left, 0))
        left += one.width
    wide = WIDTH if len(edged) == 1 else WIDTH * 2
    return whole.resize((wide, whole.height * wide // whole.width), Image.Resampling.LANCZOS)


def _edged(sheet: Image.Image) -> Image.Image:
    made = Image.new("RGB", (sheet.width + 4, sheet.height + 4), "#aeb7bd")
    made.paste(sheet, (2, 2))
    return made


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is missing: run `make screens`, which installs it.")
    return found
