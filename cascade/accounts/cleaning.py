"""What people typed and browsers said of themselves, made fit for a column and a page."""


def line(text: str, longest: int) -> str:
    """The text on one line without what can't be seen, cut to that length."""
    seen = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    return " ".join(seen.split())[:longest]
