"""Which pictures a message shows: over https from anywhere, and from the installation itself."""

import pytest

from toolkits import check, html, parse

HOME = "http://127.0.0.1:8000"


def said(address: str, home: str = HOME) -> tuple[str, bool]:
    """The HTML of a picture, and whether its address is a problem."""
    document = parse(f"---\ntitle: A\n---\n![A nurse]({address})", home)
    codes = {problem.code for problem in check(document)}
    return html(document, ()), "image-not-https" in codes


@pytest.mark.parametrize("home", [HOME, f"{HOME}/cascade", f"{HOME}/"])
def test_the_installations_own_pictures_are_shown_without_https(home: str) -> None:
    address = f"{home.rstrip('/')}/a/0f/nurse.png"

    assert said(address, home) == (f'<p><img alt="A nurse" src="{address}"></p>', False)


@pytest.mark.parametrize(
    ("address", "home"),
    [
        (f"{HOME}/a/0f/nurse.png", ""),
        (f"{HOME}.example.org/nurse.png", HOME),
        (f"{HOME}@example.org/nurse.png", HOME),
        (f"{HOME}0/nurse.png", HOME),
        ("http://example.org/nurse.png", HOME),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("data:image/png;base64,AAAA", HOME),
        ("//127.0.0.1:8000/nurse.png", HOME),
    ],
)
def test_any_other_picture_without_https_is_left_out(address: str, home: str) -> None:
    assert said(address, home) == ("<p><em>A nurse</em></p>", True)


def test_an_address_may_say_how_wide_its_picture_is_shown() -> None:
    shown, _ = said("https://example.org/a.png#width=560")

    assert 'src="https://example.org/a.png#width=560"' in shown
    assert 'width="560"' in shown


@pytest.mark.parametrize("end", ["#width=0", "#width=5000", "#width=5x", "#width=-5", "?width=5"])
def test_a_width_that_is_none_is_not_taken(end: str) -> None:
    assert "width=" not in said(f"https://example.org/a.png{end}")[0].replace(end, "")
