"""What mail gateways do to the links in a message, to the pages behind them, and to their forms."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlencode

import httpx
from playwright.sync_api import Page

from cascade.web.stamps import Stamper
from tests.cascade.web.forms import choices, untouched
from tests.cascade.web.scene import NOW, Scene

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
PERSON = {"answer": "received", "name": "Jo Bloggs", "role": "Manager"}


@dataclass(frozen=True)
class Scanner:
    """What a gateway has got: the message, and a way to ask for addresses."""

    message: EmailMessage
    scene: Scene
    http: httpx.Client

    @property
    def links(self) -> list[str]:
        """Every address in the message, its headers included."""
        parts = [self.message.get_body((kind,)) for kind in ("plain", "html")]
        text = "\n".join([part.get_content() for part in parts if part])
        text += str(self.message["List-Unsubscribe"])
        own = re.escape(self.scene.links.base_url)
        return sorted(set(re.findall(rf"{own}[^\s\"'<>)]+", text)))

    @property
    def confirm(self) -> str:
        return self._link("/c/")

    @property
    def unsubscribe(self) -> str:
        return self._link("/u/")

    @property
    def stamp(self) -> dict[str, str]:
        """A stamp as the page gives it out."""
        return {"stamp": Stamper(self.scene.links, self.scene.deliveries[0], NOW).stamp()}

    def page(self, address: str) -> str:
        return self.http.get(address).text

    def post(self, address: str, data: dict[str, str]) -> None:
        self.http.post(address, data=data)

    def _link(self, prefix: str) -> str:
        [found] = [one for one in self.links if prefix in one]
        return found


Behaviour = Callable[[Scanner], object]
BrowserBehaviour = Callable[[Page, str], object]


def every(ask: Callable[[Scanner, str], object]) -> Behaviour:
    """The same done to every address in the message."""

    def behave(scanner: Scanner) -> None:
        for link in scanner.links:
            ask(scanner, link)

    return behave


def follow_everything(scanner: Scanner) -> None:
    seen = set(scanner.links)
    for link in scanner.links:
        found = re.findall(r'(?:href|src|action)="(/[^"]*)"', scanner.page(link))
        seen |= {str(httpx.URL(link).join(path)) for path in found}
    for link in seen:
        scanner.http.get(link)


def first_choice(scanner: Scanner, address: str) -> None:
    page = scanner.page(address)
    scanner.post(address, untouched(page) | dict([choices(page)[0]]))


def override_method(scanner: Scanner, address: str) -> None:
    filled = urlencode(PERSON | scanner.stamp | ONE_CLICK | {"_method": "POST"})
    headers = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST"}
    scanner.http.get(f"{address}?{filled}", headers=headers)


def bend(scanner: Scanner, address: str) -> None:
    for end in (".", ",", ")", ">", "%22", "/", "?utm_source=x", "#top", "&x=1"):
        scanner.http.get(address + end)
        scanner.http.post(address + end, data=untouched(scanner.page(address)))
    scanner.http.get(address.upper().replace("HTTP", "http"))
    path = httpx.URL(address).path
    scanner.http.get(address.replace(path, path[:3] + path[3:].upper()))


def truncate(scanner: Scanner, address: str) -> None:
    for cut in range(1, 26, 4):
        scanner.post(address[:-cut], PERSON | scanner.stamp | ONE_CLICK)


def swap(scanner: Scanner) -> None:
    token = scanner.confirm.rpartition("/")[2], scanner.unsubscribe.rpartition("/")[2]
    scanner.post(scanner.unsubscribe.replace(token[1], token[0]), ONE_CLICK)
    scanner.post(scanner.confirm.replace(token[0], token[1]), PERSON | scanner.stamp)


def json_body(scanner: Scanner, address: str) -> None:
    scanner.http.post(address, json=PERSON | scanner.stamp | ONE_CLICK)


def plain_body(scanner: Scanner, address: str) -> None:
    filled = urlencode(PERSON | scanner.stamp | ONE_CLICK)
    scanner.http.post(address, content=filled, headers={"Content-Type": "text/plain"})
    scanner.http.post(address, content=json.dumps(PERSON))


BEHAVIOURS: dict[str, Behaviour] = {
    "HEAD": every(lambda scanner, link: scanner.http.head(link)),
    "GET": every(lambda scanner, link: scanner.http.get(link)),
    "OPTIONS": every(lambda scanner, link: scanner.http.options(link)),
    "HEAD then GET": every(lambda s, link: (s.http.head(link), s.http.get(link))),
    "fifty GETs": every(lambda s, link: [s.http.get(link) for _ in range(50)]),
    "every link and every link behind it": follow_everything,
    "prefetch": every(
        lambda s, link: s.http.get(link, headers={"Purpose": "prefetch", "Sec-Purpose": "prefetch"})
    ),
    "GET with the form in the query": every(
        lambda s, link: s.http.get(link, params=PERSON | s.stamp | ONE_CLICK | {"choice": "stop"})
    ),
    "GET that says it is a POST": every(override_method),
    "PUT, PATCH, DELETE": every(
        lambda s, link: [
            s.http.request(method, link, data=PERSON | s.stamp | ONE_CLICK)
            for method in ("PUT", "PATCH", "DELETE")
        ]
    ),
    "POST without a body": every(lambda s, link: s.http.post(link)),
    "POST of an empty form": every(
        lambda s, link: s.post(link, dict.fromkeys(("answer", "name", "role", "choice"), ""))
    ),
    "POST of the form as it stands": every(lambda s, link: s.post(link, untouched(s.page(link)))),
    "POST of the form as multipart": every(
        lambda s, link: s.http.post(
            link, files={key: (None, value) for key, value in untouched(s.page(link)).items()}
        )
    ),
    "POST of the first choice": every(first_choice),
    "POST of a name alone": lambda s: s.post(
        s.confirm, untouched(s.page(s.confirm)) | {"name": "x"}
    ),
    "POST of an answer without a role": lambda s: s.post(
        s.confirm, s.stamp | PERSON | {"role": " "}
    ),
    "POST without a stamp": every(lambda s, link: s.post(link, PERSON | {"choice": "stop"})),
    "POST with a made-up stamp": every(
        lambda s, link: s.post(link, PERSON | {"choice": "stop", "stamp": "1-" + "a" * 24})
    ),
    "POST of JSON": every(json_body),
    "POST of the wrong type": every(plain_body),
    "one-click POST to the message": lambda s: s.post(s.confirm, ONE_CLICK),
    "half a one-click POST": lambda s: s.post(s.unsubscribe, {"List-Unsubscribe": ""}),
    "bent addresses": every(bend),
    "addresses cut short": every(truncate),
    "tokens swapped": swap,
}


def wait_in(page: Page, address: str) -> None:
    page.goto(address, wait_until="networkidle")
    page.mouse.wheel(0, 5000)
    page.wait_for_timeout(500)


def click_every_link(page: Page, address: str) -> None:
    page.goto(address)
    for number in range(page.locator("a").count()):
        page.locator("a").nth(number).click(force=True, no_wait_after=True, timeout=5000)
        page.goto(address)


def press_every_button(page: Page, address: str) -> None:
    page.goto(address)
    for number in range(page.locator("button").count()):
        with page.expect_navigation():
            page.locator("button").nth(number).click()
        page.goto(address)


def press_enter_everywhere(page: Page, address: str) -> None:
    for tabs in range(1, 14):
        page.goto(address)
        for _ in range(tabs):
            page.keyboard.press("Tab")
        element = page.evaluate("document.activeElement.tagName")
        if element == "BODY":  # past the last one
            break
        if element in ("INPUT", "BUTTON"):
            with page.expect_navigation():
                page.keyboard.press("Enter")


def submit_every_form(page: Page, address: str) -> None:
    page.goto(address)
    for how in ("submit", "requestSubmit"):
        with page.expect_navigation():
            page.evaluate(f"HTMLFormElement.prototype.{how}.call(document.forms[0])")


def choose_first_and_press(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("[type=radio]").first.check()
    with page.expect_navigation():
        page.locator("button").last.click()


def fill_without_choosing(page: Page, address: str) -> None:
    page.goto(address)
    for field in page.locator("[type=text], textarea").all():
        if field.is_visible():
            field.fill("test")
    with page.expect_navigation():
        page.locator("button").last.click()


BROWSER_BEHAVIOURS: dict[str, BrowserBehaviour] = {
    "loads the page with scripts and waits": wait_in,
    "clicks every link": click_every_link,
    "presses every button": press_every_button,
    "tabs through and presses Enter": press_enter_everywhere,
    "submits every form unanswered": submit_every_form,
    "takes the first choice and presses": choose_first_and_press,
    "fills in every field and presses": fill_without_choosing,
}
