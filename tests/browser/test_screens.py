"""The pictures in the documents are those that `make screens` takes."""

from tests.browser.artefacts import ARTEFACTS
from tests.browser.screens import FOLDER, PICTURES, WIDTHS, index
from tests.documents import document

MOST = 3_000_000


def test_every_picture_is_there_and_shown_and_all_are_small() -> None:
    wanted = {f"{one.name}-{size}.png" for one in PICTURES for size in WIDTHS}
    wanted |= {f"file-{one.name}.png" for one in ARTEFACTS}

    assert {file.name for file in FOLDER.glob("*.png")} == wanted
    assert document("docs/screens/README.md") == index()
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < MOST


def test_the_first_page_of_the_documents_shows_three() -> None:
    assert document("README.md").count("](docs/screens/") == 4  # and the way to the others
