"""Asking before somebody loses his access: the first POST shows what would happen, the second, from that page, does it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request

SURE = "sure"


def is_sure() -> bool:
    return SURE in request.form


def question(
    title: str, consequences: list[str], button: str, back: str, crumbs: Sequence[tuple[str, str | None]]
) -> str:
    """The page that asks. Its form sends what was sent here, and that it is meant."""
    return render_template(
        "administration/question.html",
        title=title,
        consequences=consequences,
        button=button,
        back=back,
        crumbs=crumbs,
        address=request.path,
        carried=[*request.form.items(multi=True), (SURE, "1")],
    )
