"""Write a letter: a row in the transaction that gives cause for it, so that both are or neither."""

from datetime import datetime

from sqlalchemy.orm import Session

from cascade.cleaning import cut, several_lines
from cascade.letters.records import Letter

LONGEST_NAME = LONGEST_SUBJECT = 200


def write(
    session: Session,
    *,
    to: str,
    name: str,
    subject: str,
    text: str,
    now: datetime,
    html: str | None = None,
) -> Letter:
    """Leave a letter to be sent at once.

    `text` is plain paragraphs with blank lines between them; a line that is only an `https://`
    address becomes a button in the HTML part, unless `html` is a finished page of its own.
    """
    letter = Letter(
        to=to,
        name=cut(name, LONGEST_NAME),
        subject=cut(subject, LONGEST_SUBJECT),
        text=several_lines(text),
        html=html,
        state="waiting",
        written_at=now,
        due_at=now,
    )
    session.add(letter)
    return letter
