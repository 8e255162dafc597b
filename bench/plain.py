"""The plain script: what most people would write. Jinja, EmailMessage and smtplib, one by one."""

import smtplib
import time
from email.message import EmailMessage

from jinja2 import Template

from bench.stage import SIZE

_PARAGRAPH = (
    "<p style='font-family: Arial; font-size: 16px'>Wrap up warm, {{ organisation }}.</p>\n"
)
_HTML = Template(
    "<html><body><h1>{{ title }}</h1>"
    + _PARAGRAPH * (SIZE // 150)
    + "<a href='{{ link }}'>Confirm</a></body></html>"
)
_TEXT = Template(
    "{{ title }}\n\n" + "Wrap up warm, {{ organisation }}.\n" * (SIZE // 250) + "{{ link }}\n"
)


def plain_script(port: int, messages: int) -> float:
    """Messages a second, over one kept connection."""
    start = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(messages):
            server.send_message(_message(number))
    return messages / (time.perf_counter() - start)


def _message(number: int) -> EmailMessage:
    values = {
        "title": "Cold weather is coming",
        "organisation": f"Organisation {number}",
        "link": f"https://example.org/c/{number}",
    }
    message = EmailMessage()
    message["From"] = "cascade@example.org"
    message["To"] = f"person{number}@example.org"
    message["Subject"] = values["title"]
    message.set_content(_TEXT.render(values))
    message.add_alternative(_HTML.render(values), subtype="html")
    return message


def size() -> int:
    """Bytes of one of its messages."""
    return len(_message(1).as_bytes())
