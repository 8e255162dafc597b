"""Every table there is: importing the records is what puts them into the metadata."""

from cascade import adjustments
from cascade.accounts import records as accounts
from cascade.audience import records as audience
from cascade.evidence import records as evidence
from cascade.letters import records as letters
from cascade.library import records as library
from cascade.look import records as look
from cascade.sending import records as sending
from cascade.sign_off import records as sign_off

EVERY_RECORD = (
    *(accounts, adjustments, audience, evidence, letters, library, look, sending, sign_off),
)
