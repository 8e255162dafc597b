"""Messages compiled once per variant and filled per recipient."""

from channels.mime.addresses import Mailbox, envelope_address
from channels.mime.compiled import CompiledMessage, compile_message
from channels.mime.parts import Encode, Hole, Part, Parts

__all__ = [
    "CompiledMessage",
    "Encode",
    "Hole",
    "Mailbox",
    "Part",
    "Parts",
    "compile_message",
    "envelope_address",
]
