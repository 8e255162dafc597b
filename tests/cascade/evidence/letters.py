"""Reports and replies as mail servers and people write them, made up."""

DELIVERY_STATUS = """\
Return-Path: <>
From: Mail Delivery System <mailer-daemon@mail.example.org>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="7B1F2C.1763717400/mail.example.org"

This is a MIME-encapsulated message.

--7B1F2C.1763717400/mail.example.org
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to tell you what became of your message.

--7B1F2C.1763717400/mail.example.org
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
Arrival-Date: Sat, 21 Nov 2026 09:30:00 +0000

{recipients}

--7B1F2C.1763717400/mail.example.org
Content-Type: text/rfc822-headers

From: Cascade <cascade@example.org>
Message-ID: {message_id}
Subject: Cold snap

--7B1F2C.1763717400/mail.example.org--
"""

RECIPIENT = """\
Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; {diagnosis}
"""

DISPOSITION = """\
From: Pat <pat0@example.org>
To: Cascade <cascade@example.org>
Subject: Read: Cold snap
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="b1"

--b1
Content-Type: text/plain

The message was displayed. This is no guarantee that it was read or understood.

--b1
content-type: message/disposition-notification

Reporting-UA: mail.example.org; Some Mail 16.0
Final-Recipient: rfc822;pat0@example.org
Original-Message-ID: {message_id}
Disposition: manual-action/MDN-sent-automatically; {type}

--b1--
"""

COMPLAINT = """\
From: <abuse@mail.example.org>
To: <abuse@example.org>
Subject: FW: Cold snap
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

--b1
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report for a message received from IP 192.0.2.2.

--b1
Content-Type: message/feedback-report

Feedback-Type: {type}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: <pat0@example.org>
Original-Mail-From: <{mail_from}>

--b1
Content-Type: message/rfc822
Content-Disposition: inline

From: Cascade <cascade@example.org>
Message-ID: {message_id}
Subject: Cold snap

Keep rooms warm.
--b1--
"""

AWAY = """\
From: Pat <pat0@example.org>
To: Cascade <cascade@example.org>
Subject: Automatic reply: Cold snap
Auto-Submitted: auto-replied (vacation)
In-Reply-To: {message_id}

I am away until Monday.
"""

REPLY = """\
From: Pat <pat0@example.org>
To: Cascade <cascade@example.org>
Subject: =?utf-8?q?Re=3A_Cold_snap_=E2=9D=84?=
In-Reply-To: {message_id}
References: <someone.else@example.org>
 {message_id}

RECEIVED. Pat, manager
"""

CHAT = REPLY.replace("RECEIVED. Pat, manager", "What is this about? I have not seen the first one.")


def recipient(
    address: str = "pat0@example.org",
    action: str = "failed",
    status: str = "5.1.1",
    diagnosis: str = "550 5.1.1 User unknown",
) -> str:
    """The fields of one recipient in a delivery status report."""
    return RECIPIENT.format(address=address, action=action, status=status, diagnosis=diagnosis)


def delivery_status(
    *recipients: str, to: str = "", message_id: str = "<other@example.org>"
) -> bytes:
    """A delivery status report (RFC 3464) about these recipients."""
    return DELIVERY_STATUS.format(
        to=to, recipients="\n".join(recipients), message_id=message_id
    ).encode()
