"""Asking the provider: within a time and a size, and never where it sends us on to."""

import time
from io import BytesIO
from typing import Any

from requests import Response, Session
from requests.adapters import HTTPAdapter
from requests.exceptions import ReadTimeout, RequestException

from cascade.errors import NotVouched

LARGEST = 512 * 1024
"""Bytes of an answer, unpacked; the keys of a large provider are some 50 kB."""
LONGEST = 10.0
"""Seconds for an answer."""

_WAIT = (3.05, 5.0)
"""Seconds to connect, and between two pieces of an answer."""


class Bounded(HTTPAdapter):
    """A transport that gives up on what is too slow or too large."""

    def send(self, *args: Any, **kwargs: Any) -> Response:
        """Read the whole answer, within the bounds."""
        until = time.monotonic() + LONGEST
        answer = super().send(*args, **(kwargs | {"stream": True, "timeout": _WAIT}))
        body = bytearray()
        with answer.raw as raw:
            while piece := raw.read1(16 * 1024, decode_content=True):
                body += piece
                if len(body) > LARGEST:
                    raise RequestException("the answer is too large")
                if time.monotonic() > until:
                    raise ReadTimeout("the answer takes too long")
        answer.raw = BytesIO(body)
        return answer


def bound(session: Session) -> None:
    """Put the bounds on everything that goes through the session."""
    for scheme in ("http://", "https://"):
        session.mount(scheme, Bounded())


def document(address: str, bearer: str = "") -> dict[str, Any]:
    """The JSON object at an address; raises NotVouched."""
    with Session() as session:
        bound(session)
        headers = {"Accept": "application/json"}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        try:
            answer = session.get(address, headers=headers, allow_redirects=False)
            found = answer.json() if answer.status_code == 200 else None
        except RequestException as error:
            raise NotVouched("away", f"{type(error).__name__} at {address}") from error
    if not isinstance(found, dict):
        raise NotVouched("away", f"{answer.status_code} and no JSON object at {address}")
    return found
