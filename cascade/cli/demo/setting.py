"""Where the demonstration keeps its things, and the settings it runs with."""

import secrets
from pathlib import Path

from pydantic import SecretStr

from cascade.config import Settings

FOLDER = Path("var/demo")
SECRET = Path("var/secret_key")


def keep_secret(file: Path = SECRET) -> str:
    """The key kept in `var/`; made when it is missing, readable by its owner only."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(f"{secrets.token_hex(32)}\n")
    return file.read_text().strip()


def demo_settings(port: int, mail_port: int, secret: str) -> Settings:
    """Everything on loopback, whatever the environment says about the real installation."""
    return Settings(
        database_url=f"sqlite:///{FOLDER}/cascade.db",
        redis_url=None,
        smtp_url=f"smtp://127.0.0.1:{mail_port}?tls=none",
        sender="West County health communications <messages@westcounty.example.org>",
        reply_to="comms@westcounty.example.org",
        bounce_domain="bounces.westcounty.example.org",
        base_url=f"http://127.0.0.1:{port}",
        secret_key=SecretStr(secret),
        cell="West County communications cell",
        rate_limit=0,
        domain_rate_limit={},
        desk="open",
        check_loopback=True,
        catcher=FOLDER / "mail.db",
    )
