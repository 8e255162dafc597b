"""Settings: read from `CASCADE_*` variables once, checked, and handed on as one frozen object."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from cascade.errors import BadInput

PREFIX = "CASCADE_"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SMTP_URL = re.compile(r"smtps?://(?:[^@/\s]*@)?(?:\[[0-9a-fA-F:]+\]|[^:/@\s]+)(?::\d+)?(?:\?.*)?$")


class Settings(BaseSettings):
    """Everything that differs between one installation and another."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    database_url: str = Field(
        "sqlite:///var/cascade.db", description="SQLAlchemy address of the database"
    )
    redis_url: str | None = Field(
        None,
        description="Redis address of the doorbell; unset: embedded, everything in one process",
    )
    smtp_url: str = Field(
        "smtp://127.0.0.1:25",
        description="Mail server: smtp://[user:password@]host:port[?tls=none|starttls|tls]",
    )
    smtp_connections: int = Field(
        32, ge=1, le=64, description="Connections that one sender keeps open to the mail server"
    )
    sender: str = Field(
        "Cascade <cascade@example.org>", description="From address of every message"
    )
    reply_to: str | None = Field(None, description="Address for answers; unset: the sender")
    bounce_domain: str | None = Field(
        None, description="Domain of the return paths; unset: the sender's domain"
    )
    base_url: str = Field(
        "http://127.0.0.1:8000", description="Public address of the pages, without a final slash"
    )
    secret_key: SecretStr | None = Field(
        None, description="At least 32 characters; every link is signed with it"
    )
    cell: str = Field(
        "Communications cell", description="Name of the communications cell, shown on messages"
    )
    rate_limit: float = Field(
        0, ge=0, description="Messages a second to all domains together; 0: no limit"
    )
    domain_rate_limit: Annotated[dict[str, float], NoDecode] = Field(
        default_factory=dict,
        description="Messages a second per recipient domain: nhs.net=20,gmail.com=5,*=50",
    )
    desk: Literal["link", "open"] = Field(
        "link",
        description="Who sees the cell's pages: people with an account, or anybody (as a viewer)",
    )
    sign_off: Literal["auto", "on", "off"] = Field(
        "auto",
        description="Whether only what somebody else approved is released; "
        "auto: as soon as anybody has an account",
    )
    proxies: int = Field(
        0,
        ge=0,
        le=5,
        description="Reverse proxies in front of the pages, whose X-Forwarded-For is believed",
    )
    oidc_issuer: str | None = Field(
        None, description="Address of the provider that people may sign in by (OpenID Connect)"
    )
    oidc_client_id: str | None = Field(
        None, description="How Cascade is known to the provider of sign-in"
    )
    oidc_client_secret: SecretStr | None = Field(
        None, description="What Cascade proves itself with to the provider of sign-in"
    )
    oidc_name: str | None = Field(
        None, description="Name of the provider of sign-in, as people know it, on the button"
    )
    oidc_acr: Annotated[frozenset[str], NoDecode] = Field(
        default_factory=frozenset,
        description="Values of acr that say the provider asked for a second step, with commas",
    )
    follow_up_days: int = Field(
        14,
        ge=0,
        le=365,
        description="Days after which somebody who took a toolkit and told us nothing is asked, "
        "once; 0: never",
    )
    check_loopback: bool = Field(
        False,
        description="Whether reported links may lead to this machine: for tests and the demo only",
    )
    inbound_listen: str = Field(
        "127.0.0.1:8025", description="Where the listener for reports and replies takes SMTP"
    )
    catcher: Path | None = Field(
        None, description="File of the demo's mail catcher; set: its inbox is shown under /inbox"
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("should begin with sqlite:/// or postgresql://")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _smtp_address(cls, value: str) -> str:
        if not _SMTP_URL.match(value):
            raise ValueError("should look like smtp://user:password@host:587?tls=starttls")
        return value

    @field_validator("base_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not re.match(r"https?://[^\s/]+(/\S*)?$", value):
            raise ValueError("should be an http:// or https:// address")
        return value.rstrip("/")

    @field_validator("secret_key")
    @classmethod
    def _long_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("should have at least 32 characters")
        return value

    @field_validator("oidc_issuer", "oidc_client_id", "oidc_client_secret", "oidc_name")
    @classmethod
    def _not_blank(cls, value: str | SecretStr | None) -> str | SecretStr | None:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        return value if text and text.strip() else None

    @field_validator("oidc_issuer")
    @classmethod
    def _safe_issuer(cls, value: str | None) -> str | None:
        if value is not None and (not is_safe(value) or "?" in value or "#" in value):
            raise ValueError("should be an https:// address without a query")
        return value

    @field_validator("oidc_acr", mode="before")
    @classmethod
    def _levels(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return frozenset(part.strip() for part in value.split(",") if part.strip())

    @model_validator(mode="after")
    def _whole_provider(self) -> Self:
        names = ("oidc_issuer", "oidc_client_id", "oidc_client_secret", "oidc_name")
        missing = [f"{PREFIX}{name}".upper() for name in names if getattr(self, name) is None]
        if 0 < len(missing) < len(names):
            raise ValueError(
                f"Sign-in by OpenID Connect needs {' and '.join(missing)} too, or none of it."
            )
        return self

    @model_validator(mode="after")
    def _only_here(self) -> Self:
        if self.check_loopback and urlsplit(self.base_url).hostname not in _LOOPBACK:
            raise ValueError(
                "CASCADE_CHECK_LOOPBACK is for tests and the demonstration: take it away where "
                "CASCADE_BASE_URL is not on this machine."
            )
        return self

    @field_validator("domain_rate_limit", mode="before")
    @classmethod
    def _domain_rates(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = [part.partition("=") for part in value.split(",") if part.strip()]
        try:
            return {name.strip().lower(): float(rate) for name, _, rate in pairs}
        except ValueError:
            raise ValueError("should look like nhs.net=20,gmail.com=5,*=50") from None

    @property
    def secret(self) -> str:
        """The key that links are signed with; refuses to go on without one."""
        if self.secret_key is None:
            raise BadInput(
                "CASCADE_SECRET_KEY is not set. Set it to at least 32 random characters, "
                "for example: python3 -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return self.secret_key.get_secret_value()


def load() -> Settings:
    """Read the settings; raise BadInput that names each wrong one and what it should be."""
    try:
        return Settings()
    except ValidationError as error:
        problems = [
            _named(one["loc"]) + one["msg"].removeprefix("Value error, ") for one in error.errors()
        ]
        raise BadInput("A setting is not valid. Correct it and start again.", problems) from None


def is_safe(address: str) -> bool:
    """Whether what is sent there can't be read on the way: https, or this very machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and parts.hostname in _LOOPBACK


def _named(place: tuple[int | str, ...]) -> str:
    # What is said of several settings together names them itself.
    return f"{PREFIX}{'.'.join(map(str, place)).upper()}: " if place else ""
