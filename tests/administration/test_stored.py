"""`portico storage reconcile`: what lies in storage against what names it."""

from __future__ import annotations

import io

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.administration import config
from app.administration.stored import storage_group
from app.core.text import set_language
from tenants import current


@pytest.fixture
def storage(portal):
    return portal.extensions["storage"]


@pytest.fixture
def run(portal, make):
    def run(*words):
        with portal.app_context():
            set_language("en")
            return CliRunner().invoke(storage_group, ["reconcile", *words, "--tenant", make.tenant_id.hex])

    return run


def kept(storage, house, content):
    return storage.store(house.tenant_id, io.BytesIO(content), "text/plain").name


def names(storage, house):
    return {name for name, _stored_at in storage.files(house.tenant_id)}


def test_a_file_that_nothing_names_is_told_and_removed_when_asked(run, storage, make, neighbour):
    needed, unneeded = kept(storage, make, b"policy"), kept(storage, make, b"left behind")
    theirs = kept(storage, neighbour, b"left behind")
    make.document(sha256=needed)

    told = run("--older-than", "0")
    assert told.exit_code == 0, told.output
    assert "2 files in storage.\nNothing needs 1 file.\n" in told.output
    assert names(storage, make) == {needed, unneeded}

    assert "1 file removed." in run("--older-than", "0", "--remove").output
    assert names(storage, make) == {needed}
    assert names(storage, neighbour) == {theirs}
    with current.acting_for(make.tenant_id), make.engine.connect() as connection:
        after = connection.scalar(
            text("select after from audit where tenant_id = :t and act = 'storage.cleaned'"),
            {"t": make.tenant_id},
        )
    assert after == {"files": 1}


def test_a_young_file_may_still_get_its_row(run, storage, make):
    young = kept(storage, make, b"just uploaded")

    assert "Nothing needs 0 files." in run("--remove").output
    assert names(storage, make) == {young}


def test_what_names_a_missing_file_is_told_and_ends_with_code_1(run, storage, make):
    make.document(sha256="0" * 64)

    told = run()

    assert told.exit_code == 1
    assert "These name a file that is not there:\ndocument document-" in told.output


def test_a_logo_that_was_taken_away_stays_for_whoever_undoes_it(portal, run, storage, make, web):
    logo = kept(storage, make, b"a logo")
    with portal.app_context(), current.acting_for(make.tenant_id), web.begin() as connection:
        config.apply(connection, {"tenant": {"logo": config.STORED + logo}}, None, logos={logo: None})
        config.apply(connection, {"tenant": {"logo": None}}, None)

    assert "Nothing needs 0 files." in run("--older-than", "0", "--remove").output
    assert names(storage, make) == {logo}
