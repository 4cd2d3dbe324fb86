"""A person at the demonstration's portal: the browser, and the same session for files and the API."""

from __future__ import annotations

import http.client
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect
from sqlalchemy import Engine

from app.demo.broker import PASSWORD, Broker


@dataclass
class Demo:
    """The portal with the demonstration's brokers, by their slugs."""

    port: int
    web: Engine
    brokers: dict[str, Broker] = field(default_factory=dict)
    tenants: dict[str, uuid.UUID] = field(default_factory=dict)

    def add(self, broker: Broker, tenant: uuid.UUID) -> None:
        self.brokers[broker.slug], self.tenants[broker.slug] = broker, tenant

    def host(self, slug: str) -> str:
        return f"{slug}.localhost:{self.port}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Person:
    """One page of one browser. `complaints` is what the browser's console had to say of it."""

    def __init__(self, demo: Demo, slug: str, context: BrowserContext, spoken: str) -> None:
        self.demo, self.slug, self.context, self.spoken = demo, slug, context, spoken
        self.host = demo.host(slug)
        self.complaints: list[str] = []
        self.opening = ""
        self.page: Page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        # That a page answers 404 or 422 is no fault of the page; an icon is asked for where none is named.
        own = (self.page.url, *(f"http://{self.host}{path}" for path in (self.opening, "/favicon.ico")))
        is_own_status = "Failed to load resource" in message.text and message.location["url"] in own
        if message.type in ("error", "warning") and not is_own_status:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def open(self, path: str) -> int:
        """Go to a page of the portal; its status."""
        self.opening = path
        response = self.page.goto(f"http://{self.host}{path}")
        assert response is not None
        return response.status

    def sign_in(self, email: str, password: str = PASSWORD, *, language: str | None = None) -> Person:
        """Sign in by hand, and choose a language in the frame as anybody would."""
        self.open("/sign-in")
        self.page.fill("[name=email]", email)
        self.page.fill("[name=password]", password)
        self.follow("form.form button[type=submit]")
        return self.speak(language) if language else self

    def speak(self, language: str) -> Person:
        """Read the page at hand in a language, chosen in its frame."""
        if self.language != language:
            self.page.click("[popovertarget=langs]:visible")
            self.follow(f"#langs button[value={language}]")
        return self

    def follow(self, selector: str) -> None:
        """Click what leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            self.page.click(selector)

    @property
    def language(self) -> str:
        return self.page.locator("html").get_attribute("lang") or ""

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(f"http://{self.host}")

    def fetch(self, path: str, **headers: str) -> Answer:
        """An answer without the page around it, in this browser's session: files, the API, bare statuses."""
        cookies = "; ".join(f"{c['name']}={c['value']}" for c in self.context.cookies(f"http://{self.host}/"))
        connection = http.client.HTTPConnection("127.0.0.1", self.demo.port, timeout=60)
        try:
            sent = {"Host": self.host, "Cookie": cookies, "Accept-Language": self.spoken, **headers}
            connection.request("GET", path, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()


MOST_TABS = 250


class Hand:
    """A way to use pages: the mouse, or the keyboard alone, by which nothing is reached but with the tabulator."""

    def __init__(self, is_keyboard: bool) -> None:
        self.is_keyboard = is_keyboard

    def reach(self, page: Page, selector: str) -> Locator:
        """Go to a control, by the tabulator from wherever one is."""
        control = page.locator(selector).locator("visible=true").first
        if not self.is_keyboard:
            return control
        handle = control.element_handle()
        assert handle is not None
        way = handle.evaluate(
            "one => document.activeElement.compareDocumentPosition(one) & 2 ? 'Shift+Tab' : 'Tab'"
        )
        for _ in range(MOST_TABS):
            if handle.evaluate("one => one === document.activeElement"):
                return control
            page.keyboard.press(way)
        raise AssertionError(f"{selector} is not reached by keyboard, but {self.place(page)}")

    def place(self, page: Page) -> str:
        return str(page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))

    def still_at(self, page: Page, selector: str) -> None:
        """By keyboard one goes on from where one was, on the page that came too."""
        if self.is_keyboard:
            expect(page.locator(selector)).to_be_focused()

    def use(self, page: Page, selector: str) -> None:
        """Press a button, tick a box, or unfold something."""
        control = self.reach(page, selector)
        if self.is_keyboard:
            page.keyboard.press("Space" if control.evaluate("one => one.matches('input')") else "Enter")
        else:
            control.click()

    def follow(self, page: Page, selector: str) -> None:
        """Use what leads to another page, and wait for that page."""
        with page.expect_navigation():
            self.use(page, selector)

    def write(self, page: Page, selector: str, words: str) -> None:
        """Put words into a field in place of what stands there."""
        control = self.reach(page, selector)
        if control.get_attribute("type") == "date":
            # In which order day and month are typed is the browser's affair.
            control.fill(words)
            return
        control.click() if not self.is_keyboard else None
        page.keyboard.press("Control+a")
        page.keyboard.type(words)

    def choose(self, page: Page, selector: str, label: str) -> None:
        """Choose from a list; by keyboard the arrows go from one to the next."""
        control = self.reach(page, selector)
        if not self.is_keyboard:
            control.select_option(label=label)
            return
        page.keyboard.press("Home")
        for _ in range(control.locator("option").count()):
            if control.evaluate("one => one.selectedOptions[0].label") == label:
                return
            page.keyboard.press("ArrowDown")
        raise AssertionError(f"{label} is not reached by keyboard")

    def pick(self, page: Page, name: str, value: str) -> None:
        """One of several round buttons: by keyboard the arrows go from one to the next."""
        one = f"[name={name}][value={value}]"
        if not self.is_keyboard:
            page.check(one)
            return
        self.reach(page, f"[name={name}]:checked")
        for _ in range(page.locator(f"[name={name}]").count()):
            if page.locator(one).is_checked():
                return
            page.keyboard.press("ArrowDown")
        raise AssertionError(f"{one} is not reached by keyboard")

    def menu(self, page: Page, heading: str, words: str) -> None:
        """Choose from the menu of a column's heading, and wait for the page that comes."""
        self.use(page, f"[data-rows] thead button:text-is('{heading}')")
        chosen = f".pop:popover-open :is(a, button):text-is('{words}')"
        if not self.is_keyboard:
            self.follow(page, chosen)
            return
        for _ in range(MOST_TABS):
            page.keyboard.press("ArrowDown")
            if page.locator(chosen).evaluate("one => one === document.activeElement"):
                break
        with page.expect_navigation():
            page.keyboard.press("Enter")
