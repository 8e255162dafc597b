"""Cuts blocks to a number of words, at the end of a sentence or a paragraph."""

import re
from collections.abc import Iterable
from dataclasses import replace

from toolkits.formats.blocks import Block, Run, trimmed

# What a reader counts as a word; scripts without blanks between words are counted by sign.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\S*[^\W_]\S*")
_END = re.compile(r"[.!?…؟۔।]+[\"'”’)»]*(?=\s)|[。！？]+[”」』）]*")
# Behind a title or a single letter the sentence goes on: Dr. Shah, e.g. this.
_GOES_ON = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|St|Prof|No|vs|etc)|\b[A-Za-z](?:\.[A-Za-z])*)\.$")
_LEADS_ON = (":", "：")


def words(blocks: Iterable[Block]) -> int:
    """How many words there are, pictures not counted."""
    return sum(map(_size, blocks))


def cut(blocks: Iterable[Block], most: int) -> tuple[Block, ...]:
    """The first blocks with that many words at most; never nothing where there was something."""
    taken: list[Block] = []
    left = most
    for block in blocks:
        if (size := _size(block)) > left:
            taken += [part for part in [_sentences(block, left)] if part.runs]
            break
        taken.append(block)
        left -= size
    else:
        return tuple(taken)
    first = taken[0] if taken else block
    while taken and _leads_on(taken[-1]):
        taken.pop()
    return tuple(taken) or (_shortened(first, most),)


def _size(block: Block) -> int:
    cells = (cell for row in block.rows for cell in row)
    return _count(block.runs) + sum(map(_count, cells))


def _count(runs: Iterable[Run]) -> int:
    text = "".join("" if run.picture else run.text for run in runs)
    return len(_WORD.findall(text))


def _leads_on(block: Block) -> bool:
    """Whether it says nothing without what comes after it."""
    return block.kind in ("heading", "rule") or block.text.rstrip().endswith(_LEADS_ON)


def _sentences(block: Block, most: int) -> Block:
    """The whole sentences at the beginning of a paragraph that fit."""
    if block.kind not in ("p", "item"):
        return replace(block, runs=())
    text, fits = block.text, 0
    for end in _END.finditer(text):
        if _GOES_ON.search(text, max(0, end.start() - 20), end.start() + 1):
            continue
        if len(_WORD.findall(text[: end.end()])) > most:
            break
        fits = end.end()
    return replace(block, runs=_until(block.runs, fits))


def _shortened(block: Block, most: int) -> Block:
    """A sentence that is too long by itself, and a table, end in the middle."""
    runs = block.runs or tuple(run for row in block.rows[:1] for cell in row for run in cell)
    text = "".join(run.text for run in runs)
    fitting = list(_WORD.finditer(text))[:most]
    if not fitting or fitting[-1].end() == len(text):
        return Block("p", runs)
    kept = _until(runs, fitting[-1].end())
    return Block("p", (*kept, replace(kept[-1], text="…", picture="")))


def _until(runs: tuple[Run, ...], end: int) -> tuple[Run, ...]:
    """The first signs of some runs."""
    kept = []
    for run in runs:
        if end <= 0:
            break
        kept.append(replace(run, text=run.text[:end]))
        end -= len(run.text)
    return trimmed(kept)
