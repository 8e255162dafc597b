"""The forms of organisations, contacts, segments, imports and the suppression list."""

from datetime import UTC, datetime
from typing import Any, Self

from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import Length

from cascade.audience.checking import GivenContact, GivenOrganisation, attribute_lines
from cascade.audience.making_segments import Asked
from cascade.audience.records import Contact, Organisation
from cascade.audience.suppression import REASON_WORDS
from cascade.web.account_forms import AccountForm, Line
from cascade.web.kinds import kind_words
from cascade.web.seen_forms import SeenForm

_NEVER = datetime.max.replace(tzinfo=UTC)
_FIRST = {"0": "At once"}
PLACES: dict[str, str] = _FIRST | {str(n): f"Deputy {n}" for n in range(1, 10)}
"""When a contact is written to, as people choose it."""


def moment_of(text: str | None) -> datetime:
    """The moment that a form carries; what is none becomes one that no row was changed at."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return _NEVER
    return moment if moment.tzinfo else _NEVER


class _Seen(SeenForm):
    """A form of a row that keeps when it was changed."""

    def seen_at(self) -> datetime:
        """The moment of the row's last change when it was shown."""
        return moment_of(self.seen.data)


class OrganisationForm(_Seen):
    """One organisation."""

    name = Line("Name", [Length(max=1_000)])
    kind = SelectField("Kind", validate_choice=False)
    code = Line("Code (optional)", [Length(max=200)])
    place = Line("Place (optional)", [Length(max=1_000)])
    postcode = Line("Postcode (optional)", [Length(max=100)])
    attributes = TextAreaField("More about it (optional)", [Length(max=20_000)])

    @classmethod
    def of(cls, row: Organisation) -> Self:
        return cls(
            name=row.name,
            kind=row.kind,
            code=row.code or "",
            place=row.place,
            postcode=row.postcode,
            attributes=attribute_lines(row.attributes),
            seen=row.updated_at.isoformat(),
        )

    def offer(self, kinds: tuple[str, ...]) -> Self:
        """Let people choose from these kinds, and from the one that it has."""
        words: list[Any] = [(kind, kind_words(kind)) for kind in kinds]
        if self.kind.data and self.kind.data not in kinds:
            words.append((self.kind.data, kind_words(self.kind.data)))
        self.kind.choices = [("", "Choose a kind"), *words]
        return self

    def given(self) -> GivenOrganisation:
        return GivenOrganisation(
            name=self.name.text,
            kind=self.kind.data or "",
            code=self.code.text,
            place=self.place.text,
            postcode=self.postcode.text,
            attributes=self.attributes.data or "",
        )


class ContactForm(_Seen):
    """One contact."""

    name = Line("Name (optional)", [Length(max=1_000)])
    role = Line("Role (optional)", [Length(max=1_000)])
    email = Line("Email address (optional)", [Length(max=1_000)])
    phone = Line("Phone number (optional)", [Length(max=200)])
    language = Line("Language (optional)", [Length(max=100)])
    deputy = SelectField("When they are written to", validate_choice=False, default="0")

    places = PLACES

    @classmethod
    def of(cls, row: Contact) -> Self:
        return cls(
            name=row.name,
            role=row.role,
            email=row.email or "",
            phone=row.phone or "",
            language=row.language,
            deputy=str(row.deputy),
            seen=row.updated_at.isoformat(),
        )

    def given(self) -> GivenContact:
        return GivenContact(
            name=self.name.text,
            role=self.role.text,
            email=self.email.text,
            phone=self.phone.text,
            language=self.language.text,
            deputy=self.deputy.data or "0",
        )


class MergeForm(AccountForm):
    """Which of two organisations stays."""

    keep = RadioField("Which one stays?", validate_choice=False)
    seen_first = HiddenField()
    seen_second = HiddenField()


class SegmentForm(AccountForm):
    """What a segment asks for."""

    seen = HiddenField()
    title = Line("Name of the segment", [Length(max=200)])
    kinds = SelectMultipleField("Kinds of organisation", validate_choice=False)
    places = TextAreaField("Places (optional)", [Length(max=20_000)])
    areas = TextAreaField("Postcode areas (optional)", [Length(max=5_000)])
    roles = TextAreaField("Roles of contacts (optional)", [Length(max=20_000)])
    languages = TextAreaField("Languages of contacts (optional)", [Length(max=5_000)])
    public = BooleanField("Shown in the public library")

    @classmethod
    def of(cls, asked: Asked, seen: str) -> Self:
        """The form as a segment is; `seen`: its mark."""
        return cls(
            seen=seen,
            title=asked.title,
            kinds=list(asked.kinds),
            places="\n".join(asked.places),
            areas="\n".join(asked.areas),
            roles="\n".join(asked.roles),
            languages="\n".join(asked.languages),
            public=asked.public,
        )

    def asked(self) -> Asked:
        return Asked(
            title=self.title.text,
            kinds=tuple(self.kinds.data or ()),
            places=_lines(self.places),
            areas=_lines(self.areas),
            roles=_lines(self.roles),
            languages=_lines(self.languages),
            public=bool(self.public.data),
        )


class ImportForm(AccountForm):
    """A file of organisations and contacts."""

    file = FileField("File")
    kind = SelectField("Kind of every line that names none (optional)", validate_choice=False)
    complete = BooleanField("The file names all organisations of its kinds")


class SuppressionForm(AccountForm):
    """An address that is not to be written to."""

    choices = REASON_WORDS

    email = Line("Email address", [Length(max=1_000)])
    reason = RadioField("Why is it not written to?", validate_choice=False)
    why = Line("Who asked for it, or how you know", [Length(max=500)])


class LiftForm(AccountForm):
    """Why an address is written to again."""

    why = Line("Why may it be written to again?", [Length(max=500)])


def _lines(field: TextAreaField) -> tuple[str, ...]:
    """A value on each line."""
    lines = (line.strip() for line in (field.data or "").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))
