"""Public holidays by country, as the library `holidays` knows them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays


@lru_cache(maxsize=256)
def holidays_of(country: str, year: int) -> dict[dt.date, str]:
    """Date -> name of the holidays of a country (ISO code) in a year; none of unknown countries."""
    try:
        return dict(holidays.country_holidays(country.upper(), years=year))
    except NotImplementedError:
        return {}


def holiday(country: str, day: dt.date) -> str:
    """Name of the public holiday of a country (ISO code) on a date; empty on other days."""
    return holidays_of(country, day.year).get(day, "")
