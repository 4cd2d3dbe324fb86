"""Turning the letters of a broker into PDF files, the same bytes for the same words."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path

import typst

from app.demo.broker import Broker
from app.demo.tables import DATA


def print_letters(broker: Broker, folder: Path) -> None:
    """A PDF in the folder for every letter of the broker's documents."""
    people = {row["key"]: row for row in broker.stock.rows["staff"]}
    # Only the typefaces typst brings along: the files look alike on every machine, and nobody searches for fonts.
    compiler = typst.Compiler(
        DATA / "letter.typ", font_paths=typst.Fonts(include_system_fonts=False), root=DATA
    )
    address, phone = broker.letterhead
    for name, letter in broker.stock.letters.items():
        sender = people[letter["staff"]]
        filled: Mapping[str, object] = {
            **letter,
            "broker": broker.name,
            "address": address,
            "phone": phone,
            "colour": broker.colour,
            "sender": sender["name"],
            "role": sender["role"],
        }
        written = datetime.datetime.combine(
            datetime.date.fromisoformat(letter["day"]), datetime.time(9), datetime.UTC
        )
        pdf = compiler.compile(
            sys_inputs={"letter": json.dumps(filled, ensure_ascii=False)}, timestamp=int(written.timestamp())
        )
        assert isinstance(pdf, bytes)
        (folder / name).write_bytes(pdf)
