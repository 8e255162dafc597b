"""Letters of a sign-off: to who may approve a text, and to its authors when that is decided."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from cascade.accounts import users
from cascade.accounts.users import Person
from cascade.letters.writing import write
from cascade.library.records import ToolkitVersion
from cascade.sign_off.approvers import who_may
from cascade.sign_off.records import SignOffAct
from cascade.sign_off.standing import authors, story, version

_SUBMITTED = """Hello {name},

{by} asks you to approve “{title}” (version {number}, {language}).

{link}
{note}"""

_DECIDED = """Hello {name},

{by} has {act} “{title}” (version {number}, {language}).

{link}
{note}"""


def tell(session: Session, version_id: int, *, base_url: str, now: datetime) -> None:
    """Write to whom the last step of a sign-off concerns."""
    of = version(session, version_id)
    last = story(session, version_id)[-1]
    if last.act == "submitted":
        _write(session, who_may(session, of), of, last, _SUBMITTED, base_url, now)
        return
    wrote = [users.with_email(session, email) for email in sorted(authors(session, of) - {last.by})]
    people = [users.as_person(one) for one in wrote if one is not None and one.closed_at is None]
    _write(session, people, of, last, _DECIDED, base_url, now)


def _write(
    session: Session,
    people: Iterable[Person],
    of: ToolkitVersion,
    last: SignOffAct,
    text: str,
    base_url: str,
    now: datetime,
) -> None:
    said = [last.note, *(f"Line {one['line']}: {one['text']}" for one in last.comments)]
    by = users.find(session, last.by).name
    for person in people:
        write(
            session,
            to=person.email,
            name=person.name,
            subject=f"{'To approve' if last.act == 'submitted' else last.act.title()}: {of.title}",
            text=text.format(
                name=person.name,
                by=by,
                act=last.act,
                title=of.title,
                number=of.number,
                language=of.language,
                link=f"{base_url}/versions/{of.id}",
                note="\n" + "\n\n".join(filter(None, said)) if any(said) else "",
            ),
            now=now,
        )
