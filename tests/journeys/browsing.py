"""A person at a browser: headless Chromium without script, who reads, fills in and presses; every page is looked at.

How a test of pages is written (marks: `pages` is what `make screenshots` runs):

    pytest_plugins = ["tests.journeys.fixtures"]
    pytestmark = [pytest.mark.journey, pytest.mark.pages, needs_chromium]

    @pytest.fixture(scope="module")
    def browser() -> Iterator[Browser]:
        with chromium() as found:
            yield found

    def test_tasks(town: Town, browser: Browser) -> None:
        visitor = Visitor(browser, town.api, width="narrow", language="en-GB")  # wide, narrow, zoomed; id-ID, en-GB
        visitor.opens("/tasks")             # a path of ours; the door stands before it
        visitor.signs_in("examiner")        # at the issuer's page, by the name of a demonstration person
        visitor.looks("officer-tasks")      # axe, no sideways scrolling, no console errors, no dangling links
        visitor.presses("Claim the next")   # a button or link by its name
        visitor.leaves()

`looks(name)` photographs the page as `<name>-<width>-<language>.png` in the folder that PASPOR_SCREENSHOTS names, so a
name says which page it is and in which state, and is used once for each width and language. `visitor.page` is the page
of Playwright for all else. Debian's `chromium` is driven; where there is none, the tests that need it are skipped.
"""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from workers.local.demonstration.citizen import document

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# Width, height, and device pixels to one of ours: `zoomed` is the wide screen at 200 % (WCAG 2.2, 1.4.4 and 1.4.10).
WIDTHS = {"wide": (1280, 900, 1), "narrow": (360, 740, 1), "zoomed": (640, 450, 2)}
COLOURS = 64  # of a picture: enough for flat pages, and a fifth of the bytes
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Links within the page that lead nowhere, such as from an error to its field.
DANGLING = """[...document.querySelectorAll("a[href^='#']")].map(link => link.hash.slice(1))
    .filter(id => !document.getElementById(id))"""
PATIENCE = 15_000  # milliseconds

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Visitor:
    """One person, with one language and one screen. What is seen is checked and, where asked for, photographed."""

    def __init__(
        self, browser: Browser, api: str, *, width: str = "wide", language: str = "id-ID", script: bool = False
    ) -> None:
        wide, high, scale = WIDTHS[width]
        screen: Any = {"viewport": {"width": wide, "height": high}, "device_scale_factor": scale, "locale": language}
        self.api, self.width, self.language = api, width, language.partition("-")[0]
        self.context: BrowserContext = browser.new_context(**screen, java_script_enabled=script)
        # axe needs script, the pages must not: each page is also opened, by the same cookies, where script is on.
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self._seeing: BrowserContext = browser.new_context(**screen)

    def opens(self, path: str) -> None:
        """Go to a page of ours."""
        self.page.goto(self.api + path)

    def presses(self, name: str) -> None:
        """Press a button or follow a link by its name."""
        found = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        found.first.click()

    def chooses(self, label: str) -> None:
        """Choose one of several."""
        self.page.get_by_label(label, exact=True).check()

    def writes(self, **fields: str) -> None:
        """Fill in fields by their names; `__` stands for the dash."""
        for name, value in fields.items():
            self.page.locator(f"[name='{name.replace('__', '-')}']").fill(value)

    def signs_in(self, who: str) -> None:
        """By the issuer's own page; who has no button there borrows one."""
        button = self.page.locator(f"button[value='{who}']")
        if not button.count():
            self.page.locator("button[name=who]").first.evaluate("(button, who) => { button.value = who }", who)
        button.first.click()

    def heading(self) -> str:
        """The one heading of the page."""
        return self.page.locator("h1").inner_text()

    def main(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def is_at(self, path: str) -> bool:
        """Whether this is the page."""
        return urlsplit(self.page.url).path == path

    def looks(self, name: str) -> None:
        """The page as it is now, without violations of axe, without sideways scrolling; photographed."""
        self.page.wait_for_load_state()
        html, address = self.page.content(), self.page.url
        self._seeing.add_cookies(self.context.cookies())  # type: ignore[arg-type]  # one class read, another written
        seeing = self._seeing.new_page()
        problems: list[str] = []
        seeing.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        seeing.on("pageerror", lambda error: problems.append(str(error)))
        # The very answer that the person has, under its own address and headers, so that a form is not sent again.
        policy = self.context.request.get(self.api + "/").headers["content-security-policy"]
        headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": policy}
        seeing.route(address, lambda route: route.fulfill(body=html, headers=headers))
        seeing.goto(address)
        seeing.evaluate(AXE)
        found = seeing.evaluate(f"axe.run(document, {{runOnly: {{type: 'tag', values: {RULES!r}}}}})")
        wrong = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found["violations"]]
        overflow = seeing.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        dangling = seeing.evaluate(DANGLING)
        self._photograph(seeing, name)
        seeing.close()
        assert not wrong, f"{name} at {self.width}: {wrong}"
        assert overflow <= 0, f"{name} at {self.width}: {overflow} px wider than the screen"
        assert not dangling, f"{name}: nothing is at {dangling}"
        assert not problems, f"{name}: {problems}"

    def _photograph(self, seeing: Page, name: str) -> None:
        folder = os.environ.get("PASPOR_SCREENSHOTS")
        if folder:
            seen = Image.open(io.BytesIO(seeing.screenshot(full_page=True, scale="css"))).convert("RGB")
            few = seen.quantize(COLOURS, dither=Image.Dither.NONE)
            Path(folder).mkdir(parents=True, exist_ok=True)
            few.save(Path(folder) / f"{name}-{self.width}-{self.language}.png", optimize=True)

    def uploads(self, kind: str, file: Path | None = None) -> None:
        """Choose a file: what is given, or a drawn page."""
        page: Any = {"name": f"{kind}.png", "mimeType": "image/png", "buffer": document(kind)}
        self.page.locator("input[type=file]").set_input_files(file or page)

    def leaves(self) -> None:
        """Close everything."""
        self._seeing.close()
        self.context.close()
