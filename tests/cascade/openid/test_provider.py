"""The way to a provider and back, and what is believed of what it says."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import KeySet, OctKey, RSAKey

from cascade.errors import NotVouched
from cascade.openid import fetching, id_tokens
from cascade.openid.provider import Attempt, Provider
from cascade.openid.vouching import Vouched
from tests.cascade.openid.issuer import (
    BACK,
    CLIENT,
    EC_KEY,
    KEY,
    OTHER_KEY,
    SECRET,
    Issuer,
    asked,
    signed,
)


def come_back(issuer: Issuer, now: datetime, token: str | None = None, **claims: Any) -> Vouched:
    """The whole way, with a token that differs from a good one in these claims."""
    provider = issuer.provider()
    _, attempt = provider.begin(now)
    issuer.vouch(token or signed(issuer.claims(attempt, now, **claims)))
    return provider.finish(attempt, {"state": attempt.state, "code": "c"}, now)


def refused(issuer: Issuer, now: datetime, token: str | None = None, **claims: Any) -> str:
    with pytest.raises(NotVouched) as caught:
        come_back(issuer, now, token, **claims)
    return caught.value.reason


def test_the_browser_is_sent_with_a_state_a_nonce_and_a_challenge_of_its_own(
    issuer: Issuer, now: datetime
) -> None:
    provider = issuer.provider(strong=frozenset({"AAL3"}))
    address, attempt = provider.begin(now)
    other, _ = provider.begin(now)

    query = asked(address)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest())
    assert address.startswith(f"{issuer.address}/auth?")
    assert query == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "scope": "openid email",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge.decode().rstrip("="),
        "code_challenge_method": "S256",
        "acr_values": "AAL3",
    }
    assert {query[one] for one in ("state", "nonce", "code_challenge")}.isdisjoint(
        asked(other).values()
    )


def test_a_good_token_says_who_it_is(issuer: Issuer, now: datetime) -> None:
    found = come_back(issuer, now)

    assert found == Vouched(issuer.address, "248289761001", "jo@example.org", second_step=False)


def test_the_code_is_exchanged_with_the_secret_and_the_verifier(
    issuer: Issuer, now: datetime
) -> None:
    come_back(issuer, now)

    both = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
    assert issuer.posted["authorization"] == f"Basic {both}"
    assert issuer.posted["grant_type"] == "authorization_code"
    assert issuer.posted["redirect_uri"] == BACK
    assert len(issuer.posted["code_verifier"]) == 43


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(
    issuer: Issuer, now: datetime
) -> None:
    ways = issuer.discovery(token_endpoint_auth_methods_supported=["client_secret_post"])
    issuer.say("/.well-known/openid-configuration", ways)

    come_back(issuer, now)

    assert (issuer.posted["authorization"], issuer.posted["client_secret"]) == ("", SECRET)


@pytest.mark.parametrize(("key", "alg"), [(KEY, "PS256"), (EC_KEY, "ES256")])
def test_other_signatures_by_a_private_key_are_believed(
    issuer: Issuer, now: datetime, key: RSAKey, alg: str
) -> None:
    provider = issuer.provider()
    _, attempt = provider.begin(now)
    issuer.vouch(signed(issuer.claims(attempt, now), key, alg))

    assert provider.finish(attempt, {"state": attempt.state, "code": "c"}, now).subject


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of somebody else"},
        {"nonce": None},
        {"nonce": ["x"]},
        {"iss": "https://elsewhere.example.org"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": None},
        {"aud": [CLIENT, "another client"]},
        {"aud": [CLIENT, "another client"], "azp": "another client"},
        {"azp": "another client"},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "two\nlines"},
        {"exp": None},
        {"iat": None},
        {"exp": "tomorrow"},
        {"exp": True},
    ],
)
def test_a_token_that_is_not_for_this_try_is_not_believed(
    issuer: Issuer, now: datetime, claims: dict[str, Any]
) -> None:
    assert refused(issuer, now, **claims) == "wrong"


@pytest.mark.parametrize(
    ("name", "seconds", "is_good"),
    [
        ("exp", -id_tokens.LEEWAY + 1, True),
        ("exp", -id_tokens.LEEWAY, False),
        ("iat", id_tokens.LEEWAY, True),
        ("iat", id_tokens.LEEWAY + 1, False),
        ("iat", -id_tokens.OLDEST, True),
        ("iat", -id_tokens.OLDEST - 1, False),
        ("nbf", id_tokens.LEEWAY + 1, False),
    ],
)
def test_clocks_may_be_a_minute_apart_and_no_more(
    issuer: Issuer, now: datetime, name: str, seconds: int, is_good: bool
) -> None:
    moment = int(now.timestamp()) + seconds
    if is_good:
        assert come_back(issuer, now, **{name: moment}).subject
    else:
        assert refused(issuer, now, **{name: moment}) == "wrong"


def test_for_several_clients_a_token_has_to_be_given_to_us(issuer: Issuer, now: datetime) -> None:
    assert come_back(issuer, now, aud=[CLIENT, "another"], azp=CLIENT).subject
    assert come_back(issuer, now, aud=[CLIENT]).subject


def unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    text = (base64.urlsafe_b64encode(json.dumps(one).encode()).decode() for one in parts)
    return ".".join(one.rstrip("=") for one in text) + "."


def test_a_token_with_another_or_no_signature_is_not_believed(
    issuer: Issuer, now: datetime
) -> None:
    provider = issuer.provider()
    _, attempt = provider.begin(now)
    claims = issuer.claims(attempt, now)
    body = signed(claims)
    head, middle, _ = signed(claims, OctKey.import_key("x" * 40), "HS256").split(".")
    public = hmac.digest(KEY.as_pem(private=False), f"{head}.{middle}".encode(), "sha256")
    by_public = base64.urlsafe_b64encode(public).decode().rstrip("=")
    forged = {
        "another key under the same name": signed(claims, OTHER_KEY),
        "no signature": unsigned(claims),
        "the secret that both know": signed(claims, OctKey.import_key(SECRET.encode()), "HS256"),
        "the public key as a secret": f"{head}.{middle}.{by_public}",
        "a stronger hash, which nobody asked for": signed(claims, alg="RS512"),
        "signature cut off": body.rpartition(".")[0] + ".",
        "another body": body.replace(body.split(".")[1], unsigned(claims).split(".")[1][:-4]),
        "no token": "x",
        "encrypted, or so it says": ".".join("abcde"),
    }
    for what, token in forged.items():
        issuer.vouch(token)
        with pytest.raises(NotVouched) as caught:
            provider.finish(attempt, {"state": attempt.state, "code": "c"}, now)
        assert caught.value.reason == "wrong", what


def test_a_key_that_is_meant_for_something_else_signs_nothing(
    issuer: Issuer, now: datetime
) -> None:
    issuer.say("/jwks", {"keys": [KEY.as_dict(private=False) | {"use": "enc"}]})
    assert refused(issuer, now) == "wrong"


def test_a_new_key_is_fetched_when_a_token_needs_it_but_not_each_time(
    issuer: Issuer, now: datetime
) -> None:
    provider = issuer.provider()
    new = RSAKey.generate_key(2048, {"kid": "second"})

    def finish(moment: datetime, key: RSAKey) -> None:
        _, attempt = provider.begin(moment)
        issuer.vouch(signed(issuer.claims(attempt, moment), key))
        provider.finish(attempt, {"state": attempt.state, "code": "c"}, moment)

    finish(now, KEY)
    issuer.say("/jwks", {"keys": [new.as_dict(private=False)]})
    later = now + timedelta(minutes=2)
    finish(later, new)
    for _ in range(3):
        with pytest.raises(NotVouched):
            finish(later, KEY)

    assert issuer.asked.count("/jwks") == 2
    assert issuer.asked.count("/.well-known/openid-configuration") == 1
    finish(now + timedelta(hours=2), new)
    assert issuer.asked.count("/.well-known/openid-configuration") == 2


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"code": "c"}, "again"),
        ({"code": "c", "state": "forged"}, "again"),
        ({"code": "c", "state": "é\ud800"}, "again"),
        ({"state": "right"}, "again"),
        ({"state": "right", "code": "c" * 5000}, "again"),
        ({"state": "right", "code": "c", "iss": "https://evil.example.org"}, "wrong"),
        ({"state": "right", "error": "access_denied"}, "declined"),
        ({"state": "right", "error": "login_required"}, "again"),
        ({"state": "right", "error": "temporarily_unavailable"}, "away"),
        ({"state": "right", "error": "<script>\n"}, "again"),
        ({"state": "forged", "error": "access_denied"}, "again"),
    ],
)
def test_the_browser_has_to_come_back_with_what_it_was_sent_with(
    issuer: Issuer, now: datetime, answer: dict[str, str], reason: str
) -> None:
    provider = issuer.provider()
    _, attempt = provider.begin(now)
    if answer.get("state") == "right":
        answer = answer | {"state": attempt.state}

    with pytest.raises(NotVouched) as caught:
        provider.finish(attempt, answer, now)

    assert caught.value.reason == reason
    assert "/token" not in issuer.asked
    assert "\n" not in str(caught.value)


def test_a_provider_that_always_says_who_it_is_has_to(issuer: Issuer, now: datetime) -> None:
    says = issuer.discovery(authorization_response_iss_parameter_supported=True)
    issuer.say("/.well-known/openid-configuration", says)

    assert refused(issuer, now) == "wrong"


@pytest.mark.parametrize(
    ("status", "said", "reason"),
    [
        (400, {"error": "invalid_grant"}, "again"),
        (500, {"error": "server_error"}, "away"),
        (200, b"<html>", "wrong"),
        (200, [], "wrong"),
        (200, {"access_token": "x", "token_type": "Bearer"}, "wrong"),
        (200, {"access_token": "x", "id_token": 7}, "wrong"),
        (302, {}, "wrong"),
        (429, b"slow down", "away"),
    ],
)
def test_what_the_token_endpoint_says_ends_in_a_reason(
    issuer: Issuer, now: datetime, status: int, said: object, reason: str
) -> None:
    provider = issuer.provider()
    _, attempt = provider.begin(now)
    issuer.say("/token", said, status)

    with pytest.raises(NotVouched) as caught:
        provider.finish(attempt, {"state": attempt.state, "code": "c"}, now)

    assert caught.value.reason == reason
    assert "/elsewhere" not in issuer.asked


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"issuer": "https://elsewhere.example.org"}, "wrong"),
        ({"issuer": None}, "wrong"),
        ({"authorization_endpoint": "http://provider.example.org/auth"}, "wrong"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "wrong"),
        ({"token_endpoint": None}, "wrong"),
        ({"token_endpoint": "https://[broken"}, "wrong"),
    ],
)
def test_a_provider_that_describes_itself_wrongly_is_not_used(
    issuer: Issuer, now: datetime, changed: dict[str, Any], reason: str
) -> None:
    issuer.say("/.well-known/openid-configuration", issuer.discovery(**changed))

    with pytest.raises(NotVouched) as caught:
        issuer.provider().begin(now)

    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("status", "said"), [(200, b"{"), (200, [1]), (302, {}), (404, {}), (500, {}), (200, b"")]
)
def test_a_provider_that_describes_itself_not_at_all_is_away(
    issuer: Issuer, now: datetime, status: int, said: object
) -> None:
    issuer.say("/.well-known/openid-configuration", said, status)

    with pytest.raises(NotVouched) as caught:
        issuer.provider().begin(now)

    assert caught.value.reason == "away"
    assert "/elsewhere" not in issuer.asked


def test_an_answer_without_end_is_given_up(issuer: Issuer, now: datetime) -> None:
    issuer.say("/jwks", b'{"keys": [' + b" " * fetching.LARGEST + b"]}")
    assert refused(issuer, now) == "away"


def test_an_answer_that_trickles_is_given_up(
    issuer: Issuer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LONGEST", 0.2)
    issuer.pace = 0.01

    with pytest.raises(NotVouched) as caught:
        issuer.provider().begin(now)

    assert caught.value.reason == "away"


def test_a_provider_that_is_down_is_away(now: datetime, issuer: Issuer) -> None:
    gone: Provider = issuer.provider(issuer="http://127.0.0.1:9")
    with pytest.raises(NotVouched) as caught:
        gone.begin(now)
    assert caught.value.reason == "away"


def test_what_was_learnt_before_it_went_down_is_still_known(issuer: Issuer, now: datetime) -> None:
    provider = issuer.provider()
    provider.begin(now)
    issuer.say("/.well-known/openid-configuration", {}, 500)

    assert provider.begin(now + timedelta(minutes=59))[0]
    with pytest.raises(NotVouched):
        provider.begin(now + timedelta(minutes=61))


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": ["jo@example.org"]},
        {"email": "x" * 400},
    ],
)
def test_an_address_that_is_not_verified_is_no_address(
    issuer: Issuer, now: datetime, claims: dict[str, Any]
) -> None:
    assert come_back(issuer, now, **claims).email == ""


def with_userinfo(issuer: Issuer, said: object) -> None:
    address = f"{issuer.address}/me"
    issuer.say("/.well-known/openid-configuration", issuer.discovery(userinfo_endpoint=address))
    issuer.say("/me", said)


def test_the_address_may_stand_in_the_userinfo(issuer: Issuer, now: datetime) -> None:
    said = {"sub": "248289761001", "email": "jo@example.org", "email_verified": True}
    with_userinfo(issuer, said | {"amr": ["mfa"], "nonce": "x"})

    found = come_back(issuer, now, email=None, email_verified=None)

    assert (found.email, found.second_step) == ("jo@example.org", False)


def test_userinfo_about_somebody_else_is_not_believed(issuer: Issuer, now: datetime) -> None:
    with_userinfo(issuer, {"sub": "7", "email": "jo@example.org", "email_verified": True})

    assert refused(issuer, now, email=None) == "wrong"


@pytest.mark.parametrize(
    ("claims", "took_one"),
    [
        ({}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["pwd", "mfa"]}, True),
        ({"amr": ["hwk"]}, True),
        ({"amr": "mfa"}, False),
        ({"amr": [["mfa"], None]}, False),
        ({"acr": "AAL3_ANY"}, True),
        ({"acr": "AAL1"}, False),
        ({"acr": ["AAL3_ANY"]}, False),
    ],
)
def test_a_second_step_is_only_believed_when_the_token_says_so(
    issuer: Issuer, now: datetime, claims: dict[str, Any], took_one: bool
) -> None:
    provider = issuer.provider(strong=frozenset({"AAL3_ANY"}))
    _, attempt = provider.begin(now)
    issuer.vouch(signed(issuer.claims(attempt, now, **claims)))

    found = provider.finish(attempt, {"state": attempt.state, "code": "c"}, now)

    assert found.second_step is took_one


@given(st.text() | st.text("abcxyz.=-_0", max_size=60))
def test_whatever_is_given_for_a_token_ends_in_a_reason(token: str) -> None:
    attempt, now = Attempt("s", "n", "v"), datetime(2026, 11, 21, 9, 30).astimezone()
    with pytest.raises((NotVouched, id_tokens.UnknownKey)):
        id_tokens.claims(
            token,
            KeySet([KEY]),
            issuer="https://i.example.org",
            client_id=CLIENT,
            nonce=attempt.nonce,
            now=now,
        )
