"""The guide for writers tells all of what the package knows, and no more."""

import re
from pathlib import Path

import toolkits
from tests.toolkits.writing import codes
from toolkits import CHANNELS, CODES, KNOWN_SLOTS, parse
from toolkits.formats.social import networks
from toolkits.meta import KEYS
from toolkits.wordlists import rows

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "toolkits.md").read_text("utf-8")
SOURCE = "\n".join(path.read_text("utf-8") for path in (ROOT / "toolkits").rglob("*.py"))


def test_every_problem_code_is_in_the_guide_with_its_level():
    rows = re.findall(r"^\| `([a-z-]+)` \| (error|warning|advice) \|", GUIDE, re.MULTILINE)
    assert dict(rows) == dict(CODES)
    assert len(rows) == len(CODES)


def test_every_registered_code_is_used_and_no_other():
    quoted = set(re.findall(r'"([a-z]+(?:-[a-z]+)*)"', SOURCE))
    assert set(CODES) <= quoted | {kind for _, kind, _ in rows("tone.tsv")}
    reported = re.findall(r'(?:problem|report)\(\s*[\w.\[\]"()]+,\s*"([a-z-]+)"', SOURCE)
    assert len(set(reported)) > 30
    assert set(reported) <= set(CODES)


def test_every_key_channel_slot_and_network_is_in_the_guide():
    for name in (*KEYS, *CHANNELS, *KNOWN_SLOTS):
        assert f"`{name}`" in GUIDE, name
    for name, meaning in KNOWN_SLOTS.items():
        assert f"| `{name}` | {meaning} |" in GUIDE
    for network in networks():
        assert network.name in GUIDE


def test_the_example_of_the_guide_has_no_problems():
    example = re.search(r"```markdown\n(.*?)```", GUIDE, re.DOTALL)
    assert example
    assert codes(parse(example[1])) == set()


def test_everything_that_is_exported_is_there():
    assert all(hasattr(toolkits, name) for name in toolkits.__all__)
