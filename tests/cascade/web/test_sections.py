"""The menu marks where the reader is."""

from flask import Flask

from cascade.web.sections import _SECTIONS

# What has no entry in the menu: what readers of messages see, signing in, one's own account,
# the search over everything, and what is no page of its own.
_OUTSIDE = {
    *("confirm", "unsubscribe", "health", "look_files", "previews", "searching", "static"),
    *("entrance", "provider", "passwords", "desk"),
    *("account", "second_step", "provider_link", "subscribing"),
    *("library", "library_toolkits", "kit", "takers", "using", "embed", "archive", "feeds"),
}


def test_every_page_belongs_below_one_entry_of_the_menu(app: Flask) -> None:
    assert set(app.blueprints) - _OUTSIDE == set(_SECTIONS)
