"""Email by SMTP: kept connections, pipelined, many at a time in one thread."""

from channels.smtp.address import SmtpAddress
from channels.smtp.channel import SmtpChannel
from channels.smtp.wire import wire_form

__all__ = ["SmtpAddress", "SmtpChannel", "wire_form"]
