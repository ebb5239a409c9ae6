"""Journal days: a page whose title is a date *is* that day, in whatever form it is written.

Formats are Logseq's (``:journal/page-title-format``): the letters of Joda time, plus ``do`` for a day such as ``2nd``.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

DEFAULT_TITLE: Final = "MMM do, yyyy"
DEFAULT_FILE: Final = "yyyy_MM_dd"
_ALWAYS: Final = (DEFAULT_TITLE, "yyyy-MM-dd", DEFAULT_FILE)

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_LETTERS = re.compile(r"yyyy|yy|MMMM|MMM|MM|M|do|dd|d|EEEE|E{1,3}|'(?:[^']*)'|.", re.DOTALL)
_PATTERNS: Final = {
    "yyyy": r"(?P<year>\d{4})",
    "yy": r"(?P<short_year>\d{2})",
    "MMMM": f"(?P<name>{'|'.join(_MONTHS)})",
    "MMM": f"(?P<name>{'|'.join(month[:3] for month in _MONTHS)})",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "do": r"(?P<day>\d{1,2})(?:st|nd|rd|th)",
    "dd": r"(?P<day>\d{2})",
    "d": r"(?P<day>\d{1,2})",
    "EEEE": f"(?:{'|'.join(_DAYS)})",
    "EEE": f"(?:{'|'.join(day[:3] for day in _DAYS)})",
}
_DIGIT = re.compile("[0-9]")


def journal_day(title: str, *formats: str) -> date | None:
    """The day that *title* names in one of *formats* or of those that every graph understands."""
    return _day(title, formats) if 4 <= len(title) <= 40 else None


@lru_cache(maxsize=8192)
def _day(title: str, formats: tuple[str, ...]) -> date | None:
    if not title.isascii() or not _DIGIT.search(title):
        return None
    for pattern in _patterns(formats):
        match = pattern.fullmatch(title)
        day = _date(match.groupdict()) if match else None
        if day:
            return day
    return None


def format_day(day: date, form: str) -> str:
    """*day* written by *form*, in English."""
    parts = {
        "yyyy": f"{day.year:04}",
        "yy": f"{day.year % 100:02}",
        "MMMM": _MONTHS[day.month - 1],
        "MMM": _MONTHS[day.month - 1][:3],
        "MM": f"{day.month:02}",
        "M": str(day.month),
        "do": f"{day.day}{_ordinal(day.day)}",
        "dd": f"{day.day:02}",
        "d": str(day.day),
        "EEEE": _DAYS[day.weekday()],
        "EEE": _DAYS[day.weekday()][:3],
    }
    return "".join(parts.get(_long(token), token.strip("'")) for token in _LETTERS.findall(form))


@lru_cache(maxsize=64)
def _patterns(formats: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(form) for form in dict.fromkeys((*formats, *_ALWAYS)))


def _pattern(form: str) -> re.Pattern[str]:
    seen: set[str] = set()
    return re.compile("".join(_part(token, seen) for token in _LETTERS.findall(form)), re.IGNORECASE)


def _part(token: str, seen: set[str]) -> str:
    pattern = _PATTERNS.get(_long(token), re.escape(token.strip("'")))
    group = re.search(r"\?P<(\w+)>", pattern)
    if group and group[1] in seen:  # a format may name a part twice; the first says what it is
        return pattern.replace(f"?P<{group[1]}>", "?:")
    seen.update(group.groups() if group else ())
    return pattern


def _long(token: str) -> str:
    return "EEE" if token in ("E", "EE") else token


def _date(parts: dict[str, str | None]) -> date | None:
    year = parts.get("year") or (f"20{parts['short_year']}" if parts.get("short_year") else None)
    month = parts.get("month") or (_month(parts["name"]) if parts.get("name") else None)
    day = parts.get("day")
    if not (year and month and day):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # such as 31 February
        return None


def _month(name: str | None) -> int:
    return [month[:3].lower() for month in _MONTHS].index((name or "")[:3].lower()) + 1


def _ordinal(day: int) -> str:
    return "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
