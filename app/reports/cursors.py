"""Where in an overview a page begins: the sort keys of a row and its id, as one word of an address."""

from __future__ import annotations

import base64
import binascii
import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from app.core.web import is_clean
from app.reports.columns import Column


def write_cursor(sorts: Sequence[Any], keys: Iterable[Any], record_id: uuid.UUID) -> str:
    """A row's place in an overview: what it sorts by, and its id."""
    payload = [
        [str(sort) for sort in sorts],
        [None if k is None else str(k) for k in keys],
        str(record_id),
    ]
    return base64.urlsafe_b64encode(orjson.dumps(payload)).rstrip(b"=").decode()


def _is_plain(number: Decimal) -> bool:
    """Whether the database can hold it."""
    return number.is_finite() and -30 < number.adjusted() < 30


def _fits(column: Column, key: str) -> bool:
    """Whether a text can be the sort key of a column's value: the database would stumble over another."""
    try:
        match column.kind:
            case "day":
                return str(datetime.date.fromisoformat(key)) == key
            case "moment":
                return str(datetime.datetime.fromisoformat(key)) == key
            case "flag":
                return key in ("True", "False")
            case _:
                return is_clean(key) and (not column.is_numeric or _is_plain(Decimal(key)))
    except (ValueError, InvalidOperation):
        return False


def read_cursor(text: str, wanted: Sequence[Any], columns: Mapping[str, Column]) -> tuple[Any, ...] | None:
    """The place a cursor names: sort keys as text, and the id. None if it is no cursor of this order."""
    try:
        if len(text) > 4000:
            return None
        sorts, keys, record_id = orjson.loads(
            base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        )
        if sorts != [str(sort) for sort in wanted] or len(keys) != len(sorts):
            return None
        for sort, key in zip(wanted, keys, strict=True):
            if key is not None and not (isinstance(key, str) and _fits(columns[sort.key], key)):
                return None
        return (*keys, uuid.UUID(record_id))
    except (ValueError, TypeError, AttributeError, binascii.Error, UnicodeEncodeError):
        return None
