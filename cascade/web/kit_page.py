"""The page of a kit: its words to be copied, its files, and the form for the group's own name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import render_template, request

import toolkits
from cascade.errors import Refused
from cascade.sending.deadlines import LONDON
from cascade.shelf import copies, drawing
from cascade.shelf.brands import Brand
from cascade.shelf.kit import ENDING_WORDS, PIECES, checked
from cascade.shelf.orders import Order, day_words, order
from cascade.shelf.visible import Shown, current
from cascade.web import access, embed_code
from cascade.web.appearance import look
from cascade.web.kit_forms import KitForm
from cascade.web.security import allow_pictures
from cascade.web.site import site

BRANDED = {
    "kit.zip": "Download everything (ZIP)",
    "poster-a4.pdf": "Poster, A4 (PDF)",
    "poster-a3.pdf": "Poster, A3 (PDF)",
    "screen.pdf": "Slide for a screen (PDF)",
    "briefing.pdf": "Briefing sheet (PDF)",
    "slides.pptx": "Headline slides (PowerPoint)",
}
"""What the form makes with a logo, by its name: the files that show one."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A piece of copy as it is shown, and as it goes into the clipboard."""

    name: str
    words: str
    said: str
    """What is said when it was copied."""
    note: str
    shown: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The kit that an address asks for, among those there are."""

    order: Order
    every: Mapping[str, Shown]
    is_over: bool


def wanted(toolkit: str, brand: Brand) -> Wanted:
    """The kit in the language and for the audience of the address; raises NotFound."""
    sign_off = access.sign_off_in_force()
    with site().database.reading() as session:
        every = current(session, toolkit, sign_off=sign_off)
    asked = request.values
    spoken = asked.get("language", "")
    if spoken not in every:
        spoken = request.accept_languages.best_match(list(every)) or next(iter(every))
    shown = every[spoken]
    audience = asked.get("audience", "")
    if audience not in shown.audiences:
        audience = ""
    home = site().settings.base_url
    made = order(shown, look(), home, audience=audience, brand=brand)
    return Wanted(made, every, shown.is_over(site().clock().astimezone(LONDON).date()))


def page(kit: Wanted, form: KitForm) -> str:
    """The page, with the problems of the form if it has any."""
    this = kit.order
    trouble = _trouble(kit)
    chosen = {"language": this.shown.language, "audience": this.audience or None}
    details = {} if form.problems() else form.values()
    allow_pictures()
    return render_template(
        "kit.html",
        order=this,
        every=kit.every,
        trouble=trouble,
        until=day_words(this.document.meta.expires),
        form=form,
        chosen=chosen,
        address={**chosen, **details},
        direction=toolkits.direction(this.shown.language),
        copied=[] if trouble else list(_copied(this)),
        posts=() if trouble else copies.posts(this),
        text_message="" if trouble else copies.sms(this),
        alternative="" if trouble else drawing.alternative(this),
        pieces=PIECES,
        endings=ENDING_WORDS,
        branded=BRANDED,
        frame="" if trouble else _frame(this),
        plain_code="" if trouble else _plain_code(this),
    )


def _frame(this: Order) -> str:
    return embed_code.iframe(
        this.shown.toolkit,
        this.title,
        site().settings.base_url,
        language=this.shown.language,
        audience=this.audience,
    )


def _plain_code(this: Order) -> str:
    return embed_code.plain(
        this.shown.toolkit, this.title, _messages(this), site().settings.base_url
    )


def _messages(this: Order) -> list[str]:
    return [this.text(toolkits.plain(one)) for one in this.document.meta.key_messages]


def _trouble(kit: Wanted) -> str:
    """Why there is nothing to take; empty when there is."""
    if kit.is_over:
        return "This toolkit has come to its end. Please do not publish it any more."
    try:
        checked(kit.order)
    except Refused as error:
        return str(error)
    return ""


def _copied(this: Order) -> Iterator[Copied]:
    for name, text in copies.listed(this):
        words = PIECES[name].words
        yield Copied(
            name=name,
            words=words,
            said=f"{words}, copied",
            note=text.note,
            shown=copies.pasted(this, text, top=4),
            html=copies.pasted(this, text),
            text=copies.as_text(this, text),
        )
