"""Blocks as a Word document (Office Open XML): real headings, lists, links and tables."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

from toolkits.formats.blocks import Block, Run
from toolkits.formats.sheets import Sheet, fact, legal
from toolkits.formats.zips import settled
from toolkits.headings import Levels
from toolkits.languages import direction

_LINK_COLOUR = "005EB8"
_PICTURE_CM = 14
_LOGO_CM = 1.6
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def to_word(blocks: Iterable[Block], sheet: Sheet) -> bytes:
    """A document with the title, the blocks and the closing line."""
    return _Writer(sheet).written(tuple(blocks))


class _Writer:
    """Adds one block after the other to python-docx's own template."""

    def __init__(self, sheet: Sheet) -> None:
        import docx  # late: it takes a third of a second and 20 MB

        self._sheet = sheet
        self._rtl = direction(sheet.language) == "rtl"
        self._document = docx.Document()
        self._numbered: Any = None
        self._levels = Levels(1)
        self._lay_out()
        self._describe()

    def written(self, blocks: Sequence[Block]) -> bytes:
        """The bytes of the document."""
        if self._sheet.logo:
            self._picture(self._document.add_paragraph(), self._sheet.logo, "", _LOGO_CM)
        self._paragraph("Title", (Run(self._sheet.title),))
        for block in blocks:
            self._add(block)
        if self._sheet.closing:
            self._paragraph("Normal", (Run(self._sheet.closing, em=True),))
        out = io.BytesIO()
        self._document.save(out)
        return settled(out.getvalue())

    def _lay_out(self) -> None:
        """A4: the template of the library is on American paper."""
        from docx.shared import Cm

        page = self._document.sections[0]
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin = page.right_margin = Cm(2.5)

    def _describe(self) -> None:
        told = self._document.core_properties
        at = self._sheet.made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        told.title, told.language = fact(self._sheet.title), fact(self._sheet.language)
        told.author = told.last_modified_by = fact(self._sheet.author)
        told.comments = ""
        told.created = told.modified = at
        self._speak(self._document.styles.element.find(_w("docDefaults"))[0][0])
        for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
            self._colour(self._document.styles[name])

    def _colour(self, style: Any) -> None:
        from docx.shared import RGBColor

        style.font.color.rgb = RGBColor.from_string(self._sheet.colour.lstrip("#").upper())

    def _add(self, block: Block) -> None:
        match block.kind:
            case "heading":
                self._paragraph(f"Heading {self._levels.next(block.level)}", block.runs)
            case "item":
                self._item(block)
            case "rule":
                self._paragraph("Normal", (Run("* * *"),))
            case "table":
                self._table(block)
            case "pre":
                self._paragraph("Normal", tuple(Run(run.text, code=True) for run in block.runs))
            case _:
                self._paragraph("Quote" if block.quoted else "Normal", block.runs)

    def _item(self, block: Block) -> None:
        """Word's own lists know three levels; a numbered one that begins at 1 begins anew."""
        kind = "List Bullet" if block.number is None else "List Number"
        level = min(3, block.level)
        paragraph = self._paragraph(kind if level == 1 else f"{kind} {level}", block.runs)
        if block.number is not None and level == 1:
            if block.number == 1 or self._numbered is None:
                self._numbered = self._new_numbers(block.number)
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = self._numbered

    def _new_numbers(self, first: int) -> int:
        numbering = self._document.part.numbering_part.element
        style = self._document.styles["List Number"].element
        known = style.pPr.numPr.numId.val
        abstract = numbering.num_having_numId(known).abstractNumId.val
        added = numbering.add_num(abstract)
        added.add_lvlOverride(ilvl=0).add_startOverride(first)
        number: int = added.numId
        return number

    def _paragraph(self, style: str, runs: Sequence[Run]) -> Any:
        paragraph = self._document.add_paragraph(style=style)
        self._fill(paragraph, runs)
        return paragraph

    def _fill(self, paragraph: Any, runs: Sequence[Run]) -> None:
        if self._rtl:
            _child(paragraph._p.get_or_add_pPr(), "bidi")
        for run in runs:
            if run.picture:
                self._shown(paragraph, run)
            elif run.link:
                self._link(paragraph, run)
            else:
                self._styled(paragraph.add_run(legal(run.text)), run)

    def _shown(self, paragraph: Any, run: Run) -> None:
        content = self._sheet.pictures.get(run.picture)
        if content is None:
            text = run.text or "Picture"
            self._link(paragraph, Run(f"[{text}]", em=True, link=run.picture))
        else:
            self._picture(paragraph, content, run.text, None)

    def _picture(self, paragraph: Any, content: bytes, alt: str, tall: float | None) -> None:
        from docx.shared import Cm

        height = Cm(tall) if tall else None
        shape = paragraph.add_run().add_picture(io.BytesIO(content), height=height)
        if shape.width > Cm(_PICTURE_CM):
            shape.height = round(shape.height * Cm(_PICTURE_CM) / shape.width)
            shape.width = Cm(_PICTURE_CM)
        shape._inline.docPr.set("descr", legal(alt))

    def _link(self, paragraph: Any, run: Run) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import RGBColor

        relation = paragraph.part.relate_to(run.link, _HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), relation)
        added = paragraph.add_run(legal(run.text))
        added.font.color.rgb, added.font.underline = RGBColor.from_string(_LINK_COLOUR), True
        self._styled(added, run)
        link.append(added._r)
        paragraph._p.append(link)

    def _styled(self, added: Any, run: Run) -> None:
        font = added.font
        font.bold, font.italic = run.strong or None, run.em or None
        font.subscript, font.superscript = run.shift == "sub" or None, run.shift == "sup" or None
        if run.code:
            font.name = "Courier New"
        if self._rtl:
            font.rtl = True
            if run.strong:  # its own sign for scripts that run from right to left, in its place
                added._r.rPr.find(_w("b")).addnext(_made("bCs"))

    def _table(self, block: Block) -> None:
        width = max(map(len, block.rows))
        table = self._document.add_table(len(block.rows), width, style="Table Grid")
        for number, row in enumerate(block.rows):
            for cell, runs in zip(table.rows[number].cells, row, strict=False):
                is_head = block.headed and number == 0
                self._fill(
                    cell.paragraphs[0],
                    [replace(run, strong=True) if is_head else run for run in runs],
                )
        if block.headed:
            _child(table.rows[0]._tr.get_or_add_trPr(), "tblHeader")
        if self._rtl:
            table._tbl.tblPr.find(_w("tblStyle")).addnext(_made("bidiVisual"))
        self._document.add_paragraph()

    def _speak(self, properties: Any) -> None:
        """The language of everything."""
        found = properties.find(_w("lang"))
        if found is None:
            found = _child(properties, "lang")
        found.set(_w("val"), "en-GB" if self._sheet.language == "en" else self._sheet.language)
        if self._rtl:
            found.set(_w("bidi"), self._sheet.language)


def _w(name: str) -> str:
    from docx.oxml.ns import qn

    found: str = qn(f"w:{name}")
    return found


def _child(parent: Any, name: str) -> Any:
    added = _made(name)
    parent.append(added)
    return added


def _made(name: str) -> Any:
    from docx.oxml import OxmlElement

    return OxmlElement(f"w:{name}")
