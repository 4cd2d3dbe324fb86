"""Pages and lists are sent packed to whoever takes them so, and are the same when unpacked."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from flask import Flask, render_template_string
from markupsafe import Markup

from app.core.packing import Piece

PACKED = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize("path", ["/contracts", "/api/v1/contracts", "/contracts.csv"])
def test_an_answer_is_the_same_when_unpacked(make: Any, sign_in: Any, path: str) -> None:
    holder = make.policyholder("Müller & Söhne")
    for number in range(40):
        make.contract(holder, number=f"HP-{number:04}")
    person = sign_in(make.member(make.organization(holder)))
    plain, packed = person.get(path), person.get(path, headers=PACKED)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2


def test_its_length_does_not_tell_what_stands_in_it(make: Any, sign_in: Any) -> None:
    holder = make.policyholder("Müller & Söhne")
    person = sign_in(make.member(make.organization(holder)))
    lengths = {len(person.get("/contracts", headers=PACKED).data) for _ in range(12)}
    assert len(lengths) > 3


def test_what_cannot_become_smaller_is_left(make: Any, sign_in: Any) -> None:
    holder = make.policyholder("Müller & Söhne")
    make.contract(holder)
    person = sign_in(make.member(make.organization(holder)))
    assert "Content-Encoding" not in person.get("/contracts.xlsx", headers=PACKED).headers
    assert "Content-Encoding" not in person.get("/contracts", headers={"Accept-Encoding": "gzip;q=0"}).headers


@pytest.mark.parametrize("headers", [{}, PACKED])
def test_pieces_stand_where_a_template_put_them(portal: Flask, headers: dict[str, str]) -> None:
    menu, foot = Piece(Markup("<nav>Ü</nav>" * 200)), Piece(Markup("<p>…</p>"))
    with portal.test_request_context(headers=headers):
        text = render_template_string("<b>ä</b>{{ a }}{{ b }}<i>{{ a }}", a=menu, b=foot)
        answer = portal.process_response(portal.make_response(text))
    body = gzip.decompress(answer.data) if headers else answer.data
    assert body.decode() == "".join(["<b>ä</b>", menu.drawn, foot.drawn, "<i>", menu.drawn])
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_a_piece_is_drawn_as_it_is_where_no_page_is_sent(portal: Flask) -> None:
    with portal.app_context():
        template = portal.jinja_env.from_string("{{ a }}")
        assert template.render(a=Piece(Markup("<p>ö</p>"))) == "<p>ö</p>"
