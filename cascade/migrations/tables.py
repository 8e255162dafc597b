"""Every table there is: importing the records is what puts them into the metadata."""

from cascade.accounts import records as accounts
from cascade.audience import records as audience
from cascade.evidence import records as evidence
from cascade.letters import records as letters
from cascade.library import records as library
from cascade.sending import records as sending

EVERY_RECORD = (accounts, audience, evidence, letters, library, sending)
