"""People at work: searching, filtering, sorting, paging, files, links, keys, languages; with a script and without."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import os
import re
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import psutil
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, create_engine, text

from app.core import upgrades
from app.core.servers import Launcher
from app.core.settings import Settings
from app.core.storage import Storage
from app.demo import loading
from app.demo.neighbours import atelier
from app.demo.serving import WebServer
from app.factory import declare
from tenants import current, visibility
from tenants.isolation import announce_tenant
from tests.journeys.conftest import ADDRESS, free_port
from tests.journeys.people import Demo, Person

INSURANCE_MANAGER = "k.behrens@nordwerk.example"
SWISS_MANAGER = "u.ammann@nordwerk.example"
FIRST_LINKS = "[data-rows] tbody th a"


def names(page: Page) -> list[str]:
    """What the rows of an overview are called."""
    return page.locator(FIRST_LINKS).all_inner_texts()


def entries(page: Page) -> int:
    """How many there are, as the overview says."""
    return int(page.locator(".head [role=status]").inner_text().split()[0])


def column(page: Page, label: str) -> list[str]:
    return page.locator(f'[data-rows] tbody td[data-l="{label}"]').all_inner_texts()


def test_a_wrong_password_is_told_in_one_sentence_for_all(visit: Callable[..., Person]) -> None:
    sentences = set()
    for email in (
        SWISS_MANAGER,
        "nobody@nowhere.example",
        "r.stoever@nordwerk.example",
        "a.reimers@nordwerk.example",
    ):
        person = visit(language="en")
        person.sign_in(email, "wrong" if email == SWISS_MANAGER else "portico-demo-2026")
        assert person.path == "/sign-in"
        assert person.page.input_value("[name=email]") == email
        sentences.add(person.page.locator("[role=alert]").inner_text())
    assert sentences == {"The email address or password is not correct. Try again or reset your password."}


def test_after_signing_in_one_is_where_one_wanted_to_go(visit: Callable[..., Person]) -> None:
    person = visit(language="en")
    person.open("/claims?rows=25")
    assert person.path.startswith("/sign-in?next=/claims")
    person.page.fill("[name=email]", SWISS_MANAGER)
    person.page.fill("[name=password]", "portico-demo-2026")
    person.page.keyboard.press("Enter")
    person.page.wait_for_url("**/claims?rows=25")


def test_searching_and_taking_the_search_away_again(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    page = person.page
    person.open("/contracts")
    everything, wanted = entries(page), names(page)[3]

    page.fill("#report-search", wanted)
    page.keyboard.press("Enter")
    page.wait_for_url("**/contracts?q=*")
    assert names(page) == [wanted]
    person.follow(".chip:has-text('Search') a.x")
    assert (person.path, entries(page)) == ("/contracts", everything)

    page.fill("#report-search", "no such contract")
    page.keyboard.press("Enter")
    page.wait_for_selector(".empty")
    person.follow(".empty a")
    assert entries(page) == everything


def test_gathering_contracts_into_groups_and_going_to_those_behind_one(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    page = person.page
    person.open("/contracts")
    everything = entries(page)
    person.follow(".seg a:has-text('Groups')")
    page.wait_for_url("**/contracts?by=status")
    assert sum(figures(page, 1)) == everything

    page.locator("[popovertarget=grouping]:visible").first.click()
    page.locator("[name=group_by]").nth(0).select_option("line_of_business")
    page.locator("[name=group_by]").nth(1).select_option("starts_on.year")
    page.click("#grouping summary:text-is('Sum insured')")
    page.check("#grouping input[value='max.sum_insured']")
    person.follow("#grouping button:text-is('Apply')")
    page.wait_for_url("**/contracts?by=line_of_business%2Cstarts_on.year&show=*")
    heads = page.locator("[data-rows] thead th").all_inner_texts()
    assert heads == [
        "Line of business", "Inception date by year", "Number", "Sum: Premium excl. tax", "Largest: Sum insured"
    ]  # fmt: skip
    assert sum(figures(page, 2)) == everything

    page.click("[data-rows] thead button:text-is('Number')")
    person.follow("#col-f0 a:has-text('descending')")
    page.wait_for_url("**&order=-count")
    numbers = figures(page, 2)
    assert numbers == sorted(numbers, reverse=True)
    person.follow("[data-rows] tbody th a")
    assert entries(page) == numbers[0]


def test_a_chart_of_contracts_leads_to_those_behind_a_bar(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    page = person.page
    person.open("/contracts")
    everything = entries(page)
    person.follow(".seg a:has-text('Chart')")
    page.wait_for_url("**/contracts?by=status&chart=bars")
    page.click("[popovertarget=chart-kinds]")
    person.follow("#chart-kinds a:text-is('Stacked bars')")
    assert "second column" in page.locator(".chart-card .hint").inner_text()
    page.locator("[popovertarget=grouping]:visible").first.click()
    page.locator("[name=group_by]").nth(1).select_option("line_of_business")
    page.uncheck("#grouping input[value='sum.premium_net']")
    person.follow("#grouping button:text-is('Apply')")
    page.wait_for_url("**/contracts?by=status%2Cline_of_business&show=count&chart=stacked")
    assert page.locator(".chart-card h2").inner_text() == "Number by Status, Line of business"
    counts = [int(one) for one in page.locator(".bars td.num").all_inner_texts()]
    assert sum(counts) == everything
    assert counts == sorted(counts, reverse=True)
    widths = page.evaluate(
        """[...document.querySelectorAll(".bars svg")].map(one => [...one.querySelectorAll("rect")]
           .reduce((sum, rect) => sum + rect.width.baseVal.value / one.width.baseVal.value, 0))"""
    )
    assert [round(one / widths[0], 1) for one in widths] == pytest.approx(
        [n / counts[0] for n in counts], abs=0.11
    )
    person.follow(".bars th a")
    assert entries(page) == counts[0]


@pytest.mark.parametrize(
    ("words", "kind", "marks"),
    [
        ("by=starts_on.year", "Line chart", "circle"),
        ("by=starts_on.year,status", "Area chart", "circle"),
        ("by=status", "Doughnut chart", "path"),
        ("by=status", "Scatter chart", "circle"),
    ],
)
def test_a_mark_of_a_chart_leads_to_what_it_stands_for(
    visit: Callable[..., Person], words: str, kind: str, marks: str
) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    page = person.page
    person.open(f"/contracts?{words}&show=count,distinct.insurer&chart=bars")
    page.click("[popovertarget=chart-kinds]")
    person.follow(f"#chart-kinds a:text-is('{kind}')")
    marked = page.locator(f".chart a {marks}").first
    said = marked.locator("title").text_content() or ""
    counted = re.search(r": (\d+)", said)
    assert counted
    with page.expect_navigation():
        # A part of a ring may not hold the middle of its own outline.
        marked.dispatch_event("click")
    assert entries(page) == int(counted[1])


def test_a_pivot_table_by_the_form_and_to_the_rows_behind_a_cell(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    page = person.page
    person.open("/contracts")
    everything = entries(page)
    person.follow(".seg a:has-text('Pivot table')")
    page.wait_for_url("**/contracts?by=line_of_business&across=status")
    page.locator("[popovertarget=grouping]:visible").first.click()
    page.locator("[name=group_across]").nth(0).select_option("starts_on.year")
    page.uncheck("#grouping input[value='sum.premium_net']")
    person.follow("#grouping button:text-is('Apply')")
    page.wait_for_url("**/contracts?by=line_of_business&across=starts_on.year&show=count")
    foot = [int(one) for one in page.locator("[data-rows] tfoot td").all_inner_texts()]
    assert sum(foot[:-1]) == foot[-1] == everything

    page.click("[data-rows] thead button:text-is('Total')")
    person.follow("#col-f0 a:has-text('descending')")
    totals = [int(one) for one in page.locator("[data-rows] tbody td:last-child").all_inner_texts()]
    assert totals == sorted(totals, reverse=True)
    cell = page.locator("[data-rows] tbody td a").first
    count = int(cell.inner_text())
    person.follow("[data-rows] tbody td a >> nth=0")
    assert entries(page) == count


def figures(page: Page, place: int) -> list[int]:
    """A column of whole numbers, without the total."""
    cells = page.locator(f"[data-rows] tbody tr > :nth-child({place + 1})").all_inner_texts()
    return [int(cell.replace(",", "")) for cell in cells]


def test_filtering_by_the_form_and_removing_the_chips(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    page = person.page
    person.open("/claims")
    everything = entries(page)

    page.click("[popovertarget=filter]")
    page.click("#filter summary:text-is('Status')")
    page.check("#filter details[open] input[value=open]")
    page.check("#filter details[open] input[value=settled]")
    person.follow("#filter details[open] button")
    page.wait_for_url("**/claims?status=*")
    some = entries(page)
    assert 0 < some < everything
    assert set(page.locator("[data-rows] tbody .badge").all_inner_texts()) <= {"Open", "Settled"}

    page.click("[popovertarget=filter]")
    page.click("#filter summary:text-is('Date of loss')")
    page.select_option("#filter details[open] select", "ge")
    page.fill("#filter details[open] [name=filter_value] >> nth=0", "2026-01-01")
    person.follow("#filter details[open] button")
    page.wait_for_url("**occurred_on.ge=2026-01-01*")
    assert entries(page) <= some
    assert all(day.endswith("/2026") for day in column(page, "Date of loss"))
    assert page.locator(".chip:not(.add)").count() == 2

    person.follow(".chip a.x >> nth=0")
    person.follow(".chip a.x >> nth=0")
    assert (person.path, entries(page)) == ("/claims", everything)


def test_a_filter_that_means_nothing_is_told_beside_it(visit: Callable[..., Person]) -> None:
    person = visit(language="de").sign_in(SWISS_MANAGER, language="de")
    form = "filter_field=premium_net&filter_operator=ge&filter_value=viel"
    person.open("/contracts")
    everything = entries(person.page)

    assert person.open(f"/contracts?{form}") == 422
    assert "viel" in person.page.locator("#filter-error").inner_text()
    assert entries(person.page) == everything


def test_sorting_and_choosing_columns(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    page = person.page
    person.open("/contracts")
    upwards = names(page)

    page.click("button.col[popovertarget=col-number]")
    person.follow("#col-number a:has-text('Sort descending')")
    assert names(page) == upwards[::-1]
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Policy number")

    page.click("button.col[popovertarget=col-premium_net]")
    person.follow("#col-premium_net a:has-text('Sort ascending')")
    assert "sort=premium_net" in person.path

    page.click("[popovertarget=columns]")
    page.uncheck("#columns input[value=insurer]")
    page.check("#columns input[value=starts_on]")
    person.follow("#columns button")
    page.wait_for_url("**columns=*")
    heads = page.locator("thead th").all_inner_texts()
    assert any(head.startswith("Inception date") for head in heads)
    assert not any(head.startswith("Insurer") for head in heads)
    assert "sort=premium_net" in person.path

    page.click("button.col[popovertarget=col-starts_on]")
    person.follow("#col-starts_on a:has-text('Hide column')")
    assert not any(head.startswith("Inception") for head in page.locator("thead th").all_inner_texts())


def test_paging_forth_and_back(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    page = person.page
    person.open("/objects")
    page.select_option("select[name=rows]", "25")
    page.wait_for_url("**/objects?rows=25")

    first = names(page)
    pages = [page.locator(FIRST_LINKS).evaluate_all("links => links.map(link => link.href)")]
    while page.locator("a[rel=next]").count():
        person.follow("a[rel=next]")
        pages.append(page.locator(FIRST_LINKS).evaluate_all("links => links.map(link => link.href)"))
    flat = [link for one in pages for link in one]
    assert [len(one) for one in pages[:-1]] == [25] * (len(pages) - 1)
    assert len(flat) == len(set(flat)) == entries(page)
    while page.locator("a[rel=prev]").count():
        person.follow("a[rel=prev]")
    assert names(page) == first


def test_downloading_what_the_overview_shows(visit: Callable[..., Person]) -> None:
    person = visit(language="de").sign_in(SWISS_MANAGER, language="de")
    page = person.page
    person.open("/invoices?status=open&columns=number,due_on,gross&sort=-due_on&rows=200")
    shown = names(page)

    page.click("[popovertarget=out]")
    with page.expect_download() as started:
        page.click("#out a:text-is('Als CSV herunterladen')")
    download = started.value
    assert download.suggested_filename == f"invoices-{visibility.today()}.csv"
    words = Path(download.path()).read_text(encoding="utf-8-sig")
    lines = list(csv.reader(io.StringIO(words), delimiter=";"))
    assert lines[0][:4] == ["Rechnungsnummer", "Fällig am", "Brutto", "Brutto: Währung"]
    assert [line[0] for line in lines[1:]] == shown


def test_an_excel_file_by_keyboard_of_rows_and_of_groups(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    page = person.page
    for path, label in (("/contracts?columns=number,status&sort=number&rows=200", "Policy number"),
                        ("/contracts?by=status", "Status")):  # fmt: skip
        person.open(path)
        shown = [name.strip() for name in names(page)]
        page.focus("[popovertarget=out]")
        page.keyboard.press("Enter")
        expect(page.locator("#out")).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.locator("#out a:text-is('Download as Excel')")).to_be_focused()
        with page.expect_download() as started:
            page.keyboard.press("Enter")
        assert started.value.suggested_filename == f"contracts-{visibility.today()}.xlsx"
        file = io.BytesIO(Path(started.value.path()).read_bytes())
        cells = load_workbook(file).worksheets[0]["A"]
        assert [str(cell.value) for cell in cells if cell.value != "Total"] == [label, *shown]


def test_the_way_to_prepared_files(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    person.open("/contracts")
    person.page.click("[popovertarget=out]")
    person.follow("#out a:text-is('Prepared files')")
    assert (person.path, person.page.locator(".empty h2").inner_text()) == ("/exports", "Nothing here yet")


def test_a_language_is_remembered(demo: Demo, visit: Callable[..., Person], owner: Engine) -> None:
    person = visit(language="de").sign_in(SWISS_MANAGER)
    try:
        person.page.click("[popovertarget=langs]:visible")
        person.follow("#langs button[value=es]")
        assert (person.path, person.language) == ("/", "es")
        person.open("/contracts")
        assert person.page.locator("h1").inner_text() == "Pólizas"
        person.page.click("[popovertarget=me]")
        person.follow("form[action='/sign-out'] button")
        assert (person.path, person.language) == ("/sign-in", "es")

        elsewhere = visit(language="en").sign_in(SWISS_MANAGER)
        assert elsewhere.language == "es"
    finally:
        with current.acting_for(demo.tenants["hansen"]), owner.begin() as connection:
            connection.execute(
                text("update users set language = null where tenant_id = :tenant and email = :email"),
                {"tenant": demo.tenants["hansen"], "email": SWISS_MANAGER},
            )


def test_a_document_comes_as_it_was_stored(demo: Demo, visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    page = person.page
    person.open("/documents")
    person.follow(f"{FIRST_LINKS} >> nth=0")
    document = person.path.rsplit("/")[-1]
    with current.acting_for(demo.tenants["hansen"]), demo.web.connect() as connection:
        stored = connection.execute(
            text("select sha256, size, file_name from documents where tenant_id = :tenant and id = :id"),
            {"tenant": demo.tenants["hansen"], "id": document},
        ).one()

    with page.expect_download() as started:
        page.click(f"a[href='/documents/{document}/file']")
    content = Path(started.value.path()).read_bytes()
    assert started.value.suggested_filename == stored.file_name
    assert (len(content), hashlib.sha256(content).hexdigest()) == (stored.size, stored.sha256)

    link = person.fetch(f"/documents/{document}/file").headers["Location"]
    assert person.fetch(link).body == content
    stranger = visit(language="en").sign_in("f.aydin@nordwerk.example")
    assert stranger.fetch(link).status == 404


@pytest.mark.parametrize("kind", ["object", "claim", "invoice", "document"])
def test_related_records_lead_to_each_other(demo: Demo, visit: Callable[..., Person], kind: str) -> None:
    tie = {
        "object": "contract_objects x where x.tenant_id = :t",
        "claim": "claims x where x.tenant_id = :t",
        "invoice": "invoices x where x.tenant_id = :t",
        "document": "document_links x where x.tenant_id = :t",
    }[kind]
    person = visit(language="en").sign_in(INSURANCE_MANAGER, language="en")
    with current.acting_for(demo.tenants["hansen"]), demo.web.connect() as connection:
        known = {
            str(i)
            for i in connection.scalars(
                text(f"select x.contract_id from {tie}"), {"t": demo.tenants["hansen"]}
            )
        }
    mine = person.fetch("/api/v1/contracts?limit=200&fields=number").json["contracts"]
    contract = next(record["id"] for record in mine if record["id"] in known)

    person.open(f"/contracts/{contract}")
    person.follow(f"main tbody th a[href^='/{kind}s/'] >> nth=0")
    assert person.path.startswith(f"/{kind}s/")
    person.follow(f"main :is(dd, tbody) a[href='/contracts/{contract}'] >> nth=0")
    assert person.path == f"/contracts/{contract}"


def test_the_way_back_stands_above_the_title(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    person.open("/contracts")
    title = names(person.page)[0]
    person.follow(f"{FIRST_LINKS} >> nth=0")
    crumbs = person.page.locator(".crumbs li")
    assert crumbs.all_inner_texts() == ["Contracts", title]
    expect(crumbs.last).to_have_attribute("aria-current", "page")
    person.follow(".crumbs a >> nth=0")
    assert person.path == "/contracts"


def test_working_with_keys_only(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    page = person.page
    person.open("/contracts")
    links = page.locator(FIRST_LINKS)
    for keys, place in (("j", 0), ("jj", 2), ("k", 1)):
        for key in keys:
            page.keyboard.press(key)
        expect(links.nth(place)).to_be_focused()
    wanted = links.nth(1).get_attribute("href")
    page.keyboard.press("/")
    expect(page.locator("#report-search")).to_be_focused()
    page.keyboard.type("jk")
    assert page.input_value("#report-search") == "jk"
    page.fill("#report-search", "")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")

    person.open("/settings")
    page.uncheck("#keys")
    person.open("/contracts")
    page.keyboard.press("/")
    expect(page.locator("#report-search")).not_to_be_focused()


def test_everything_works_without_a_script(visit: Callable[..., Person]) -> None:
    person = visit(language="en", java_script_enabled=False)
    page = person.page
    person.open("/sign-in")
    page.fill("[name=email]", SWISS_MANAGER)
    page.fill("[name=password]", "portico-demo-2026")
    person.follow("form.form button[type=submit]")
    person.open("/contracts")
    everything = entries(page)

    page.fill("#report-search", names(page)[0])
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    person.follow(".chip a.x")
    assert entries(page) == everything

    page.select_option("select[name=rows]", "25")
    person.follow(".size button")
    page.wait_for_url("**rows=25")
    person.follow("a[rel=next]")
    person.follow("a[rel=prev]")
    assert page.locator(FIRST_LINKS).count() == 25

    page.click("[popovertarget=filter]")
    page.click("#filter summary:text-is('Status')")
    page.check("#filter details[open] input[value=own]")
    person.follow("#filter details[open] button")
    page.wait_for_url("**status=own*")
    page.click("button.col[popovertarget=col-number]")
    person.follow("#col-number a:has-text('Sort descending')")
    assert "sort=-number" in person.path
    page.click("[popovertarget=columns]")
    page.check("#columns input[value=starts_on]")
    person.follow("#columns button")
    page.wait_for_url("**columns=*")
    person.follow(f"{FIRST_LINKS} >> nth=0")
    assert page.locator("h1").count() == 1
    page.click("[popovertarget=me]")
    person.follow("form[action='/sign-out'] button")
    assert person.path == "/sign-in"


def test_signing_out_ends_the_session_everywhere(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER)
    person.open("/contracts")
    kept = person.context.cookies()
    person.page.click("[popovertarget=me]")
    person.follow("form[action='/sign-out'] button")
    assert person.path == "/sign-in"
    person.context.add_cookies(kept)
    person.open("/contracts")
    assert person.path.startswith("/sign-in")
    assert person.fetch("/api/v1/contracts").status == 401


@pytest.mark.deep
def test_a_database_that_is_away_is_told_and_comes_back(browser: Browser, web: Engine) -> None:
    port = free_port()
    with (
        tempfile.TemporaryDirectory(prefix="portico-") as state,
        Launcher(Path(state), fast=True, environ={}) as launcher,
    ):
        environment = {**launcher.environment(), "SECRET_KEY": secrets.token_urlsafe(32)}
        upgrades.upgrade(environment["DATABASE_OWNER_URL"])
        with mock.patch.dict(os.environ, environment):
            load_one(port)
            server = WebServer(ADDRESS, port, 1)
            try:
                demo = Demo(port, web)
                server.wait_ready(demo.host("atelier"))
                person = Person(demo, "atelier", browser.new_context(locale="fr"), "fr")
                person.sign_in("c.lambrecht@atelier-courtage.example")
                assert person.open("/contracts") == 200
                assert launcher.postgres is not None
                assert launcher.postgres.process is not None
                kill_now(psutil.Process(launcher.postgres.process.pid))
                answer = person.fetch("/contracts")
                while answer.status == 200:
                    answer = person.fetch("/contracts")
                assert answer.status == 503
                assert int(answer.headers["Retry-After"]) > 0
                assert "Traceback" not in answer.body.decode()
                began = time.monotonic()
                while person.open("/contracts") != 200:
                    assert time.monotonic() - began < 60
                    time.sleep(0.2)
                assert server.process.poll() is None
                person.context.close()
            finally:
                server.stop()


def load_one(port: int) -> None:
    """The smallest broker of the demonstration, in the database the environment names."""
    settings = Settings.from_environment()
    declare()
    owner, web = create_engine(settings.database_owner_url), create_engine(settings.database_url)
    for engine in (owner, web):
        announce_tenant(engine)
    loading.seed_rates(owner)
    broker = atelier(visibility.today())
    tenant = loading.tenant_of(owner, broker.slug, broker.name, broker.theme, broker.language, port)
    with current.acting_for(tenant):
        loading.load(web, Storage(settings), broker, lambda _words: None)
    owner.dispose()
    web.dispose()


def kill_now(process: psutil.Process) -> None:
    """The process and all below it, at once, as a machine would lose them."""
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
