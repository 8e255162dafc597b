"""Address rules that learn to build an address when the first one is wanted."""

from collections.abc import Callable, Hashable

from werkzeug.routing import Rule

_Builder = Callable[..., tuple[str, str]]
_KEPT: dict[Hashable, _Builder] = {}
"""The builder of a rule depends on nothing but what the rule says."""


class LateRule(Rule):
    """A rule that isn't compiled for building at the start: hundreds of them take a fifth of a
    second, and a process builds the addresses of few."""

    def _compile_builder(self, append_unknown: bool = True) -> _Builder:
        compile_ = super()._compile_builder

        def build(rule: Rule, **values: object) -> tuple[str, str]:
            said = self.rule, self.subdomain, self.host, repr(self.defaults), append_unknown
            if said not in _KEPT:
                _KEPT[said] = compile_(append_unknown)
            return _KEPT[said](rule, **values)

        return build
