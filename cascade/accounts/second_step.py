"""The second step of signing in: codes of an authenticator app (RFC 6238), and recovery codes."""

import base64
import re
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from cascade.accounts.records import RecoveryCode, User
from cascade.accounts.tokens import digest
from cascade.accounts.users import locked
from cascade.errors import BadInput, Refused

RECOVERY_CODES = 10

_DRIFT = 1
"""Time steps that the clock of a phone may be off, either way."""
_SECRET = re.compile(r"[A-Z2-7]{32}")
_CODE = re.compile(r"[0-9]{6}")
_BYTES = 10
_MISREAD = str.maketrans("01", "ol")
"""Base 32 has neither of them, so we know what was meant."""


def new_secret() -> str:
    """160 random bits in base 32, for an authenticator app."""
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Whether it could be one of ours."""
    return _SECRET.fullmatch(text) is not None


def address(secret: str, *, email: str, issuer: str) -> str:
    """The otpauth:// address that an authenticator app reads from a square code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def turn_on(session: Session, user_id: int, secret: str, code: str, now: datetime) -> list[str]:
    """Ask for a code from now on; the recovery codes, to be shown once. Raises BadInput when the
    code shows that the app doesn't have the secret, and Refused when the step is on already."""
    step = _step(secret, code, now) if is_secret(secret) else None
    if step is None:
        raise BadInput(
            "The code is not right.",
            ["code: enter the 6 digits that your app shows now; check the time of your phone"],
        )
    user = locked(session, user_id)
    if user.totp_secret is not None:
        raise Refused("The second step is on already. Turn it off first to change the app.")
    user.totp_secret, user.totp_step = secret, step
    session.flush()
    return new_codes(session, user_id)


def turn_off(session: Session, user_id: int) -> None:
    """Ask for the password only, and forget the recovery codes."""
    user = locked(session, user_id)
    user.totp_secret, user.totp_step = None, 0
    session.flush()
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def check(session: Session, user_id: int, code: str, now: datetime) -> bool:
    """Whether it's a code of their app or a recovery code; either is used up by it."""
    secret = session.scalar(select(User.totp_secret).where(User.id == user_id))
    if secret is None:
        return False
    step = _step(secret, code, now)
    if step is None:
        return _recovered(session, user_id, code, now)
    taken = session.execute(
        update(User)
        .where(User.id == user_id, User.totp_secret == secret, User.totp_step < step)
        .values(totp_step=step)
        .returning(User.id)
    ).all()
    return bool(taken)


def codes_left(session: Session, user_id: int) -> int:
    """How many recovery codes have not been used."""
    unused = select(func.count()).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(unused) or 0


def new_codes(session: Session, user_id: int) -> list[str]:
    """New recovery codes, to be shown once; the old ones end. Such as `abcd-efgh-ijkl-mnop`."""
    locked(session, user_id)
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.execute(
        insert(RecoveryCode),
        [{"user_id": user_id, "sha256": digest(_bare(code))} for code in codes],
    )
    return codes


def _recovery_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(_BYTES)).decode().lower()
    return "-".join(re.findall("....", letters))


def _bare(code: str) -> str:
    return re.sub(r"[\W_]", "", code).lower().translate(_MISREAD)


def _step(secret: str, code: str, now: datetime) -> int | None:
    typed = re.sub(r"\s", "", code)
    if not _CODE.fullmatch(typed):
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(typed, for_time=now, valid_window=_DRIFT)
    except pyotp.OTPVerificationError:
        return None


def _recovered(session: Session, user_id: int, code: str, now: datetime) -> bool:
    taken = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.sha256 == digest(_bare(code)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    ).all()
    return bool(taken)
