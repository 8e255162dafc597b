"""The real provider of `tests/provider`, and a person at their browser with it."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx

from tests.cascade.openid.issuer import BACK
from tests.servers import end_with_children, free_port

FOLDER = Path(__file__).parents[2] / "provider"


@contextmanager
def running() -> Iterator[str]:
    """It, on loopback; gives its issuer."""
    assert (FOLDER / "node_modules").exists(), "make test sets it up"
    port = free_port()
    command = ["node", "--no-warnings", "provider.mjs", str(port), BACK]
    plain = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
    process = subprocess.Popen(
        command, cwd=FOLDER, env=plain, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert process.stdout is not None
        said = b""
        while (line := process.stdout.readline()) != b"ready\n":
            said += line
            assert line, said.decode()
        yield f"http://127.0.0.1:{port}"
    finally:
        end_with_children(process)
        if process.stdout:
            process.stdout.close()


class Person:
    """Somebody who follows links and fills in forms at the provider."""

    def __init__(self) -> None:
        self._client = httpx.Client(trust_env=False)

    def sign_in(self, address: str, **typed: str) -> str:
        """Go through its pages, typing this into their forms; the address they are sent back to."""
        answered = self._client.get(address)
        for _ in range(20):
            if answered.has_redirect_location:
                place = urljoin(str(answered.url), answered.headers["Location"])
                if place.startswith(BACK):
                    return place.removeprefix("http://127.0.0.1:8000")
                answered = self._client.get(place)
            else:
                assert answered.status_code == 200, answered.text
                answered = self._filled_in(answered, typed)
        raise AssertionError("the provider sends its people round and round")

    def _filled_in(self, page: httpx.Response, typed: Mapping[str, str]) -> httpx.Response:
        asked = {name: typed.get(name, "") for name in ("login", "amr", "abort")}
        return self._client.post(str(page.url), data=asked)

    def close(self) -> None:
        self._client.close()
