"""What the pages of writing share: who may come in, room for long texts, files' addresses."""

from collections.abc import Callable

from flask import request, url_for
from flask.typing import ResponseReturnValue

from cascade.accounts.permissions import Permission
from cascade.library.drafts import LONGEST
from cascade.library.records import Asset
from cascade.web import access
from cascade.web.site import site

LARGEST_TEXT = LONGEST * 4 + 256 * 1024
"""Bytes of the longest text, every letter an emoji, and of the fields around it."""
_MOST_FIELDS = 1_000


def guard() -> ResponseReturnValue | None:
    """A `before_request`: who may see looks, who may write changes."""
    needed = Permission.SEE if request.method in access.ASKING else Permission.WRITE
    return access.require(needed)()


def room(size: int) -> Callable[[], None]:
    """A `before_request` that lets more be sent than other pages take; stands before the guard."""

    def make() -> None:
        request.max_content_length = size
        request.max_form_memory_size = size
        request.max_form_parts = _MOST_FIELDS

    return make


def address_of(asset: Asset) -> str:
    """The public address of an asset, as messages point to it."""
    path = url_for("assets.serve", sha256=asset.sha256, name=asset.name)
    return site().settings.base_url + path
