"""Whether a later version of the same toolkit went to the same organisation."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from cascade.library.records import TOOLKIT, Toolkit
from cascade.sending.records import Cascade, CascadeOrganisation, Delivery, DeliveryOrganisation
from cascade.sending.states import CascadeState

_OUT = (CascadeState.SENDING, CascadeState.SENT)


def superseded_at(session: Session, delivery_id: int) -> datetime | None:
    """When the newest later version went out; None while this message is the newest.

    The next issue of a bulletin is another message, and takes the place of none.
    """
    own, later = aliased(Cascade), aliased(Cascade)
    return session.scalar(
        select(later.send_at)
        .select_from(Delivery)
        .join(own, own.id == Delivery.cascade_id)
        .join(Toolkit, (Toolkit.id == own.toolkit_id) & (Toolkit.kind == TOOLKIT))
        .join(DeliveryOrganisation, DeliveryOrganisation.delivery_id == Delivery.id)
        .join(
            CascadeOrganisation,
            CascadeOrganisation.organisation_id == DeliveryOrganisation.organisation_id,
        )
        .join(later, later.id == CascadeOrganisation.cascade_id)
        .where(
            Delivery.id == delivery_id,
            later.toolkit_id == own.toolkit_id,
            later.version_id > own.version_id,
            later.exercise == own.exercise,
            later.state.in_(_OUT),
        )
        .order_by(later.id.desc())
        .limit(1)
    )
