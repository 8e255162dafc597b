"""What is done, in plain words."""

from pathlib import Path

from cascade.accounts import acts
from cascade.accounts.acts import Act

SOURCES = Path(acts.__file__).parents[1]


def test_every_act_has_words_of_its_own() -> None:
    assert len({act.words for act in Act}) == len(Act)
    for act in Act:
        assert act.words[0].isupper(), act


def test_every_act_is_written_somewhere() -> None:
    written = "\n".join(file.read_text("utf-8") for file in SOURCES.rglob("*.py"))

    assert [act.name for act in Act if f"Act.{act.name}" not in written] == []


def test_what_an_earlier_release_wrote_is_said_by_its_own_word() -> None:
    assert acts.said("user-changed") == "User changed"
    assert acts.said("roles-changed") == "Roles changed"


def test_an_act_is_meant_by_a_part_of_its_words() -> None:
    assert acts.meant("ORGANISATION OPENED") == ("organisation-reopened",)
    assert acts.meant("zebra") == ()
