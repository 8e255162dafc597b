"""Toolkits for the library, in few words."""

from datetime import datetime

from sqlalchemy.orm import Session

from cascade.library.publish import publish
from cascade.library.records import ToolkitVersion
from cascade.sign_off.records import SignOff, SignOffState


def text(name: str, body: str = "Text.", *, title: str = "", **front: str) -> str:
    """A toolkit; `front`: other lines of its front matter."""
    lines = "".join(f"{key}: {value}\n" for key, value in front.items())
    return f"---\ntitle: {title or name}\ntoolkit: {name}\n{lines}---\n{body}\n"


def put(session: Session, now: datetime, written: str) -> ToolkitVersion:
    """Publish it, with whatever segments it names."""
    return publish(session, written, by="Ann Author", now=now)


def approve(session: Session, version: ToolkitVersion, now: datetime) -> None:
    """As an approver would."""
    session.add(
        SignOff(
            version_id=version.id,
            state=SignOffState.APPROVED,
            submitted_by="ann",
            submitted_at=now,
        )
    )
    session.flush()
