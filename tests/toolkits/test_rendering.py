"""What Markdown becomes, as HTML and as plain text."""

import pytest

from toolkits import html, inline, parse, plain, text

CASES = [
    ("**b** *i* `c`", "<p><strong>b</strong> <em>i</em> <code>c</code></p>", "b i c"),
    ("Intro:\n- a\n- b", "<p>Intro:</p><ul><li>a</li><li>b</li></ul>", "Intro:\n\n- a\n- b"),
    ("- a\n  - b", "<ul><li>a<ul><li>b</li></ul></li></ul>", "- a\n  - b"),
    ("• a\n• b", "<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
    ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b"),
    ("1) a\n2) b", "<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
    ("- a\n1. b", "<ul><li>a</li></ul><ol><li>b</li></ol>", "- a\n\n1. b"),
    ("Top\n===\ntext", "<h2>Top</h2><p>text</p>", "Top\n\ntext"),
    ("text\n## Sub\ntext", "<p>text</p><h2>Sub</h2><p>text</p>", "text\n\nSub\n\ntext"),
    ("#FluJab", "<p>#FluJab</p>", "#FluJab"),
    ("a\n\n* * *\n\nb", "<p>a</p><hr><p>b</p>", "a\n\n----\n\nb"),
    ("> a\n> - b", "<blockquote><p>a</p><ul><li>b</li></ul></blockquote>", "> a\n>\n> - b"),
    (
        "| A | B |\n|---|--:|\n| 1 | 2 |",
        (
            '<table><thead><tr><th scope="col">A</th><th align="right" scope="col">B</th></tr>'
            '</thead><tbody><tr><td>1</td><td align="right">2</td></tr></tbody></table>'
        ),
        "- A: 1; B: 2",
    ),
    (
        "[site](https://example.org/a)",
        '<p><a href="https://example.org/a" rel="noopener noreferrer">site</a></p>',
        "site (https://example.org/a)",
    ),
    (
        "[r][1]\n\n[1]: https://example.org/r",
        '<p><a href="https://example.org/r" rel="noopener noreferrer">r</a></p>',
        "r (https://example.org/r)",
    ),
    (
        "<https://example.org>",
        '<p><a href="https://example.org" rel="noopener noreferrer">https://example.org</a></p>',
        "https://example.org",
    ),
    (
        "<team@example.org>",
        '<p><a href="mailto:team@example.org" rel="noopener noreferrer">team@example.org</a></p>',
        "team@example.org",
    ),
    (
        "![A nurse](https://example.org/n.png)",
        '<p><img alt="A nurse" src="https://example.org/n.png"></p>',
        "[A nurse]",
    ),
    ("![A nurse](http://example.org/n.png)", "<p><em>A nurse</em></p>", "A nurse"),
    ("```\n<b> *x*\n```", "<pre><code>&lt;b&gt; *x*</code></pre>", "<b> *x*"),
    ("H<sub>2</sub>O<br>x", "<p>H<sub>2</sub>O<br>x</p>", "H2O\nx"),
    ("<div>a</div> <BP> 1 < 2 &amp; 3", "<p>a &lt;BP&gt; 1 &lt; 2 &amp; 3</p>", "a <BP> 1 < 2 & 3"),
    ("    indented", "<p>indented</p>", "indented"),
    ("a  \nb", "<p>a<br>b</p>", "a\nb"),
    ("*a*{: onclick=x }", "<p><em>a</em>{: onclick=x }</p>", "a{: onclick=x }"),
    ("\\*a\\*", "<p>*a*</p>", "*a*"),
]


@pytest.mark.parametrize(("markdown", "as_html", "as_text"), CASES)
def test_markdown_becomes_safe_html_and_complete_text(markdown, as_html, as_text):
    document = parse(markdown)
    assert html(document, ()).replace("\n", "") == as_html
    assert text(document, ()) == as_text


def test_references_reach_over_sections():
    document = parse("[here][x]\n\n::: for a\n[x]: https://example.org/x\n:::")
    assert 'href="https://example.org/x"' in html(document, ())


def test_a_table_row_names_its_columns_in_plain_text():
    document = parse("| Day | Open |\n|---|---|\n| Friday | 9 to 5 |\n| Saturday | |")
    assert text(document, ()) == "- Day: Friday; Open: 9 to 5\n- Day: Saturday"


def test_a_long_document_is_rendered_whole():
    paragraphs = [f"Paragraph {n} is about **thing {n}**." for n in range(500)]
    written = text(parse("\n\n".join(paragraphs)), ())
    assert written == "\n\n".join(each.replace("**", "") for each in paragraphs)


def test_a_long_list_keeps_its_numbers():
    items = [f"{n}. Item {n} of a long list that goes on and on." for n in range(1, 500)]
    assert text(parse("\n".join(items)), ()).split("\n") == items


@pytest.mark.parametrize(
    ("line", "as_html", "as_text"),
    [
        ("**Free** jabs", "<strong>Free</strong> jabs", "Free jabs"),
        ("1. Not a list", "1. Not a list", "1. Not a list"),
        ("# Not a heading", "# Not a heading", "# Not a heading"),
        ("> Not a quote", "&gt; Not a quote", "> Not a quote"),
        ("a | b", "a | b", "a | b"),
        ("<script>x</script>", "x", "x"),
        ("![x](https://example.org/a.png)", "", ""),
        ("", "", ""),
        (
            "See [it](https://example.org)",
            'See <a href="https://example.org" rel="noopener noreferrer">it</a>',
            "See it (https://example.org)",
        ),
    ],
)
def test_one_line_stays_one_line(line, as_html, as_text):
    assert inline(line) == as_html
    assert plain(line) == as_text
