"""Time as whole minutes since 1970-01-01T00:00Z, and its text.

A year is 665,000 events, and ``zoneinfo`` costs a microsecond per conversion: it is only asked
about days on which a zone changes its offset; all other days use one number.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = 1440
_EPOCH = date(1970, 1, 1)
_CLOCK = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(DAY)]


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH.toordinal()


@lru_cache(maxsize=1024)
def day_text(day: int) -> str:
    """The day as ``YYYY-MM-DD``."""
    return (_EPOCH + timedelta(days=day)).isoformat()


def minute_text(minute: int) -> str:
    """RFC 3339 with whole minutes.

    Example:
        >>> minute_text(22_000_000)
        '2011-10-30T18:40:00Z'
    """
    return f"{day_text(minute // DAY)}T{_CLOCK[minute % DAY]}:00Z"


def millisecond_text(moment: int) -> str:
    """RFC 3339 of milliseconds since 1970.

    Example:
        >>> millisecond_text(1_320_000_000_007)
        '2011-10-30T18:40:00.007Z'
    """
    minute, rest = divmod(moment, 60_000)
    second, fraction = divmod(rest, 1000)
    clock = _CLOCK[minute % DAY]
    return f"{day_text(minute // DAY)}T{clock}:{second:02d}.{fraction:03d}Z"


class ZoneClock:
    """Local clock times of one zone as UTC minutes."""

    def __init__(self, name: str) -> None:
        self._zone = ZoneInfo(name)
        self._offsets: dict[int, int | None] = {}

    def utc(self, day: int, minute: int) -> int:
        """UTC minute of a local clock time.

        Args:
            day: Local day as a number since 1970.
            minute: Minute of that day, 0 to 1439.

        Returns:
            Minutes since 1970 in UTC; of a repeated hour the first.
        """
        offset = self.offset(day)
        if offset is None:
            offset = self._exact(day, minute)
        return day * DAY + minute - offset

    def offset(self, day: int) -> int | None:
        """Minutes to take off a local time of that day, or None when they change during it."""
        try:
            return self._offsets[day]
        except KeyError:
            begin, end = self._exact(day, 0), self._exact(day + 1, 0)
            self._offsets[day] = begin if begin == end else None
            return self._offsets[day]

    def _exact(self, day: int, minute: int) -> int:
        naive = datetime.combine(_EPOCH, datetime.min.time()) + timedelta(days=day, minutes=minute)
        shift = naive.replace(tzinfo=self._zone).utcoffset()
        assert shift is not None
        return int(shift.total_seconds()) // 60

    def nearest(self, clock: int, guess: float, after: int) -> int:
        """The instant nearest to a guess at which the local clock shows a given time.

        Args:
            clock: Minute of the day on the local clock.
            guess: Expected UTC minute.
            after: The answer is later than this UTC minute.

        Returns:
            UTC minute.
        """
        day = int(guess) // DAY
        offset = self.offset(day)
        if offset is not None and offset == self.offset(day - 2) == self.offset(day + 2):
            best = clock - offset + DAY * round((guess - clock + offset) / DAY)
            return best if best > after else best + DAY
        moments = [self.utc(day + shift, clock) for shift in (-2, -1, 0, 1, 2)]
        return min((m for m in moments if m > after), key=lambda m: abs(m - guess))
