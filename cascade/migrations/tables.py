"""Every table there is: importing the records is what puts them into the metadata."""

from cascade.audience import records as audience
from cascade.evidence import records as evidence
from cascade.library import records as library
from cascade.sending import records as sending

EVERY_RECORD = (audience, evidence, library, sending)
