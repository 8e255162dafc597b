"""Whether words can be the name of a person, or a role: when in doubt, they can't."""

_LONGEST_NAME = (5, 80)
_LONGEST_ROLE = (8, 100)
"""Words and characters."""

_MARKS = "'’.-"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OF_SENTENCES = _words("""
    a all also am an and are as be been but by can cannot did do does done from had has have
    he her here his how i if in is just me message my name no not now of ok okay on our please
    reply role she so thank thanks that the their them then there they this to today tomorrow
    understood us was we were what when who why will with would yes you your email mail
    received acting noted sent regards attached brilliant excellent fine good great perfect
    status sure
""")
_NAMES_TOO = frozenset(["will"])
_IN_ROLES_TOO = _words("""
    a acting all and as by for from in no of on the to with email mail reply
""")
_OF_ROLES = _words("""
    adviser administrator advisor assistant caretaker carer ceo chair chairman chairperson
    chairwoman chaplain charge chief clerk clinician consultant co-ordinator coordinator
    counsellor dentist deputy director dispenser executive founder gp governor hca headteacher
    imam lead leader lecturer librarian locum manager matron midwife nurse officer optometrist
    organiser owner paramedic partner pharmacist physiotherapist practitioner president
    principal proprietor provost psychologist receptionist registrar secretary senior staff
    superintendent supervisor support teacher team technician therapist treasurer trustee
    vicar vice-chancellor volunteer warden welfare worker
""")
_OF_ROLES_AND_NAMES = _words("""
    chancellor chef cook dean doctor head minister porter professor sister
""")
_OF_ORGANISATIONS = _words("""
    association centre charity church clinic college council foundation group home homes
    hospice hospital house limited lodge ltd nhs pharmacy practice school surgery trust
    university
""")
_OF_ADDRESSES = _words("avenue ext fax lane mobile phone road street tel telephone")


def can_be_a_name(text: str) -> bool:
    """`Pat Lee`, `Dr. M. van den Berg`: not a sentence, not a role, not in lower case."""
    words = text.split()
    if not _fits(text, *_LONGEST_NAME) or not all(map(_is_of_letters, words)):
        return False
    if words[0][0].islower() or words[-1][0].islower():
        return False
    plain = {word.lower().strip(_MARKS) for word in words}
    return not plain & ((_OF_SENTENCES - _NAMES_TOO) | _OF_ROLES | _OF_ORGANISATIONS)


def can_be_a_role(text: str) -> bool:
    """`manager`, `Nurse in charge, ward 3`: not a sentence, an address or an organisation."""
    if not _fits(text, *_LONGEST_ROLE) or sum(map(str.isalpha, text)) < 2:
        return False
    if any(sign in text for sign in ("@", ":", "www.", "?")):
        return False
    plain = [word.strip(f"{_MARKS}()") for word in text.lower().split()]
    if set(plain) & ((_OF_SENTENCES - _IN_ROLES_TOO) | _OF_ADDRESSES):
        return False
    if set(plain) & (_OF_ROLES | _OF_ROLES_AND_NAMES):
        return True
    return plain[-1] not in _OF_ORGANISATIONS and not can_be_a_name(text)


def _fits(text: str, most_words: int, most_letters: int) -> bool:
    return 0 < len(text.split()) <= most_words and len(text) <= most_letters


def _is_of_letters(word: str) -> bool:
    """Letters of any script, with their marks; a full stop only after a title or an initial."""
    body = word.removesuffix(".")
    if word != body and len(body) > 5:
        return False
    return body[:1].isalpha() and not any(
        one.isdigit() or (one.isascii() and not one.isalpha() and one not in _MARKS) for one in body
    )
