"""The way to the provider and back: authorization code, with PKCE, state and nonce."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from requests.exceptions import HTTPError, RequestException

from cascade.errors import NotVouched
from cascade.openid import id_tokens
from cascade.openid.fetching import bound, document
from cascade.openid.knowledge import Knowledge
from cascade.openid.registration import Attempt, Registration
from cascade.openid.vouching import Vouched, has_verified_email, vouched

_DECLINED = frozenset({"access_denied", "consent_required"})
_NOT_NOW = frozenset({"server_error", "temporarily_unavailable"})
_LONGEST_CODE = 4_096


class Provider:
    """One provider, with what it said of itself lately."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self._knowledge = Knowledge(registration.issuer)

    def begin(self, now: datetime) -> tuple[str, Attempt]:
        """Where to send the browser, and what to remember of it; raises NotVouched."""
        attempt = Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))
        asked = {"acr_values": " ".join(sorted(self.registration.strong))}
        address, _ = self._session().create_authorization_url(
            self._knowledge.endpoints(now).authorization,
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
            **{name: value for name, value in asked.items() if value},
        )
        return str(address), attempt

    def finish(self, attempt: Attempt, answer: Mapping[str, str], now: datetime) -> Vouched:
        """Whom the provider vouches for; `answer`: what the browser came back with.
        Raises NotVouched."""
        self._check(attempt, answer, now)
        tokens = self._exchange(answer["code"], attempt.verifier, now)
        said = self._claims(tokens, attempt.nonce, now)
        if not has_verified_email(said):
            said = self._more(tokens, said, now)
        return vouched(said, self.registration.issuer, self.registration.strong)

    def _check(self, attempt: Attempt, answer: Mapping[str, str], now: datetime) -> None:
        given = answer.get("state", "").encode("utf-8", "replace")
        if not secrets.compare_digest(given, attempt.state.encode()):
            raise NotVouched("again", "the state is not that of this browser")
        said = answer.get("iss")
        if said != self.registration.issuer and (
            said is not None or self._knowledge.endpoints(now).names_itself
        ):
            raise NotVouched("wrong", "the answer is from another issuer")
        if "error" in answer:
            raise _refusal(answer["error"])
        if not 0 < len(answer.get("code", "")) <= _LONGEST_CODE:
            raise NotVouched("again", "the answer has no code")

    def _exchange(self, code: str, verifier: str, now: datetime) -> dict[str, Any]:
        endpoints = self._knowledge.endpoints(now)
        with self._session(endpoints.secret_in) as session:
            try:
                tokens = session.fetch_token(
                    endpoints.token,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    redirect_uri=self.registration.redirect_uri,
                    allow_redirects=False,
                )
            except AuthlibBaseError as error:
                raise _refusal(str(error.error)) from error
            except HTTPError as error:
                raise NotVouched("away", "the token endpoint failed") from error
            except RequestException as error:
                raise NotVouched("away", f"token endpoint: {type(error).__name__}") from error
            except ValueError as error:
                raise NotVouched("wrong", "the token endpoint gave no JSON object") from error
        return dict(tokens)

    def _claims(self, tokens: dict[str, Any], nonce: str, now: datetime) -> dict[str, Any]:
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise NotVouched("wrong", "there is no ID token")
        rules: dict[str, Any] = {
            "issuer": self.registration.issuer,
            "client_id": self.registration.client_id,
            "nonce": nonce,
            "now": now,
        }
        try:
            return id_tokens.claims(token, self._knowledge.keys(now), **rules)
        except id_tokens.UnknownKey:
            pass
        try:
            return id_tokens.claims(token, self._knowledge.newer_keys(now), **rules)
        except id_tokens.UnknownKey as error:
            raise NotVouched("wrong", "ID token: signed with an unknown key") from error

    def _more(self, tokens: dict[str, Any], said: dict[str, Any], now: datetime) -> dict[str, Any]:
        # By the standard, what is asked for by a scope stands in the userinfo (OIDC Core, 5.4).
        address, bearer = self._knowledge.endpoints(now).userinfo, tokens.get("access_token")
        if not address or not isinstance(bearer, str):
            return said
        more = document(address, bearer)
        if more.get("sub") != said["sub"]:
            raise NotVouched("wrong", "the userinfo is about somebody else")
        return said | {name: more[name] for name in ("email", "email_verified") if name in more}

    def _session(self, secret_in: str = "client_secret_basic") -> OAuth2Session:
        session = OAuth2Session(
            self.registration.client_id,
            self.registration.client_secret,
            token_endpoint_auth_method=secret_in,
            scope="openid email",
            redirect_uri=self.registration.redirect_uri,
            code_challenge_method="S256",
        )
        bound(session)
        return session


def _refusal(code: str) -> NotVouched:
    # The provider's word is looked up, and logged as data; its sentences go nowhere.
    said = f"the provider said {quote(code[:40], errors='replace')}"
    if code in _DECLINED:
        return NotVouched("declined", said)
    return NotVouched("away" if code in _NOT_NOW else "again", said)
