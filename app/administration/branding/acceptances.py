"""Who has accepted the broker's terms of use in the version that holds now, and who has not."""

from __future__ import annotations

import csv
import io
from typing import Any, NamedTuple

from flask import Blueprint, Response, render_template, request
from sqlalchemy import Connection, text

from app.administration.access import reads_of_people
from app.administration.branding.access import READ_BRANDING
from app.administration.config.state import read_tenant
from app.administration.users.standing import HAS_ACCESS
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.formats import formats_for
from app.core.text import _, _p, language
from app.reports.files import harmless_text
from permissions.door import allow, the_viewer, viewer
from permissions.noting import note
from tenants import current, visibility

pages = Blueprint("acceptances", __name__)

PATH = "/branding/acceptances"
MOST_SHOWN = 100
ADDRESS = 1
"""The column of the file that holds email addresses."""
ACTIVE = f"""
    from users u
    left join terms_acceptances a on a.tenant_id = :tenant and a.user_id = u.id and a.version = :version
   where u.tenant_id = :tenant and u.is_active and not u.is_staff
     and {HAS_ACCESS}"""
"""Clients who can sign in today."""
FIGURES = f"select count(*) as people, count(a.user_id) as accepted {ACTIVE}"
PEOPLE = f"""
    select u.id, u.name, u.email, a.accepted_at,
           (select string_agg(o.name, ', ' order by m.is_main desc, o.name)
              from memberships m join organizations o on o.tenant_id = :tenant and o.id = m.organization_id
             where m.tenant_id = :tenant and m.user_id = u.id) as organizations
    {ACTIVE} {{which}} order by a.accepted_at desc nulls first, folded(u.name), u.id {{most}}"""
WHICH = {"open": "and a.user_id is null", "accepted": "and a.user_id is not null"}


class Figures(NamedTuple):
    people: int
    accepted: int

    @property
    def open(self) -> int:
        return self.people - self.accepted


def figures_of(connection: Connection, version: str) -> Figures:
    """How many clients can sign in today, and how many of them accepted this version."""
    return Figures(*_rows(connection, FIGURES, version).one())


def _rows(connection: Connection, query: str, version: str) -> Any:
    values = {"tenant": current.tenant_id(), "version": version, "today": visibility.today()}
    return connection.execute(text(query), values)


def _version() -> str:
    """NotFound where the broker's terms have none."""
    version = read_tenant(transaction())["terms_version"]
    if version is None:
        raise NotFound
    return version


@pages.get(PATH)
@allow(READ_BRANDING)
def index() -> str:
    version = _version()
    which = "accepted" if request.args.get("which") == "accepted" else "open"
    query = PEOPLE.format(which=WHICH[which], most=f"limit {MOST_SHOWN + 1}")
    people = _rows(transaction(), query, version).all()
    return render_template(
        "administration/branding/acceptances.html",
        version=version,
        which=which,
        figures=figures_of(transaction(), version),
        people=people[:MOST_SHOWN],
        has_more=len(people) > MOST_SHOWN,
        moment=formats_for(language()).moment,
    )


@pages.get(f"{PATH}.csv")
@allow(READ_BRANDING)
def file() -> Response:
    """Everybody who can sign in, with the moment he accepted."""
    version, formats = _version(), formats_for(language())
    has_addresses = reads_of_people(the_viewer(), "email")
    held = io.StringIO("\ufeff")
    held.seek(0, io.SEEK_END)
    lines = csv.writer(held, delimiter="," if language() == "en" else ";")
    titles = [_("Name"), _("Email address"), _("Organisation"), _p("terms", "Version"), _("Accepted on")]
    lines.writerow([title for n, title in enumerate(titles) if n != ADDRESS or has_addresses])
    for row in _rows(transaction(), PEOPLE.format(which="", most=""), version):
        moment = formats.moment(row.accepted_at) if row.accepted_at else ""
        cells = (row.name, row.email, row.organizations or "", version if moment else "", moment)
        lines.writerow([harmless_text(cell) for n, cell in enumerate(cells) if n != ADDRESS or has_addresses])
    note(transaction(), viewer, "terms.export", after={"version": version})
    return Response(
        held.getvalue().encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="terms-{visibility.today()}.csv"'},
    )
