"""Made-up people who open their message and answer it, over HTTP, as real ones would."""

import random
import re
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from channels.catcher import CaughtMail

ANSWERING = 260
"""How many of them answer: enough to see a funnel, few enough to be quick."""

_NAMES = ("Sam Okafor", "Priya Nair", "Jo Whitfield", "Maria Lopes", "Tom Ashdown", "Amina Yusuf")
_ROLES = ("Manager", "Practice manager", "Pharmacist", "Duty lead", "Volunteer co-ordinator")
_ANSWERS = ("received", "acting", "passed-on", "passed-on", "not-for-us", "call-me")
_LINK = re.compile(rb"/c/[0-9a-f]+-[0-9a-f]+")
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_FIELD = re.compile(r'\b(name|value)="([^"]*)"')


def confirm_some(caught: Path, base_url: str, seed: int = 7) -> str:
    """Let some of those who got a message answer it; says how many did what."""
    choose = random.Random(seed)
    mail = CaughtMail(caught)
    got = [one.id for one in mail.page(0, mail.count())]
    chosen = [_link(mail, one) for one in choose.sample(got, min(ANSWERING, len(got)))]
    answers = [_answer(choose) for _ in chosen]
    with ThreadPoolExecutor(4) as pool:
        done = Counter(pool.map(_confirm, [base_url + link for link in chosen], answers))
    said = ", ".join(f"{number} {answer}" for answer, number in done.most_common())
    return f"{sum(done.values())} of {len(got):,} people answered: {said}."


def _link(mail: CaughtMail, number: int) -> str:
    """Where the confirmation button of a caught message leads, without the server's address."""
    message = mail.get(number)
    found = message and _LINK.search(message.raw.replace(b"=\r\n", b""))
    if not found:
        raise LookupError(f"caught message {number} holds no confirmation link")
    return found[0].decode()


def _answer(choose: random.Random) -> dict[str, str]:
    answer = choose.choice(_ANSWERS)
    return {
        "answer": answer,
        "name": choose.choice(_NAMES),
        "role": choose.choice(_ROLES),
        "headcount": str(choose.randint(3, 60)) if answer == "passed-on" else "",
        "comment": "Please ring after 2pm." if answer == "call-me" else "",
    }


def _confirm(address: str, answer: dict[str, str]) -> str:
    with urllib.request.urlopen(address, timeout=30) as page:
        form = page.read().decode()
    hidden = (dict(_FIELD.findall(field)) for field in _HIDDEN.findall(form))
    fields = {one["name"]: one.get("value", "") for one in hidden} | answer
    body = urllib.parse.urlencode(fields).encode()
    try:
        with urllib.request.urlopen(address, body, timeout=30):
            return answer["answer"]
    except urllib.error.HTTPError as error:
        return f"refused with {error.code}"
