"""The URL of a mail server."""

import traceback

import pytest

from channels.smtp import SmtpAddress


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org:2525", ("mail.example.org", 2525, "offered", "", "")),
        ("smtp://mail.example.org", ("mail.example.org", 25, "offered", "", "")),
        ("smtp://mail.example.org:25?tls=none", ("mail.example.org", 25, "none", "", "")),
        ("smtp://[::1]:25?tls=starttls", ("::1", 25, "starttls", "", "")),
        ("smtps://mail.example.org", ("mail.example.org", 465, "tls", "", "")),
        ("smtp://mail.example.org?tls=tls", ("mail.example.org", 465, "tls", "", "")),
        (
            "smtp://me%40x:p%3Aq%2F@h.example.org:587",
            ("h.example.org", 587, "starttls", "me@x", "p:q/"),
        ),
        ("smtp://me:p@h.example.org:25?tls=none", ("h.example.org", 25, "none", "me", "p")),
    ],
)
def test_a_url_is_read(url, expected):
    address = SmtpAddress.parse(url)

    assert (address.host, address.port, address.tls, address.user, address.password) == expected


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "It should be smtp://"),
        ("mail.example.org:25", "It should be smtp://"),
        ("http://mail.example.org", "It should be smtp://"),
        ("smtp://", "It should be smtp://"),
        ("smtp://h.example.org:abc", "The port or the host cannot be read"),
        ("smtp://h.example.org:99999", "The port or the host cannot be read"),
        ("smtp://h.example.org:0", "Nothing may follow"),
        ("smtp://[::1", "The port or the host cannot be read"),
        ("smtp://h.example.org/inbox", "Nothing may follow"),
        ("smtp://h.example.org?tls=maybe", "tls= should be none, starttls or tls"),
        ("smtp://h.example.org?ssl=yes", "The only option is tls=, not ssl="),
        ("smtps://h.example.org?tls=none", "smtps:// is TLS from the first byte"),
        ("smtp://me@h.example.org", "A user needs a password"),
        ("smtp://me:p%0D%0A@h.example.org", "printable ASCII"),
        ("smtp://me:pässword@h.example.org", "printable ASCII"),
    ],
)
def test_a_wrong_url_is_answered_with_what_to_do(url, words):
    with pytest.raises(ValueError, match=words.replace("?", r"\?")):
        SmtpAddress.parse(url)


def test_the_password_shows_neither_in_a_string_nor_in_a_repr():
    address = SmtpAddress.parse("smtp://me:sesame@h.example.org")

    assert "sesame" not in f"{address} {address!r}"


@pytest.mark.parametrize("rest", ["h.example.org?tls=what", "h:x", "h/a", "[h", ""])
def test_the_password_does_not_show_in_a_refusal(rest):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - any of them
        SmtpAddress.parse(f"smtp://me:sesame@{rest}")

    assert "sesame" not in "".join(traceback.format_exception(refusal.value)[-1:])
    assert refusal.value.__cause__ is None
