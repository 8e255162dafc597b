"""Whether a page holds the words of a toolkit: pages as groups make them, and any text at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.reposts.markup import read
from cascade.reposts.recognising import RUN, Sight, Words, runs, see, words

COPY = (
    "Cold weather is on its way to our county this weekend. Please look in on neighbours who live "
    "alone, and make sure that one room in their home is kept at eighteen degrees or warmer. If "
    "you are worried about somebody’s health, ring 111 at any hour of the day or night."
)
WANTED = Words(
    messages=(
        "Keep the room that you use most at 18°C or warmer.",
        "Look in on people near you who live alone.",
        "Wrap up.",
    ),
    copy=(COPY,),
)
TWO = (
    "<li>Keep the room that you use most at 18°C or warmer"
    "<li>Look in on people near you who live alone"
)
PLACES = ("https://cascade.example.org/library/cold-snap",)
QUARTER = " ".join(COPY.split()[:18])


def seen(page: str, *, is_html: bool = True) -> Sight | None:
    return see(page, [WANTED], PLACES, is_html=is_html)


PAGES = {
    "the copy in a newsletter": (f"<h1>News</h1><p>{COPY}</p>", "100% of the newsletter copy"),
    "the copy with bold words and a link in it": (
        COPY.replace("neighbours", "<b>neigh</b>bours").replace("111", "<a href=x>111</a>"),
        "100% of the newsletter copy",
    ),
    "the copy in capitals without typography": (
        f"<p>{COPY.upper().replace('’', chr(39))}</p>",
        "100% of the newsletter copy",
    ),
    "a third of the copy": (f"<p>Hello!</p><p>{QUARTER}, they say.</p>", "newsletter copy"),
    "two of three key messages in a list": (
        TWO,
        "2 of 3 key messages",
    ),
    "a page that only links": (
        '<p>Read <a class="b" href="https://cascade.example.org/library/cold-snap?language=ur">this',
        "A link to the toolkit",
    ),
    "a page that links to the kit": (
        "<a href='https://cascade.example.org/library/cold-snap/kit'>kit</a>",
        "A link to the toolkit",
    ),
    "soft hyphens and entities": (
        f"<p>{COPY.replace('weather', 'wea&shy;ther').replace(' ', '&#32;')}</p>",
        "100% of the newsletter copy",
    ),
}
NOTHING = {
    "another page": "<p>The jumble sale is on Saturday at ten. Bring cakes.</p>",
    "one short message, which anybody may write": "<p>Wrap up.</p>",
    "a few words of it": "<p>Please look in on neighbours who live in Ambleby.</p>",
    "the copy in a comment": f"<!-- {COPY} --><p>Nothing here</p>",
    "the copy in a script": f"<script>var a = '{COPY}'</script>",
    "the copy in a style": f"<style>/* {COPY} */</style>",
    "the copy in an attribute": f'<p title="{COPY}">Nothing here</p>',
    "a link to another toolkit": '<a href="https://cascade.example.org/library/cold-snap-2">x</a>',
    "a link to another site": '<a href="https://evil.example/library/cold-snap">x</a>',
    "a link in a query": '<a href="https://e.example/?https://cascade.example.org/library/cold-snap">',
    "the copy with its words in another order": f"<p>{' '.join(sorted(COPY.split()))}</p>",
    "nothing": "",
}


@pytest.mark.parametrize("name", PAGES)
def test_words_of_the_toolkit_are_seen(name: str) -> None:
    page, found = PAGES[name]
    sight = seen(page)
    assert sight is not None
    assert found in sight.found
    assert 0 < len(sight.excerpt) <= 200


@pytest.mark.parametrize("name", NOTHING)
def test_what_is_not_there_is_not_seen(name: str) -> None:
    assert seen(NOTHING[name]) is None


def test_the_excerpt_is_the_piece_of_the_page_that_proves_it() -> None:
    sight = seen(f"<p>Our news.</p><p>{QUARTER} or so.</p><p>More news.</p>")

    assert sight is not None
    assert sight.excerpt == QUARTER


def test_plain_text_is_read_as_it_stands() -> None:
    assert seen(f"<b>{COPY}</b>", is_html=False) is not None
    linked = seen("See https://cascade.example.org/library/cold-snap.", is_html=False)
    assert linked == Sight(
        "A link to the toolkit", "https://cascade.example.org/library/cold-snap."
    )


def test_an_older_version_is_seen_as_well() -> None:
    new = Words(("Something quite different is said by this one now.",), ("Nothing alike.",))

    assert see(f"<p>{COPY}</p>", [new, WANTED], PLACES, is_html=True) is not None


@pytest.mark.parametrize(
    "text",
    [
        "ઠંડી આવી રહી છે તેથી એક રૂમ ગરમ રાખો અને પડોશીઓની ખબર લો",
        "寒波来袭请保持一个房间温暖并关心独居邻居",
        "سردی آ رہی ہے اس لیے ایک کمرہ گرم رکھیں اور پڑوسیوں کا خیال رکھیں",
    ],
)
def test_every_script_is_compared(text: str) -> None:
    wanted = Words((), (text,))

    assert see(f"<p>{text}</p>", [wanted], (), is_html=True) is not None
    assert see(f"<p>{text[: len(text) // 9]}</p>", [wanted], (), is_html=True) is None


_SENTENCES = st.permutations(sorted(set(words(COPY)))).map(" ".join)


@given(st.text(), st.text())
def test_any_page_and_any_words_are_read(page: str, copy: str) -> None:
    wanted = [Words((copy,), (copy,))]
    for is_html in (True, False):
        found = see(page, wanted, (copy,), is_html=is_html)
        assert found is None or len(found.excerpt) <= 200


@given(_SENTENCES, st.text(), st.text())
def test_what_stands_on_a_page_is_seen_whatever_is_around_it(
    copy: str, before: str, after: str
) -> None:
    page = f"{before}\n{copy}\n{after}"

    assert see(page, [Words((), (copy,))], (), is_html=False) is not None


@given(st.text())
def test_visible_text_holds_no_tag_that_a_page_can_write(text: str) -> None:
    page = f"<div><i>{text.replace('<', '').replace('&', '')}</i></div>"
    assert "<i>" not in read(page).text


@given(st.text())
def test_words_are_compared_without_case(text: str) -> None:
    assert words(text.lower().upper().lower()) == words(text.lower().upper().casefold())
    assert all(len(one) <= RUN for one in runs(text))
