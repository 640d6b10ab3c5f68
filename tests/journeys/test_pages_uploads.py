"""Files that cannot be kept: the page says which document, why, and what to do; what was there before stays."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from api.uploads import MOST_FILE_BYTES
from tests.journeys.browsing import Visitor, chromium, needs_chromium
from tests.journeys.case import Case
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = [pytest.mark.journey, pytest.mark.pages, needs_chromium]
BEYOND_ALL = 26 * 1024 * 1024  # more than any request may have


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def drawn(width: int = 300, height: int = 200) -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.new("L", (width, height), 255).save(out, "PNG")
    return out.getvalue()


def kept(town: Town, case: Case) -> str:
    """The state of the identity card."""
    return next(one["state"] for one in case.shown()["documents"] if one["kind"] == "id_card")


@pytest.mark.parametrize(
    ("width", "language", "who"), [("wide", "en-GB", "applicant-21"), ("narrow", "id-ID", "applicant-22")]
)
def test_a_file_that_cannot_be_kept(
    town: Town, browser: Browser, tmp_path: Path, width: str, language: str, who: str
) -> None:
    case = town.files(by=town.person(who))
    visitor = Visitor(browser, town.api, width=width, language=language)
    address = f"/applications/{case.number}/documents/id_card"
    visitor.opens(address)
    visitor.signs_in(who)
    visitor.looks("upload")
    send = visitor.page.locator("main form button")
    wrong = {
        "upload-kind": (b"GIF89a and no more", "card.gif"),
        "upload-broken": (drawn()[:100], "card.png"),
        "upload-pixels": (drawn(8000, 6000), "card.png"),
        "upload-large": (b"\xff\xd8\xff" + bytes(MOST_FILE_BYTES), "card.jpg"),
        "upload-beyond": (b"\xff\xd8\xff" + bytes(BEYOND_ALL), "card.jpg"),
    }
    for name, (content, file) in wrong.items():
        (tmp_path / file).write_bytes(content)
        visitor.uploads("id_card", tmp_path / file)
        send.click()
        said = visitor.page.locator(".summary a")
        assert said.count() == 1, (name, visitor.main())
        assert visitor.page.locator("#file-wrong").inner_text().endswith(said.inner_text())
        assert visitor.page.locator(".summary:focus").count() == 1, name
        if name in ("upload-large", "upload-beyond"):
            assert "10 MB" in said.inner_text(), name
        visitor.looks(name)
        assert kept(town, case) == "missing"
    visitor.uploads("id_card")
    send.click()
    assert visitor.is_at(f"/applications/{case.number}/documents")
    assert visitor.page.locator("[role=status]").count() == 1
    visitor.looks("documents-kept")
    visitor.opens(address)
    visitor.uploads("id_card", tmp_path / "card.gif")
    send.click()
    visitor.looks("upload-wrong-kept")
    assert kept(town, case) == "uploaded"
    visitor.leaves()
