"""What RFC 5545 asks of a calendar, as far as ours use it."""

import re

from icalendar import Calendar, Component

_LINE = 75
"""Octets of a line without its end (3.1)."""
_NAMED = re.compile(r"[A-Za-z0-9-]+[;:]")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_UTC = re.compile(r"\d{8}T\d{6}Z")


def check_calendar(written: bytes) -> Calendar:
    """The lines, and the components by their required properties; gives the calendar."""
    _lines(written)
    calendar = Calendar.from_ical(written)
    assert calendar.errors == []
    # 3.6: the object consists of properties and one or more components.
    assert calendar.subcomponents
    _once(calendar, "PRODID", "VERSION")
    assert calendar["VERSION"] == "2.0"
    # RFC 5546, 3.2.1: what is published by a method names its organiser.
    assert "METHOD" not in calendar
    zones = {str(one["TZID"]) for one in calendar.walk("VTIMEZONE")}
    for one in calendar.walk("VTIMEZONE"):
        _zone(one)
    events = calendar.walk("VEVENT")
    for one in events:
        _event(one, zones)
    assert len({str(one["UID"]) for one in events}) == len(events)
    return calendar


def _lines(written: bytes) -> None:
    """3.1: CRLF ends each line, folded ones begin with a blank, no character is torn apart."""
    assert written.endswith(b"END:VCALENDAR\r\n")
    lines = written.removesuffix(b"\r\n").split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    for line in lines:
        assert len(line) <= _LINE
        text = line.decode()
        assert not _CONTROL.search(text)
        assert text.startswith((" ", "\t")) or _NAMED.match(text), text


def _zone(zone: Component) -> None:
    """3.6.5"""
    assert zone.subcomponents
    for one in zone.subcomponents:
        assert one.name in ("STANDARD", "DAYLIGHT")
        _once(one, "DTSTART", "TZOFFSETFROM", "TZOFFSETTO")


def _event(event: Component, zones: set[str]) -> None:
    """3.6.1; 3.2.19: a zone that is named is described."""
    _once(event, "UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE")
    assert _UTC.fullmatch(event["DTSTAMP"].to_ical().decode())
    assert event["DTSTART"].params["TZID"] in zones


def _once(of: Component, *names: str) -> None:
    for name in names:
        assert name in of, name
        assert not isinstance(of[name], list), name
