"""Days, moments, numbers and money as each language writes them, with patterns compiled once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import get_currency_precision, get_currency_symbol

Style = Literal["code", "symbol"]

NO_BREAK = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

_DAY = {"de": "%02d.%02d.%04d", "en": "%02d/%02d/%04d", "fr": "%02d/%02d/%04d", "es": "%02d/%02d/%04d"}
_DAY_IN_TEXT = {"de": "{d}. {m} {y}", "en": "{d} {m} {y}", "fr": "{d} {m} {y}", "es": "{d} de {m} de {y}"}
_TIME = {"de": f"%02d:%02d{NO_BREAK}Uhr"}
_TIME_IN_TEXT = _TIME | {"fr": f"%d{NO_BREAK}h{NO_BREAK}%02d", "es": f"%02d:%02d{NO_BREAK}h"}
_PER_CENT = {"en": "%"}
_BYTES = {"fr": ("octets", "ko", "Mo", "Go", "To")}
# Opening and closing, outer and inner.
_QUOTES = {
    "de": ("„", "“", "‚", "‘"),
    "en": ("‘", "’", "“", "”"),
    "fr": (f"«{NARROW}", f"{NARROW}»", "“", "”"),
    "es": ("«", "»", "“", "”"),
}
_QUOTES_IN_REGION = {"CH": ("«", "»", "‹", "›")}
_KNOWN_REGIONS = {("en", "GB"), ("de", "AT"), ("de", "CH"), ("fr", "CH")}


@cache
def currency_digits(currency: str) -> int:
    """Decimal places of a currency's smallest coin: 2 for EUR, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


MOST_DAYS = 40_000
"""Days kept as words, a century of them: most tables say the same few again and again."""


class Formats:
    """How one language writes values; the table of conventions is the tone guide's, the symbols are CLDR's.

    `region` changes what a neighbour writes differently: AT puts the currency first, CH also groups by
    apostrophe. Moments are kept in UTC and shown in `zone`. Every method gives '' for None.
    """

    def __init__(self, locale: str, region: str | None = None, zone: tzinfo | str = "Europe/Berlin") -> None:
        language, _, territory = locale.replace("-", "_").partition("_")
        region = region or territory or {"en": "GB"}.get(language)
        known = Locale(language, region) if (language, region) in _KNOWN_REGIONS else Locale(language)
        self.language, self.region, self.locale = language, region, known
        self.zone = ZoneInfo(zone) if isinstance(zone, str) else zone
        symbols = known.number_symbols["latn"]
        self.decimal, self.group = symbols["decimal"], symbols["group"]
        if region == "CH":
            # Swiss houses write amounts alike in every language, which CLDR says of German only.
            self.decimal, self.group = ".", "’"
        self._day = _DAY[language]
        self._day_in_text = _DAY_IN_TEXT[language]
        self._months = [known.months["format"]["wide"][month] for month in range(1, 13)]
        short = known.months["format"]["abbreviated"]
        self._months_short = [short[month].rstrip(".") for month in range(1, 13)]
        self._weekdays = [known.days["format"]["wide"][day] for day in range(7)]
        self._time = _TIME.get(language, "%02d:%02d")
        self._time_in_text = _TIME_IN_TEXT.get(language, "%02d:%02d")
        self._moment = "{} {}" if language == "fr" else "{}, {}"
        self._per_cent = _PER_CENT.get(language, f"{NO_BREAK}%")
        self._bytes = _BYTES.get(language, ("bytes" if language != "de" else "Byte", "kB", "MB", "GB", "TB"))
        self._is_currency_first = language == "en" or (language == "de" and region in ("AT", "CH"))
        self._days: dict[date, str] = {}
        self._symbols: dict[str, str] = {}
        self._patterns: dict[tuple[str, int | None, str], tuple[str, str, str]] = {}

    # Days and moments

    def day(self, value: date | None) -> str:
        """The day as tables show it: 07.03.2025."""
        if value is None:
            return ""
        if (said := self._days.get(value)) is None:
            if len(self._days) > MOST_DAYS:
                self._days.clear()
            said = self._days[value] = self._day % (value.day, value.month, value.year)
        return said

    def days(self, values: Iterable[date | None]) -> list[str]:
        """A column of days."""
        known, day = self._days, self.day
        return ["" if value is None else known.get(value) or day(value) for value in values]

    def day_long(self, value: date | None) -> str:
        """The day as a sentence says it: 7. März 2025; French counts the first: 1er mars."""
        if value is None:
            return ""
        number = "1er" if self.language == "fr" and value.day == 1 else str(value.day)
        return self._day_in_text.format(d=number, m=self._months[value.month - 1], y=value.year)

    def day_and_month(self, value: date | None) -> tuple[str, str]:
        """The parts of a calendar leaf: ('07', 'Mär')."""
        return ("", "") if value is None else (f"{value.day:02}", self._months_short[value.month - 1])

    def weekday(self, value: date | None) -> str:
        """The name of the day in the week, as it stands inside a sentence."""
        return "" if value is None else self._weekdays[value.weekday()]

    def time(self, value: time | datetime | None, in_text: bool = False) -> str:
        """The time of day, as tables show it or as a sentence says it; a moment is moved to the zone."""
        if value is None:
            return ""
        if isinstance(value, datetime):
            value = self.local(value)
        return (self._time_in_text if in_text else self._time) % (value.hour, value.minute)

    def moment(self, value: datetime | None) -> str:
        """Day and time in the reader's zone, as tables show them; a moment without a zone is taken as UTC."""
        if value is None:
            return ""
        value = self.local(value)
        return self._moment.format(self.day(value), self._time % (value.hour, value.minute))

    def local(self, value: datetime) -> datetime:
        """The same moment on the reader's clock."""
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(self.zone)

    # Numbers

    def integer(self, value: int | None) -> str:
        """A count, grouped: 1.234."""
        return "" if value is None else self._localised(format(value, ",d"))

    def number(self, value: Decimal | int | None, digits: int | None = None) -> str:
        """A number with exactly `digits` decimals; without, as many as it needs, three at most."""
        if value is None:
            return ""
        if digits is not None:
            return self._localised(_plain(value, f"z,.{digits}f"))
        return self._localised(_plain(value, "z,.3f").rstrip("0").rstrip("."))

    def figures(self, values: Iterable[Decimal | None], digits: int) -> list[str]:
        """A column of numbers with exactly so many decimals. What each language writes otherwise is changed in all
        of them at once: a pass over one long text costs little more than one over a short."""
        spec = f",.{digits}f"
        text = "\n".join(["" if value is None else format(value, spec) for value in values])
        if "-" in text:
            # Nothing is less than nothing. The format's own way of saying so takes a third longer.
            text = "\n".join([_with_minus(one) for one in text.split("\n")])
        if self.decimal != "." or self.group != ",":
            text = text.replace(",", "\0").replace(".", self.decimal).replace("\0", self.group)
        return text.split("\n")

    def percent(self, value: Decimal | int | None, digits: int | None = None) -> str:
        """A share given in per cent: 12.5 becomes 12,5 %."""
        return "" if value is None else self.number(value, digits) + self._per_cent

    def file_size(self, value: int | None) -> str:
        """Bytes in the unit people know from their disk (1 MB = 1,000,000 bytes), two to three figures."""
        if value is None:
            return ""
        size, unit = Decimal(value), 0
        while size >= 1000 and unit < len(self._bytes) - 1:
            size, unit = size / 1000, unit + 1
        digits = 1 if unit > 1 and size < 10 else 0
        return f"{self.number(round(size, digits))}{NO_BREAK}{self._bytes[unit]}"

    # Money

    def amount(self, value: Decimal | int | None, currency: str, digits: int | None = None) -> str:
        """The figure alone with the currency's own decimals, for columns that name the currency elsewhere."""
        return self.number(value, currency_digits(currency) if digits is None else digits)

    def money(
        self,
        value: Decimal | int | None,
        currency: str,
        digits: int | None = None,
        style: Style = "code",
    ) -> str:
        """An amount with its currency: by code where several meet, by symbol where a page has only one.

        Decimals follow the currency unless `digits` says otherwise; rounding is half to even.
        """
        if value is None:
            return ""
        pattern = self._patterns.get((currency, digits, style))
        if pattern is None:
            pattern = self._patterns[currency, digits, style] = self._money_pattern(currency, digits, style)
        before, spec, after = pattern
        text = self._localised(_plain(value, spec))
        if text[0] == MINUS and before and before[-1] != NO_BREAK:
            # A symbol that touches its figure takes the sign in front of both: −€5, but EUR −5.
            return MINUS + before + text[1:]
        return before + text + after

    def symbol(self, currency: str) -> str:
        """The currency's sign as this language knows it; its code where there is none."""
        found = self._symbols.get(currency)
        if found is None:
            found = self._symbols[currency] = get_currency_symbol(currency, self.locale)
        return found

    def quote(self, text: str, is_inner: bool = False) -> str:
        """The text between the language's quotation marks, outer or inner ones."""
        marks = _QUOTES_IN_REGION.get(self.region or "", _QUOTES[self.language])
        opening, closing = marks[2:] if is_inner else marks[:2]
        return f"{opening}{text}{closing}"

    def _money_pattern(self, currency: str, digits: int | None, style: Style) -> tuple[str, str, str]:
        sign = self.symbol(currency) if style == "symbol" else currency
        spec = f"z,.{currency_digits(currency) if digits is None else digits}f"
        if not self._is_currency_first:
            return "", spec, NO_BREAK + sign
        does_touch = self.language == "en" and not sign[-1].isalpha()
        return sign if does_touch else sign + NO_BREAK, spec, ""

    def _localised(self, text: str) -> str:
        # Three C-level replaces take a fifth of the time of str.translate.
        if self.decimal != "." or self.group != ",":
            text = text.replace(",", "\0").replace(".", self.decimal).replace("\0", self.group)
        return MINUS + text[1:] if text[0] == "-" else text


def _with_minus(text: str) -> str:
    if not text.startswith("-"):
        return text
    return MINUS + text[1:] if text.strip("-0.,") else text[1:]


def _plain(value: Decimal | int, spec: str) -> str:
    # An int formatted with "f" would pass through a float and lose digits beyond 2**53.
    return format(value if type(value) is Decimal else Decimal(value), spec)


@lru_cache(maxsize=64)
def formats_for(locale: str, region: str | None = None, zone: str = "Europe/Berlin") -> Formats:
    """The compiled formats of a language and region; made once per process."""
    return Formats(locale, region, zone)
