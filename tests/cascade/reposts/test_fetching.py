"""Fetching a stranger's page: only from public places, and never for long or too much."""

import gzip
import time
from collections.abc import Iterator, Sequence
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.reposts.addresses import Refused, Target, is_public, target
from cascade.reposts.fetching import LARGEST, Fetcher, Page, Unreachable
from tests.cascade.reposts.sites import Site, endless, head, moved, page, site

AGENT = "Cascade (link checker; +https://cascade.example.org)"
HTML = {"Content-Type": "text/html"}


@pytest.fixture
def there() -> Iterator[Site]:
    with site() as running:
        yield running


def fetch(address: str, seconds: float = 5.0) -> Page:
    return Fetcher(AGENT, loopback=True, seconds=seconds)(address)


def test_a_page_comes_as_text_and_learns_nothing_but_who_asks(there: Site) -> None:
    there.answers["/a%20b?c=%C3%A9"] = page("<p>Caf\u00e9</p>".encode())

    got = fetch(there.at("/a%20b?c=\u00e9#part"))

    assert (got.status, got.text, got.is_html) == (200, "<p>Café</p>", True)
    assert got.address == there.at("/a%20b?c=%C3%A9")
    (asked,) = there.asked
    assert f"User-Agent: {AGENT}\r\n" in asked
    assert f"Host: 127.0.0.1:{there.port}\r\n" in asked
    assert not {"cookie", "referer", "authorization"} & set(asked.lower().replace(":", " ").split())


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html; charset=windows-1252", b"Caf\xe9"),
        ("text/html", b'<meta charset="iso-8859-1">Caf\xe9'),
        ("text/html; charset=no-such-thing", "Café".encode()),
        ("text/plain; charset=base64", "Café".encode()),
        ("application/xhtml+xml", "Café".encode()),
    ],
)
def test_letters_are_read_as_the_page_means_them(there: Site, kind: str, body: bytes) -> None:
    there.answers["/"] = page(body, kind=kind)

    assert fetch(there.at("/")).text.endswith("Café")


def test_a_page_without_end_is_read_to_the_limit(there: Site) -> None:
    there.answers["/"] = endless(head("200 OK", HTML), b"x" * 60_000)

    assert fetch(there.at("/")).text == "x" * LARGEST


@pytest.mark.parametrize("first", [head("200 OK", HTML), b"HTTP/1.1 200 OK\r\nX: ", b""])
def test_a_site_that_drips_is_left_in_time(there: Site, first: bytes) -> None:
    there.answers["/"] = endless(first, b"x", pause=0.05)
    began = time.monotonic()

    with pytest.raises(Unreachable, match="too long") as left:
        fetch(there.at("/"), seconds=0.5)

    assert time.monotonic() - began < 8
    assert left.value.again


def test_a_name_that_takes_for_ever_is_left_in_time() -> None:
    answers = Event()

    def slowly(host: str, port: int) -> Sequence[str]:
        answers.wait(10)
        return ()

    began = time.monotonic()
    with pytest.raises(Unreachable, match="too long"):
        Fetcher(AGENT, seconds=0.2, resolve=slowly)("https://slow.example.org/")
    assert time.monotonic() - began < 8
    answers.set()


@pytest.mark.parametrize("line", [b"X: " + b"y" * 70_000 + b"\r\n", b"X: y\r\n" * 20_000])
def test_huge_headers_are_not_taken(there: Site, line: bytes) -> None:
    there.answers["/"] = endless(b"HTTP/1.1 200 OK\r\n", line)

    with pytest.raises(Unreachable, match="something else"):
        fetch(there.at("/"))


def test_a_packed_page_is_unpacked_to_the_limit(there: Site) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    there.answers["/bomb"] = page(bomb, Content_Encoding="gzip")
    there.answers["/good"] = page(gzip.compress(b"Good"), Content_Encoding="gzip")
    there.answers["/bad"] = page(b"no gzip", Content_Encoding="gzip")
    there.answers["/odd"] = page(b"odd", Content_Encoding="br")

    assert len(fetch(there.at("/bomb")).text) == LARGEST
    assert fetch(there.at("/good")).text == "Good"
    for path in ("/bad", "/odd"):
        with pytest.raises(Unreachable, match="something else"):
            fetch(there.at(path))


@pytest.mark.parametrize(
    ("status", "kind", "again"),
    [
        *(("404 Not Found", "text/html", False), ("403 Forbidden", "text/html", False)),
        *(("429 Slow", "text/html", True), ("503 Later", "text/html", True)),
        *(("200 OK", "application/pdf", False), ("200 OK", "image/png", False)),
        ("204 No Content", "text/html", False),
    ],
)
def test_what_is_no_page_is_said_with_whether_it_may_change(
    there: Site, status: str, kind: str, again: bool
) -> None:
    there.answers["/"] = page(b"", status=status, kind=kind)

    with pytest.raises(Unreachable) as said:
        fetch(there.at("/"))

    assert (said.value.again, said.value.status) == (again, int(status[:3]))


def test_redirects_are_followed_three_times(there: Site) -> None:
    for one in range(4):
        there.answers[f"/{one}"] = moved(f"/{one + 1}")
    there.answers["/4"] = page(b"There")

    assert fetch(there.at("/1")).address == there.at("/4")
    with pytest.raises(Unreachable, match="again and again"):
        fetch(there.at("/0"))


def test_a_circle_of_redirects_ends(there: Site) -> None:
    there.answers["/"] = moved("/")

    with pytest.raises(Unreachable, match="again and again"):
        fetch(there.at("/"))
    assert len(there.asked) == 4


@pytest.mark.parametrize(
    "place",
    [
        *("http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://192.168.1.1/"),
        *("http://[fe80::1]/", "http://metadata.google.internal/", "ftp://example.org/"),
        *("file:///etc/passwd", "gopher://127.0.0.1/", "http://u:p@example.org/", "//10.1.2.3/"),
        *("http://[::ffff:10.0.0.1]/", "http://0.0.0.0/", "http://router.lan/"),
    ],
)
def test_a_redirect_inside_is_not_followed(there: Site, place: str) -> None:
    there.answers["/"] = moved(place)

    with pytest.raises(Refused):
        fetch(there.at("/"))


def test_without_the_setting_this_machine_is_not_asked(there: Site) -> None:
    for host in ("127.0.0.1", "localhost", "[::1]"):
        with pytest.raises(Refused):
            Fetcher(AGENT)(f"http://{host}:{there.port}/")
    for host in ("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"):
        with pytest.raises(Refused):
            Fetcher(AGENT)(f"http://{host}/")
    assert there.asked == []


@pytest.mark.parametrize(
    "numbers",
    [
        *(["127.0.0.1"], ["10.0.0.8"], ["169.254.169.254"], ["::1"], ["fd00::1"], ["100.64.0.1"]),
        *(["93.184.216.34", "10.0.0.8"], ["2606:2800:220:1::1", "::1"], ["64:ff9b::a00:1"]),
        *(["::ffff:7f00:1"], ["2002:7f00:1::"], ["224.0.0.1"], ["0.0.0.0"], ["255.255.255.255"]),
    ],
)
def test_every_address_of_a_name_has_to_be_public(numbers: list[str]) -> None:
    fetcher = Fetcher(AGENT, resolve=lambda host, port: numbers)

    with pytest.raises(Refused, match="not public"):
        fetcher("http://rebinding.example.org/")


def test_the_connection_goes_to_the_address_that_was_looked_at(there: Site) -> None:
    there.answers["/"] = page(b"Here")
    answers = [["127.0.0.1"], ["10.0.0.8"]]
    fetcher = Fetcher(AGENT, loopback=True, resolve=lambda host, port: answers.pop(0))

    got = fetcher(f"http://news.example.org:{there.port}/")

    assert got.text == "Here"
    assert answers == [["10.0.0.8"]]
    assert f"Host: news.example.org:{there.port}\r\n" in there.asked[0]


def test_a_site_without_a_certificate_is_not_believed(there: Site) -> None:
    with pytest.raises(Unreachable, match="certificate") as said:
        fetch(f"https://127.0.0.1:{there.port}/")
    assert not said.value.again


def test_a_site_that_is_down_or_has_no_name_is_tried_again() -> None:
    with site() as running:
        closed = running.at("/")
    with pytest.raises(Unreachable, match="does not answer") as down:
        fetch(closed)
    with pytest.raises(Unreachable, match="no site") as unknown:
        Fetcher(AGENT, resolve=lambda host, port: ())("https://nowhere.example.org/")
    assert down.value.again
    assert unknown.value.again


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\0" * 200])
def test_what_speaks_no_http_is_said_so(there: Site, answer: bytes) -> None:
    there.answers["/"] = lambda wire: wire.sendall(answer)

    with pytest.raises(Unreachable):
        fetch(there.at("/"))


@pytest.mark.parametrize(
    "address",
    [
        *("http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/"),
        *("http://1.2.3/", "http://0x7f.1/", "http://localhost/", "http://printer/", "http:///a"),
        *("http://example.org:22/", "http://example.org:99999/", "http://user@example.org/"),
        *("http://exa mple.org/", "http://example.org\\@evil.org/", "http://example.org/\r\nX: y"),
        *(
            "javascript:alert(1)",
            "data:text/html,x",
            "",
            "example.org",
            "http://[::1",
            "http://a..b/",
        ),
        *("http://-a.org/", "http://a.local/", "http://a.localhost/", "http://x.onion/"),
        *(
            "http://\u2488.example\u3002org:25/",
            "http://" + "a" * 64 + ".org/",
            "https://a.org/" + "b" * 2_000,
        ),
    ],
)
def test_an_address_of_no_public_site_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        target(address)


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("http://example.org:80/a?b#c", "http://example.org/a?b"),
        ("https://example.org.:443/", "https://example.org/"),
        (
            "https://b\u00fccher.example.org/\u00e4 ".strip(),
            "https://xn--bcher-kva.example.org/%C3%A4",
        ),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
    ],
)
def test_an_address_of_a_site_is_asked_for_as_it_is_meant(address: str, meant: str) -> None:
    assert target(address).address == meant


@given(st.text(max_size=60) | st.from_regex(r"https?://[\x00-\x7f]{0,30}", fullmatch=True))
def test_any_text_is_refused_or_asks_one_site_on_a_usual_port(address: str) -> None:
    try:
        found = target(address)
    except Refused:
        return
    assert isinstance(found, Target)
    assert found.port in (80, 443)
    assert found.address.isascii()
    assert found.address.isprintable()
    assert " " not in found.address
    assert target(found.address) == found


@given(st.ip_addresses(v=4))
def test_an_address_in_another_dress_is_judged_alike(number: object) -> None:
    assert is_public(f"::ffff:{number}") == is_public(f"{number}")
    assert not is_public(f"64:ff9b::{number}")
