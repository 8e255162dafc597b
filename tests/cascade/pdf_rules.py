"""What PDF/UA-1 (ISO 14289-1) asks of our PDFs, as far as their objects show it."""

import re
import zlib
from collections.abc import Iterator, Mapping

from tests.cascade.test_printing import streams

_PACKED = re.compile(rb"<<([^<>]*/Type /ObjStm[^<>]*)>>\s*stream\r?\n")
_ELEMENT = re.compile(rb"/Type /StructElem/S /(\w+)")
_CHILDREN = re.compile(rb"/K \[([^\]]*)\]")
_REFERENCE = re.compile(rb"(\d+) 0 R")


def check_pdf(pdf: bytes) -> list[int]:
    """Catalogue, metadata, pictures, links, fonts and headings; gives the levels of the last."""
    objects = dict(_objects(pdf))
    (catalogue,) = (one for one in objects.values() if b"/Type /Catalog" in one)
    for part in (b"/Marked true", b"/Lang (", b"/DisplayDocTitle true", b"/StructTreeRoot "):
        assert part in catalogue, part
    said = streams(pdf)
    assert b'pdfuaid:part="1"' in said
    assert re.search(rb"<dc:title>.*?<rdf:li[^>]*>[^<]+<", said, re.DOTALL)
    _links(objects)
    _fonts(objects)
    root = re.search(rb"/StructTreeRoot (\d+) 0 R", catalogue)
    assert root
    return _tags(objects, int(root[1]))


def _objects(pdf: bytes) -> Iterator[tuple[int, bytes]]:
    """ISO 32000-1, 7.5.7: all but streams stand in streams of objects, after their places."""
    for packed in _PACKED.finditer(pdf):
        length, first = (_number(packed[1], name) for name in (b"Length", b"First"))
        text = zlib.decompress(pdf[packed.end() : packed.end() + length])
        numbers = [int(one) for one in text[:first].split()]
        places = [*numbers[1::2], len(text)]
        for number, begin, end in zip(numbers[::2], places, places[1:], strict=False):
            yield number, text[first + begin : first + end]


def _number(of: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+)", of)
    assert found, name
    return int(found[1])


def _links(objects: Mapping[int, bytes]) -> None:
    """7.18: a link says where it leads, and belongs to the structure."""
    for one in objects.values():
        if b"/Subtype /Link" in one:
            assert b"/Contents " in one
            assert b"/StructParent " in one


def _fonts(objects: Mapping[int, bytes]) -> None:
    """7.21: fonts are embedded, and their glyphs are known as characters."""
    for one in objects.values():
        if b"/Type /FontDescriptor" in one:
            assert b"/FontFile" in one
        if b"/Subtype /Type0" in one:
            assert b"/ToUnicode " in one


def _tags(objects: Mapping[int, bytes], root: int) -> list[int]:
    """7.3: a figure has words in its place; 7.4.2: no level of headings is skipped."""
    levels = []
    for body in _walk(objects, root):
        tag = _ELEMENT.search(body)
        name = tag[1] if tag else b""
        assert name != b"Figure" or re.search(rb"/Alt [(<].", body), body
        if re.fullmatch(rb"H[1-6]", name):
            levels.append(int(name[1:]))
    deeper = [after - before for before, after in zip([0, *levels], levels, strict=False)]
    assert max(deeper, default=1) == 1, levels
    return levels


def _walk(objects: Mapping[int, bytes], number: int) -> Iterator[bytes]:
    """The elements below one, in the order that they are read in."""
    body = objects[number]
    yield body
    if children := _CHILDREN.search(body):
        for child in _REFERENCE.findall(children[1]):
            yield from _walk(objects, int(child))
