"""How states and grades are said on every face of a report."""

from collections.abc import Mapping

from cascade.sending.states import CascadeState, DeliveryState

STATE_WORDS: Mapping[str, str] = {
    CascadeState.AWAITING: "Awaiting: a second person countersigns it, or it is withdrawn",
    CascadeState.SCHEDULED: "Scheduled: goes out when its time comes",
    CascadeState.HELD: "Held: it is overdue, and a person decides whether it still goes out",
    CascadeState.SENDING: "Being sent",
    CascadeState.PAUSED: "Paused: nothing goes out until it is resumed",
    CascadeState.WITHDRAWN: "Withdrawn: nothing more goes out",
    CascadeState.SENT: "Sent: no message is waiting any more",
}

DELIVERY_WORDS: Mapping[str, str] = {
    "": "no message was planned",
    DeliveryState.PLANNED: "waiting to be sent",
    DeliveryState.CLAIMED: "being sent now",
    DeliveryState.DEFERRED: "refused for now, will be tried again",
    DeliveryState.ACCEPTED: "accepted by their server",
    DeliveryState.DELIVERED: "delivered, their server says",
    DeliveryState.BOUNCED: "bounced: it did not arrive",
    DeliveryState.FAILED: "failed: it could not be sent",
    DeliveryState.SUPPRESSED: "not sent: the address must not be written to",
    DeliveryState.WITHDRAWN: "not sent: withdrawn",
    DeliveryState.EXPIRED: "not sent: its time was over",
}
