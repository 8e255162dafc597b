"""Settings that belong together."""

import pytest

from cascade import config
from cascade.errors import BadInput

ALL = {
    "CASCADE_OIDC_ISSUER": "https://sign-in.example.org/tenant",
    "CASCADE_OIDC_CLIENT_ID": "cascade",
    "CASCADE_OIDC_CLIENT_SECRET": "cascade-and-the-provider",
    "CASCADE_OIDC_NAME": "County sign-in",
}


def given(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> config.Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return config.load()


def test_a_provider_of_sign_in_is_described_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    found = given(monkeypatch, ALL | {"CASCADE_OIDC_ACR": " AAL2, AAL3,"})

    assert found.oidc_name == "County sign-in"
    assert found.oidc_acr == {"AAL2", "AAL3"}
    assert ALL["CASCADE_OIDC_CLIENT_SECRET"] not in repr(found)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("instead", [None, " "])
def test_what_is_missing_of_a_provider_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, instead: str | None
) -> None:
    some = {one: value for one, value in ALL.items() if one != name}
    if instead is not None:
        some[name] = instead

    with pytest.raises(BadInput) as caught:
        given(monkeypatch, some)

    [problem] = caught.value.problems
    assert problem == f"Sign-in by OpenID Connect needs {name} too, or none of it."


@pytest.mark.parametrize(
    ("address", "is_good"),
    [
        ("https://sign-in.example.org", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost/x", True),
        ("http://[::1]:80", True),
        ("http://sign-in.example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("http://127.0.0.1@example.org", False),
        ("https://", False),
        ("https://[", False),
        ("ftp://127.0.0.1", False),
        ("https://sign-in.example.org?x=1", False),
        ("sign-in.example.org", False),
    ],
)
def test_a_provider_is_reached_safely(
    monkeypatch: pytest.MonkeyPatch, address: str, is_good: bool
) -> None:
    values = ALL | {"CASCADE_OIDC_ISSUER": address}
    if is_good:
        assert given(monkeypatch, values).oidc_issuer == address
    else:
        with pytest.raises(BadInput) as caught:
            given(monkeypatch, values)
        assert caught.value.problems[0].startswith("CASCADE_OIDC_ISSUER: ")
