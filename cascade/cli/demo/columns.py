"""The headings of the county's files: every sender has another idea of them."""

from collections.abc import Mapping

CARE_HOMES: Mapping[str, str] = {
    "Home name": "organisation",
    "CQC ID": "code",
    "Type": "kind",
    "Town": "place",
    "Post code": "postcode",
    "Registered manager": "contact",
    "Job title": "role",
    "E-mail address": "email",
    "Tel": "phone",
    "Deputy": "deputy",
    "Beds": "beds",
    "Rating": "rating",
}

GP_PRACTICES: Mapping[str, str] = {
    "Practice": "organisation",
    "ODS code": "code",
    "Organisation type": "kind",
    "City": "place",
    "Postcode": "postcode",
    "Contact name": "contact",
    "Role": "role",
    "Email": "email",
    "Telephone number": "phone",
    "Deputy": "deputy",
    "List size": "list",
}

PHARMACIES: Mapping[str, str] = {
    "OrganisationCode": "code",
    "OrganisationType": "kind",
    "City": "place",
    "OrganisationName": "organisation",
    "Postcode": "postcode",
    "Contact": "contact",
    "Role": "role",
    "Phone": "phone",
    "Email": "email",
    "Deputy": "deputy",
}

UNIVERSITIES: Mapping[str, str] = {
    "University": "organisation",
    "UKPRN": "code",
    "Sector": "kind",
    "Town": "place",
    "Postcode": "postcode",
    "Person": "contact",
    "Position": "role",
    "Email address": "email",
    "Telephone": "phone",
}

VOLUNTARY_SECTOR: Mapping[str, str] = {
    "Group name": "organisation",
    "Charity number": "code",
    "Category": "kind",
    "Town": "place",
    "Postal code": "postcode",
    "First name": "first",
    "Surname": "last",
    "Position": "role",
    "E-mail": "email",
    "Mobile": "bare phone",
    "Preferred language": "language",
    "Backup contact": "deputy",
}
