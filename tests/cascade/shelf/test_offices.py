"""Word documents and slides of a kit open in LibreOffice, which makes PDFs of them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from cascade.shelf.kit import file, file_name
from tests.cascade.shelf.test_kit import TEXT, URDU, make

FILES = (("article-400", "docx"), ("briefing", "docx"), ("faq", "docx"), ("slides", "pptx"))


@pytest.mark.soak
@pytest.mark.parametrize("text", [TEXT, URDU])
def test_office_files_open_in_libreoffice(text: str, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    assert office, "no LibreOffice here: bin/need libreoffice"
    wanted, paths = make(text), []
    for name, ending in FILES:
        path = tmp_path / file_name(wanted, name, ending)
        path.write_bytes(file(wanted, name, ending))
        paths.append(path)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path]
    subprocess.run([*convert, *paths], check=True, capture_output=True, timeout=180)
    for path in paths:
        assert path.with_suffix(".pdf").read_bytes().startswith(b"%PDF"), path.name
