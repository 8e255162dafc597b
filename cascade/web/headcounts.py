"""Whom a release would reach, as counted within the last half minute: the pages say so."""

from sqlalchemy.orm import Session

from cascade.sending.headcount import Headcount, headcount
from cascade.web.lately import lately
from cascade.web.release_choices import Choices


def reached(session: Session, choices: Choices) -> Headcount:
    """The headcount of what was chosen; raises NotFound for an unknown segment."""
    tier = choices.tier
    assert tier is not None
    name = f"headcount {tier} {','.join(choices.segments)}"
    return lately(name, lambda: headcount(session, choices.segments, tier))
