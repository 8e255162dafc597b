"""A bulletin with issues that went out, some of whose items are nobody's business."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from cascade.audience.records import Contact, Organisation
from cascade.bulletins import issues
from cascade.bulletins.records import Bulletin, Issue, IssueState
from cascade.library.publish import publish
from cascade.library.records import BULLETIN
from cascade.sending.records import Cascade, IssueItem
from cascade.sending.states import CascadeState
from tests.cascade.bulletins import county

READERS = ("voluntary-sector", "care-homes")
FOR_HOMES = "\n::: newsletter for care-homes\n{0}\n:::\n"


def reader(session: Session, now: datetime) -> None:
    """Somebody whom a release reaches."""
    home = Organisation(key="a", name="A", kind="voluntary-sector", updated_at=now)
    session.add(home)
    session.flush()
    address = "a@example.org"
    session.add(Contact(organisation_id=home.id, key="a", name="A", email=address, updated_at=now))
    session.flush()


def first(
    session: Session, now: datetime, name: str = "round-up", secret: str = "hush"
) -> tuple[Bulletin, Issue]:
    """One issue: an item for everybody, one for a private segment, one kept out of the library."""
    reader(session, now)
    of = county.bulletin(session, name, READERS, now=now)
    body = "Everybody may read this.\n\n::: for voluntary-sector\nVolunteers may too.\n:::\n"
    county.toolkit(
        session,
        "heat",
        now=now,
        bulletins=name,
        body=body,
        heading="for-action",
        summary="Stay cool.",
    )
    homes = {"segments": "care-homes", "title": f"{secret} homes", "summary": f"{secret} inside."}
    county.toolkit(session, "homes", now=now, bulletins=name, **homes)
    kept_out = {"public": "no", "title": f"{secret} kept", "summary": f"{secret} kept out."}
    county.toolkit(session, "kept-out", now=now, bulletins=name, **kept_out)
    issue, _ = county.released(session, of, now=now)
    return of, issue


def many(session: Session, of: Bulletin, count: int, now: datetime) -> None:
    """So many more issues with one text each, in a few statements and not by the real stages."""
    last = issues.last_of(session, of)
    assert last is not None
    assert last.cascade_id is not None
    pattern = session.get_one(Cascade, last.cascade_id)
    item = session.query(IssueItem).filter_by(version_id=pattern.version_id).first()
    assert item is not None
    same = {
        column.name: getattr(pattern, column.name)
        for column in Cascade.__table__.columns
        if column.name not in ("id", "request_key", "state")
    }
    texts = [
        publish(
            session,
            f"---\ntitle: Number {n}\ntoolkit: {of.name}\n---\nSame words, number{n}.\n",
            by="Ann",
            now=now,
            kind=BULLETIN,
        ).id
        for n in range(3)
    ]
    made = [Cascade(**same, state=CascadeState.SENT) for _ in range(count)]
    session.add_all(made)
    session.flush()
    session.add_all(
        Issue(
            bulletin_id=of.id,
            number=last.number + place,
            state=IssueState.RELEASED,
            send_at=now + timedelta(days=place),
            cut_off_at=now,
            opened_at=now,
            collected_at=now,
            changed_at=now,
            changed_by="Ann",
            versions={"en": texts[place % 3]},
            cascade_id=one.id,
        )
        for place, one in enumerate(made, 1)
    )
    session.flush()
