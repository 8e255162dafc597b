"""Addresses are built late, and as they would have been built early."""

import pytest
from flask import Flask
from werkzeug.routing import Map, Rule

from cascade.web import rules
from cascade.web.rules import LateRule


def built(rule: Rule, **more: object) -> list[tuple[str, str] | None]:
    """What a rule makes of some values, with others and without."""
    kinds = {name: type(of).__name__ for name, of in rule._converters.items()}
    number = "IntegerConverter"
    values = {name: 7 if kind == number else "a b/ü?&=" for name, kind in kinds.items()}
    return [rule.build(values | more, unknown) for unknown in (True, False)]


def test_every_address_is_built_as_werkzeug_builds_it(app: Flask) -> None:
    every = list(app.url_map.iter_rules())
    assert len(every) > 200
    for late in every:
        assert isinstance(late, LateRule)
        early = Rule(late.rule, endpoint=late.endpoint, defaults=late.defaults)
        Map([early], converters=app.url_map.converters)
        assert built(late, unlike="x y") == built(early, unlike="x y")


def test_nothing_is_compiled_before_an_address_is_wanted() -> None:
    rule = LateRule("/nobody/has/<this>", endpoint="this")
    Map([rule])
    known = len(rules._KEPT)
    assert rule.build({"this": "a b"}, append_unknown=False) == ("", "/nobody/has/a%20b")
    assert len(rules._KEPT) == known + 1


def test_a_rule_without_a_value_refuses_as_before() -> None:
    rule = LateRule("/needs/<this>", endpoint="this")
    Map([rule])
    with pytest.raises(TypeError, match="this"):
        rule.build({})
