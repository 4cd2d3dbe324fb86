"""The configuration from outside: on the command line and over the API."""

from __future__ import annotations

import json
import uuid

import pytest
import yaml
from click import UsageError
from click.testing import CliRunner

from app.accounts.passwords import is_right
from app.administration.commands import COMMANDS
from permissions.editing import save_ready_profiles
from tenants import commands, current
from tenants.directory import TenantEntry

DOCUMENT = {
    "users": [{"email": "anna@nordwerk.example", "name": "Anna Amsel"}],
    "organizations": [
        {
            "key": "nordwerk",
            "name": "Nordwerk AG",
            "members": [{"user": "anna@nordwerk.example", "profile": "accounting"}],
        }
    ],
}


@pytest.fixture
def broker(make):
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        save_ready_profiles(connection, None)
    return make


@pytest.fixture
def run(portal, broker):
    """Run a command for the broker; its answer and exit code."""

    def run(*words, **options):
        command = next(command for command in COMMANDS if command.name == words[0])
        with portal.app_context():
            return CliRunner().invoke(command, [*words[1:], "--tenant", broker.tenant_id.hex], **options)

    return run


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "hafen.yaml"
    path.write_text(yaml.safe_dump(DOCUMENT))
    return path


def test_a_file_is_applied_after_a_yes_and_exported_again(run, file):
    assert run("apply", str(file), input="n\n").exit_code == 1
    assert run("organization", "list").output == ""

    done = run("apply", str(file), input="y\n")

    assert done.exit_code == 0
    assert "nordwerk/anna@nordwerk.example" in done.output
    exported = yaml.safe_load(run("config", "export").output)
    assert exported["organizations"][0]["members"][0]["main"] is True
    assert run("apply", str(file), "--yes").exit_code == 0


def test_a_dry_run_says_what_would_change_and_changes_nothing(run, file):
    assert "nordwerk" in run("apply", str(file), "--dry-run").output

    assert yaml.safe_load(run("config", "export").output)["organizations"] == []


def test_a_file_with_mistakes_is_refused_with_every_place(run, file):
    file.write_text("organizations: [{key: a, colour: red}, {key: b}]")

    refused = run("apply", str(file), "--yes")

    assert refused.exit_code == 1
    assert "organizations[a].colour" in refused.output
    assert "organizations[b].name" in refused.output


def test_an_unknown_broker_is_said_to_be_unknown(portal):
    listing = next(command for command in COMMANDS if command.name == "user")
    with portal.app_context():
        refused = CliRunner().invoke(listing, ["list", "--tenant", "nobody-at-all"])

    assert refused.exit_code == 1
    assert "nobody-at-all" in refused.output


def test_without_a_name_the_only_broker_is_meant_and_of_several_none(portal, monkeypatch):
    ours, other = (
        TenantEntry(uuid.uuid4(), slug, slug.title(), "hanse", "de", ()) for slug in ("alster", "elbe")
    )
    with portal.app_context():
        monkeypatch.setattr(commands, "list_tenants", lambda engine: [ours])
        assert commands.asked_for(None) == ours

        monkeypatch.setattr(commands, "list_tenants", lambda engine: [ours, other])
        with pytest.raises(UsageError, match="alster, elbe"):
            commands.asked_for(None)


def test_people_are_made_get_a_password_and_are_deactivated(run, broker):
    secret = {"PORTICO_PASSWORD": "a long password"}
    kai = ("kai@hafen.example", "--name", "Kai", "--staff", "--profile", "broker-clerk")
    assert run("user", "create", *kai).exit_code == 0
    assert run("user", "create", *kai).exit_code == 1
    assert run("user", "password", "kai@hafen.example", env=secret).exit_code == 0
    assert run("user", "deactivate", "kai@hafen.example").exit_code == 0

    with current.acting_for(broker.tenant_id), broker.engine.connect() as connection:
        (user,) = connection.exec_driver_sql(
            "select is_active, password_hash from users where tenant_id = %(t)s", {"t": broker.tenant_id}
        ).all()
    assert user.is_active is False
    assert is_right(user.password_hash, "a long password")
    assert "kai@hafen.example" in run("user", "list").output


def test_nobody_who_is_unknown_gets_a_password(run):
    refused = run("user", "password", "ghost@hafen.example", env={"PORTICO_PASSWORD": "a long password"})

    assert refused.exit_code == 1
    assert run("user", "list").output == ""


def test_profiles_are_listed_and_shown_as_apply_takes_them(run, tmp_path):
    assert "broker-administrator" in run("profile", "list").output

    shown = tmp_path / "profile.yaml"
    shown.write_text(run("profile", "show", "accounting").output)

    assert run("apply", str(shown), "--dry-run").exit_code == 0
    assert run("profile", "show", "nothing").exit_code == 1


def test_a_tenant_is_made_on_the_command_line(portal, broker):
    group = next(command for command in COMMANDS if command.name == "tenant")
    slug = f"x{broker.tenant_id.hex[:20]}"
    with portal.app_context():
        words = [
            "create",
            slug,
            "--name",
            "Hafen",
            "--host",
            f"{slug}.example",
            "--admin-email",
            "k@hafen.example",
        ]
        made = CliRunner().invoke(group, words, env={"PORTICO_PASSWORD": "a long password"})
        again = CliRunner().invoke(group, words, env={"PORTICO_PASSWORD": "a long password"})
        listed = CliRunner().invoke(group, ["list"])

    assert (made.exit_code, again.exit_code) == (0, 1)
    assert f"{slug}.example" in listed.output


@pytest.fixture
def desk(portal, broker, sign_in):
    """Somebody of the staff at the API, with every right, limited to some broker units or not."""

    def desk(*functions, mandate=None):
        user = broker.user(is_staff=True, profile_id=broker.profile(*functions, is_staff=True))
        if mandate:
            broker.row("staff_mandates", user_id=user, mandate_id=mandate)
        return sign_in(user=user)

    return desk


def put(browser, document, media_type="application/json"):
    text = json.dumps(document) if media_type == "application/json" else yaml.safe_dump(document)
    return browser.client.put(
        "/api/v1/config", base_url=browser.base, data=text, headers={"Content-Type": media_type}
    )


@pytest.mark.parametrize("media_type", ["application/json", "application/yaml"])
def test_the_api_takes_and_gives_the_same_document(desk, media_type):
    browser = desk()

    planned = browser.post("/api/v1/config/plan", json=DOCUMENT)
    done = put(browser, DOCUMENT, media_type)
    given = browser.get("/api/v1/config", headers={"Accept": media_type})

    assert planned.status_code == done.status_code == 200
    assert planned.json == done.json
    assert [change["what"] for change in done.json["changes"]] == ["user", "organization", "membership"]
    assert "anna@nordwerk.example" in given.text
    assert given.mimetype == media_type
    assert put(browser, yaml.safe_load(given.text)).json == {"changes": []}


def test_the_api_names_every_mistake_and_changes_nothing(desk):
    browser = desk()
    before = browser.get("/api/v1/config").json

    refused = put(
        browser, {"organizations": [{"key": "a", "colour": 1}, {"key": "b", "logo": "/etc/hostname"}]}
    )

    assert refused.status_code == 422
    assert set(refused.json["errors"]) >= {"organizations[a].colour", "organizations[b].logo"}
    assert browser.get("/api/v1/config").json == before


@pytest.mark.parametrize(
    "text", [b"", b"[", b"\xff", b'{"tenant": null}', b'{"tenant": {"name": "\\u0000"}}']
)
def test_what_is_no_document_is_refused_at_the_api(desk, text):
    browser = desk()

    answer = browser.client.put(
        "/api/v1/config", base_url=browser.base, data=text, content_type="application/json"
    )

    assert answer.status_code == 422


def test_only_staff_who_may_and_see_the_whole_broker_declare(desk, broker, sign_in, nobody):
    client = sign_in(broker.member(broker.organization(), broker.profile("menu:contracts")))
    clerk = desk("menu:contracts")
    limited = desk(mandate=broker.mandate())

    assert nobody.get("/api/v1/config").status_code == 401
    for browser in (client, clerk, limited):
        assert browser.get("/api/v1/config").status_code == 403
        assert browser.post("/api/v1/config/plan", json={}).status_code == 403
        assert put(browser, {}).status_code == 403
