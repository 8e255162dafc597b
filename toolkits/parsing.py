"""Reads the text of a toolkit: never fails, in time linear in its length."""

from toolkits import frontmatter
from toolkits.cleaning import clean, with_newlines
from toolkits.comments import strip_comments
from toolkits.documents import Document, Meta
from toolkits.fences import cut
from toolkits.meta import build
from toolkits.problems import arrange, problem

LARGEST = 2_000_000  # characters


def parse(text: str, home: str = "") -> Document:
    """The toolkit in the text; what is wrong with its structure is in the document's problems.

    Pictures are left out unless they come over https, or from the installation at `home`.
    """
    if len(text) > LARGEST:
        message = f"A toolkit is at most {LARGEST:,} characters; this has {len(text):,}: divide it."
        return Document(Meta(), (), (problem(1, "too-large", message),), text)
    lines, hidden = clean(with_newlines(text).split("\n"))
    front = frontmatter.read(lines)
    meta = build(front)
    first = front.length + 1
    body, unclosed = strip_comments(lines[front.length :], first)
    sections, fences = cut(body, first)
    problems = [*hidden, *front.problems, *unclosed, *fences]
    return Document(meta, sections, tuple(arrange(problems)), text, home)
