"""Names, places and addresses of made-up organisations and people, by their number."""

_TREES = ("Oak", "Elm", "Ash", "Rowan", "Willow", "Beech", "Holly", "Cedar", "Lime", "Hazel")
_HOUSES = ("House", "Lodge", "Court", "Grange", "Manor", "Villa", "Park", "View", "Green")
_FIRST_NAMES = ("Ada", "Ben", "Cerys", "Dev", "Edith", "Femi", "Gwen", "Harun", "Ines", "Jo")
_LAST_NAMES = ("Adeyemi", "Brown", "Clarke", "Davies", "Evans", "Farooq", "Green", "Hughes")


def address_of(contact: int) -> str:
    """The email address of a contact; one in 30 has none."""
    return f"person{contact}@site{contact % 5000}.example.org"


def name(number: int) -> str:
    return f"{_TREES[number % 10]} {_HOUSES[number % 9]} {number} of {town(number)}"


def town(number: int) -> str:
    """One in eight is in the county town, the others in 400 places."""
    return f"Town {7 if _mixed(number) % 8 == 7 else number % 400}"


def postcode(number: int) -> str:
    """Its own for nineteen of twenty, and that of the next for the others."""
    own = number + 1 if number % 20 == 0 else number
    letters = "ABDEFGHJLN"
    last = f"{letters[own // 90 % 10]}{letters[own // 900 % 10]}"
    return f"WC{own % 90} {own // 9000 % 10}{last}"


def person(number: int) -> str:
    return f"{_FIRST_NAMES[_mixed(number) % 10]} {_LAST_NAMES[_mixed(number) % 8]} {number}"


def _mixed(number: int) -> int:
    """So that any few of them, at any distance, are of all sorts."""
    return number * 7919 % 1009
