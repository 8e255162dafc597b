"""The house is as its documents say, and its documents tell all of it."""

import ast
import re
import tomllib
from datetime import datetime, timedelta
from importlib.metadata import packages_distributions
from pathlib import Path

import click
import pytest
from flask import Flask

import toolkits
from cascade.audience.importing import Options, import_table
from cascade.audience.reading import read_table
from cascade.cli import main
from cascade.config import PREFIX, Settings
from cascade.database import Base, Database
from cascade.migrations.tables import EVERY_RECORD
from cascade.sending.states import (
    COMES_FROM,
    GRADE_MEANING,
    POLICIES,
    CascadeState,
    DeliveryState,
    Policy,
)
from cascade.web.app import create_app
from tests.documents import (
    ROOT,
    anchors,
    called,
    commands,
    document,
    links,
    makefile_targets,
    options,
    rows,
    tracked,
    typed_commands,
)
from workers.broker import embedded_broker
from workers.jobs import declare

OPERATIONS = "docs/operations.md"
ARCHITECTURE = "docs/architecture.md"
PACKAGES = ("cascade", "toolkits", "channels", "workers")
LONGEST = 300

PROJECT = tomllib.loads(document("pyproject.toml"))
CONTRACTS = PROJECT["tool"]["importlinter"]["contracts"]


FILES = tracked()
NAMES = [str(path.relative_to(ROOT)) for path in FILES]
DOCUMENTS = [name for name in NAMES if name.endswith(".md")]
MODULES = [name for name in NAMES if re.match(rf"(?:{'|'.join(PACKAGES)}|bench)/.*\.py$", name)]
COMMANDS = dict(commands(main))


def test_every_setting_is_documented_with_its_default() -> None:
    told = {name: cells[1] for name, cells in rows(OPERATIONS, "Settings").items()}
    assert set(told) == {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        if isinstance(default, str | int | float):
            shown = str(default).removesuffix(".0")
            assert told[f"{PREFIX}{name}".upper()] == f"`{shown}`"


def test_every_command_is_documented_with_its_options() -> None:
    told = {called(line): cells[1] for line, cells in rows(OPERATIONS, "Commands").items()}
    assert set(told) == set(COMMANDS)
    for name, command in COMMANDS.items():
        assert set(re.findall(r"`(--[a-z-]+)`", told[name])) == options(command), name


@pytest.mark.parametrize("name", [one for one in DOCUMENTS if any(typed_commands(one))])
def test_commands_in_documents_can_be_typed(name: str) -> None:
    for words in typed_commands(name):
        command, used = _resolve(words)
        assert used <= options(command) | {"-o", "-h", "-"}, words


def _resolve(words: list[str]) -> tuple[click.Command, set[str]]:
    for length in (1, 2):
        command = COMMANDS.get(" ".join(["cascade", *words[:length]]))
        if command is not None:
            return command, {word for word in words[length:] if word.startswith("-")}
    raise AssertionError(f"there is no command: cascade {' '.join(words)}")


def test_every_queue_is_documented_and_has_its_actor() -> None:
    broker = embedded_broker()
    declare(broker, lambda lane: 0)
    told = {name: cells[-1].strip("`") for name, cells in rows(OPERATIONS, "Queues").items()}
    assert told == {actor.queue_name: name for name, actor in broker.actors.items()}


def test_every_state_of_a_delivery_is_documented_with_where_it_comes_from() -> None:
    told = {name: cells[-1] for name, cells in rows(ARCHITECTURE, "Of a delivery").items()}
    assert told == {one: ", ".join(COMES_FROM[one]) for one in DeliveryState}


def test_every_state_of_a_cascade_is_documented() -> None:
    assert set(rows(ARCHITECTURE, "Of a cascade")) == set(CascadeState)


def test_every_tier_is_documented_with_its_policy() -> None:
    told = rows(OPERATIONS, "Tiers")
    assert told == {tier: _said(policy) for tier, policy in POLICIES.items()}


def _said(policy: Policy) -> tuple[str, ...]:
    within = _span(policy.confirm_within) if policy.confirm_within else "not asked"
    return (
        policy.lane,
        within.replace(" h", " working h") if policy.working_time else within,
        _span(policy.give_up_after),
        _span(policy.tolerance),
        "yes" if policy.can_unsubscribe else "no",
    )


def _span(span: timedelta) -> str:
    if span >= timedelta(days=2):
        return f"{span.days} days"
    minutes = int(span.total_seconds()) // 60
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"


def test_every_grade_is_in_the_glossary() -> None:
    told = {
        name.strip("*"): cells[0]
        for name, cells in rows("docs/glossary.md", "Evidence grades").items()
    }
    assert told == {grade.value: meaning for grade, meaning in GRADE_MEANING.items()}


def test_every_table_is_documented() -> None:
    assert EVERY_RECORD
    assert set(rows(ARCHITECTURE, "Tables")) == set(Base.metadata.tables)


def test_every_address_is_documented(sqlite_database: Database, tmp_path: Path) -> None:
    settings = Settings(secret_key="s" * 32, catcher=tmp_path / "mail.db")
    app: Flask = create_app(settings, sqlite_database, clock=datetime.now)
    there = {_plain(rule.rule) for rule in app.url_map.iter_rules()}
    section = " ".join(rows(OPERATIONS, "Addresses"))
    assert {one.strip("`,") for one in section.split()} == there


def _plain(rule: str) -> str:
    return re.sub(r"<int\([^)]*\):(\w+)>", r"<\1>", rule)


def test_every_problem_of_a_toolkit_is_documented() -> None:
    assert set(toolkits.CODES) <= set(rows("docs/toolkits.md", "Problems"))


def test_every_make_target_is_documented() -> None:
    told = {name.removeprefix("make ") for name in rows("CONTRIBUTING.md", "Set up and run")}
    assert told == makefile_targets()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_in_a_document_is_there(name: str) -> None:
    in_code = re.findall(r"(?:^|`|\n|&& |=\S+ )make ([a-z]+)", document(name))
    assert set(in_code) <= makefile_targets()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    for link in links(name):
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text("utf-8")), link


def test_every_test_that_the_security_page_names_is_there() -> None:
    named = set(re.findall(r"`([\w/]+\.py)`", document("docs/security.md")))
    assert len(named) > 20
    assert [one for one in sorted(named) if not (ROOT / "tests" / one).exists()] == []


def test_the_picture_of_the_route_says_in_words_what_it_shows() -> None:
    picture = document("docs/route.svg")
    assert re.search(r"<title [^>]*>\w.+</title>", picture)
    assert re.search(r"<desc [^>]*>\w.+</desc>", picture)
    assert re.search(r"!\[\w[^\]]{40,}\]\(docs/route\.svg\)", document("README.md"))


def test_the_first_cascade_has_files_without_a_problem(
    sqlite_database: Database, now: datetime
) -> None:
    folder = ROOT / "docs" / "first-cascade"
    assert toolkits.check(toolkits.parse((folder / "cold-snap.md").read_text("utf-8"))) == []
    with sqlite_database.writing() as session:
        result = import_table(session, read_table(folder / "contacts.csv"), now, Options())
    assert (result.lines, result.added, result.rejected) == (5, 5, ())


def test_the_lock_file_holds_pins_with_hashes_and_no_addresses() -> None:
    lines = document("requirements.lock").splitlines()
    pins = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    name, version = r"[a-z0-9._-]+(?:\[[a-z0-9,-]+\])?", r"==[^\s\\;]+(?: ;[^\\\n]+)?"
    pin = rf"{name}{version}(?: \\\n    --hash=sha256:[0-9a-f]{{64}})+"
    assert re.fullmatch(rf"(?:{pin}\n?)+", pins)
    assert not re.search(
        r"://|--(?:extra-)?index|--find-links|\.(?:org|com|io|net)\b", "\n".join(lines)
    )


@pytest.mark.parametrize("folder", ["frontend", "tests/provider"])
def test_a_lock_file_of_npm_names_no_registry(folder: str) -> None:
    assert '"resolved"' not in document(f"{folder}/package-lock.json")


def test_no_file_names_a_place_on_somebody_s_machine() -> None:
    # Put together here, or this file would be the one that is found.
    places = "|".join(f"/{place}/" for place in ("work", "root", "home", "Users", "opt"))
    pattern = re.compile(rf"(?<![\w.<])(?:{places})|\.\./{'shared'}")
    found = {
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in FILES
        if (hit := pattern.search(path.read_text("utf-8", "ignore")))
    }
    assert found == set()


def test_every_import_rule_has_its_contract() -> None:
    named = {cells[-1] for cells in rows(ARCHITECTURE, "Import rules").values()}
    assert named == {one["name"] for one in CONTRACTS}
    layers = [one for one in CONTRACTS if one["type"] == "layers"]
    assert any(one.get("exhaustive") and one["containers"] == ["cascade"] for one in layers)
    assert any({"workers", "cascade.cli"} <= set(one["layers"]) for one in layers)


@pytest.mark.parametrize(
    ("name", "sources", "forbidden"),
    [
        (
            "Toolkits and channels know nothing of Cascade or its servers",
            {"toolkits", "channels"},
            {"cascade", "workers", "sqlalchemy", "flask", "dramatiq", "redis"},
        ),
        ("Flask stays in the web", {"workers", "cascade.sending"}, {"flask"}),
        (
            "Dramatiq and Redis stay in the workers",
            {"cascade", "toolkits", "channels"},
            {"dramatiq", "redis"},
        ),
    ],
)
def test_a_contract_forbids_what_its_name_says(
    name: str, sources: set[str], forbidden: set[str]
) -> None:
    contract = next(one for one in CONTRACTS if one["name"] == name)
    assert sources <= set(contract["source_modules"])
    assert forbidden == set(contract["forbidden_modules"])


def test_flask_is_forbidden_in_every_module_but_the_web_and_what_wires_it() -> None:
    contract = next(one for one in CONTRACTS if one["name"] == "Flask stays in the web")
    there = {
        f"cascade.{path.stem}"
        for path in (ROOT / "cascade").iterdir()
        if path.stem not in ("__init__", "__pycache__", "web", "cli", "migrations")
    }
    assert there | {"workers"} == set(contract["source_modules"])


def test_no_other_package_has_one_of_our_names() -> None:
    owners = packages_distributions()
    for name in PACKAGES:
        assert set(owners.get(name, ())) == {"cascade"}, name
    for name in ("templates", "tests", "bench"):
        assert name not in owners, name


def test_exactly_the_four_packages_are_installed() -> None:
    included = PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    assert set(included) == {name for one in PACKAGES for name in (one, f"{one}.*")}


def test_the_procfile_has_the_processes_that_are_documented() -> None:
    there = [line.partition(":")[0] for line in document("Procfile").splitlines()]
    assert there == ["release", "web", "worker", "clock", "inbound"]
    assert list(rows(OPERATIONS, "Scaled out")) == there


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_what_it_is_for_and_is_small(name: str) -> None:
    text = document(name)
    assert not text.strip() or ast.get_docstring(ast.parse(text))
    if "/versions/" not in name:  # the first migration makes every table
        assert len(text.splitlines()) <= LONGEST
