"""What a frame on somebody's site shows of a toolkit; it loads nothing, not even a picture."""

from dataclasses import replace

import toolkits
from cascade.shelf.visible import Shown
from toolkits.formats.blocks import Block, Run, read
from toolkits.formats.paste import to_html
from toolkits.rendering import render


def own_words(shown: Shown, audience: str) -> str:
    """What the message says to this public segment alone, as HTML with pictures in words.

    What everybody reads stands on the page that the frame leads to.
    """
    if not audience:
        return ""
    document = shown.document
    own = [one for one in toolkits.select(document, [audience]) if one.include is not None]
    blocks = read("\n".join(render(document, own)))
    return to_html(map(_in_words, blocks))


def _in_words(block: Block) -> Block:
    def runs(several: tuple[Run, ...]) -> tuple[Run, ...]:
        return tuple(replace(one, picture="") for one in several)

    rows = tuple(tuple(map(runs, row)) for row in block.rows)
    return replace(block, runs=runs(block.runs), rows=rows)
