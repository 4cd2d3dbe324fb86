"""A broker of the demonstration: his stock, his configuration, his files, and the accounts shown at the start."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from app.core.text import LazyText
from app.demo.stock import Row, Stock

PASSWORD = "portico-demo-2026"


@dataclass(frozen=True)
class Account:
    """Somebody to sign in as: `sees` tells the reader what is worth looking at."""

    email: str
    who: str
    sees: LazyText


@dataclass
class Broker:
    slug: str
    name: str
    theme: str
    language: str
    stock: Stock
    config: Row
    accounts: list[Account]
    waiting: tuple[str, str, dict[str, str]] | None = None
    """Somebody's address, a word by which he finds a contract, and the claim he has reported on it that waits for a
    colleague."""
    gdv: tuple[tuple[str, str], ...] = ()
    """GDV files among the tables, and the key of the mandate each belongs to."""
    letterhead: tuple[str, str] = ("", "")
    """Address and telephone as his letters carry them."""
    colour: str = "#173f5f"
    logos: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Organizations with a logo: the words in it and its colour."""


def user(email: str, name: str, salutation: str, **more: Any) -> Row:
    """A person in the configuration, with the password everybody has here."""
    return {"email": email, "name": name, "salutation": salutation, "password": PASSWORD, **more}


def staff(stock: Stock, domain: str, people: Iterable[tuple[str, str, str, str, str]]) -> None:
    """The broker's people, as his system delivers them: key, address before the @, name, phone, role."""
    for key, mailbox, name, phone, role in people:
        stock.add(
            "staff", key=key, email=f"{mailbox}@{domain}", name=name, phone=phone, role=role, active=True
        )


def member(email: str, profile: str, *, objects: Any = "all", **more: Any) -> Row:
    """A membership in the configuration."""
    return {"user": email, "profile": profile, "objects": objects, **more}


def ago(today: datetime.date, days: int) -> str:
    return str(today - datetime.timedelta(days=days))
