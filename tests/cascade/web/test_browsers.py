"""Browsers as people call them."""

import pytest

from cascade.web.browsers import browser_words

MOZILLA = "Mozilla/5.0"
APPLE = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            f"{MOZILLA} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        (f"{MOZILLA} (Windows NT 10.0) {APPLE} Chrome/140.0 Safari/537.36", "Chrome on Windows"),
        (
            f"{MOZILLA} (Windows NT 10.0) {APPLE} Chrome/140.0 Safari/537.36 Edg/140",
            "Edge on Windows",
        ),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15) {APPLE} Safari/605.1", "Safari on a Mac"),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1",
            "Safari on an iPhone",
        ),
        (f"{MOZILLA} (Linux; Android 15) {APPLE} Chrome/140.0 Mobile Safari", "Chrome on Android"),
        ("Firefox/140.0", "Firefox"),
        ("curl/8.0", "curl/8.0"),
        ("", ""),
    ],
)
def test_a_browser_is_called_as_people_call_it(agent: str, words: str) -> None:
    assert browser_words(agent) == words
