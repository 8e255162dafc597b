"""Toolkits: Markdown in; problems, and one version for each audience and channel, out.

Pure: no database, network, queue or clock.
"""

from toolkits.checks import check
from toolkits.checks.reading import EASY, Length, measure
from toolkits.demoting import demote
from toolkits.documents import CHANNELS, HEADINGS, Document, Meta, Section
from toolkits.formats.message import html, section, section_text, text
from toolkits.formats.oneline import inline, plain
from toolkits.formats.slides import Slide, slides
from toolkits.formats.sms import SmsSize, sms, sms_size
from toolkits.formats.social import Post, social
from toolkits.headings import Levels
from toolkits.impersonal import impersonal
from toolkits.inserting import Block, expanded, only, shown, with_blocks
from toolkits.languages import direction
from toolkits.parsing import parse
from toolkits.plaintext import to_text
from toolkits.problems import CODES, Level, Problem
from toolkits.sanitising import sanitise
from toolkits.selection import items, select
from toolkits.slots import (
    EXAMPLES,
    KNOWN_SLOTS,
    Place,
    Slot,
    fill,
    html_value,
    mark,
    names,
    renamed,
    split,
    split_html,
    split_text,
    text_value,
)
from toolkits.slots import unmark as unmarked
from toolkits.tables import Rows, Table, TableQuery

__all__ = [
    "CHANNELS",
    "CODES",
    "EASY",
    "EXAMPLES",
    "HEADINGS",
    "KNOWN_SLOTS",
    "Block",
    "Document",
    "Length",
    "Level",
    "Levels",
    "Meta",
    "Place",
    "Post",
    "Problem",
    "Rows",
    "Section",
    "Slide",
    "Slot",
    "SmsSize",
    "Table",
    "TableQuery",
    "check",
    "demote",
    "direction",
    "expanded",
    "fill",
    "html",
    "html_value",
    "impersonal",
    "inline",
    "items",
    "mark",
    "measure",
    "names",
    "only",
    "parse",
    "plain",
    "renamed",
    "sanitise",
    "section",
    "section_text",
    "select",
    "shown",
    "slides",
    "sms",
    "sms_size",
    "social",
    "split",
    "split_html",
    "split_text",
    "text",
    "text_value",
    "to_text",
    "unmarked",
    "with_blocks",
]
