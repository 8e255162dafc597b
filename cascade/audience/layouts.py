"""The layouts a file of organisations and contacts may come in, by the words their headers use."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """Something an import understands, and what people call it in their headers."""

    name: str
    words: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    """Words that mean this field only when no better column is there, the best first."""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of one kind of file."""

    name: str
    fields: tuple[Field, ...]


def folded_header(header: str) -> str:
    """`E-mail address (work)` as `emailaddress`: letters and digits only, remarks left out."""
    return re.sub(r"[\W_]+", "", re.sub(r"\([^)]*\)", "", header).casefold())


CONTACTS = Layout(
    "contacts",
    (
        Field(
            "organisation",
            (
                *("organisation name", "organization", "organization name", "org", "org name"),
                *("name of organisation", "home name", "care home", "care home name"),
                *("practice", "practice name", "surgery", "surgery name", "pharmacy"),
                *("pharmacy name", "charity name", "group", "group name", "university"),
                *("university name", "location name", "service name", "site name"),
            ),
            ("name", "provider name", "company", "company name", "site"),
            needed=True,
        ),
        Field(
            "kind",
            (
                *("type", "organisation type", "organization type", "org type", "sector"),
                *("category", "organisation kind", "service type", "service types", "segment"),
            ),
            needed=True,
        ),
        Field(
            "code",
            (
                *("organisation code", "org code", "ods code", "ods", "practice code", "cqc id"),
                *("pharmacy code", "cqc location id", "location id", "ukprn", "charity number"),
                *("registered charity number", "unique code"),
            ),
            ("id", "organisation id", "ref", "reference"),
        ),
        Field(
            "place",
            ("town", "town or city", "town city", "post town"),
            ("city", "locality", "village", "area", "area name", "district", "local authority"),
        ),
        Field("postcode", ("post code", "postal code", "p code", "zip", "zip code")),
        Field(
            "contact",
            (
                *("contact name", "full name", "person", "contact person", "name of contact"),
                *("manager", "manager name", "registered manager", "practice manager"),
                *("main contact", "lead contact"),
            ),
            ("name",),
        ),
        Field("first name", ("forename", "given name", "contact first name")),
        Field("surname", ("last name", "family name", "contact surname", "contact last name")),
        Field("role", ("job title", "job", "position", "job role", "contact role", "post held")),
        Field(
            "email",
            (
                *("e-mail", "email address", "mail", "contact email", "contact email address"),
                *("work email", "nhsmail", "nhs mail", "email contact"),
            ),
        ),
        Field(
            "phone",
            (
                *("tel", "telephone", "telephone number", "phone number", "tel no", "phone no"),
                *("telephone no", "contact number", "contact phone", "contact telephone"),
                *("tel number", "landline", "location telephone number"),
            ),
            ("mobile", "mobile number", "mobile phone", "mob"),
        ),
        Field("language", ("lang", "preferred language", "language code")),
        Field("channel", ("preferred channel", "send by", "contact by", "contact method")),
        Field("deputy", ("is deputy", "deputy contact", "deputy number", "backup contact")),
    ),
)

LAYOUTS = {CONTACTS.name: CONTACTS}
"""Every layout by name; a new one is a new entry."""
