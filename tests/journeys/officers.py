"""Officers at a browser: each step of an application as its officer does it on pages, by keyboard where asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser

from tests.journeys.browsing import Visitor
from tests.journeys.case import Case
from tests.journeys.installation import wait_until
from workers.local.demonstration.citizen import finger, portrait, signature

WORDS = {
    "id": {
        "send": "Catat keputusan",
        "take": "Ambil pekerjaan ini",
        "capture": "Kirim rekaman",
        "hand": "Catat penyerahan",
        "check_in": "Catat kedatangan",
        "renew": "Perpanjang",
        "call": "Panggil berikutnya: dokumen",
        "release": "Kembalikan",
        "done": "Tercatat",
        "gone": "Hak pengerjaan Anda sudah berakhir",
        "cancel": "Batalkan permohonan",
        "find": "Cari permohonan",
    },
    "en": {
        "send": "Record the decision",
        "take": "Take this task",
        "capture": "Send the capture",
        "hand": "Record the handover",
        "check_in": "Check in",
        "renew": "Extend",
        "call": "Call the next: documents",
        "release": "Give back",
        "done": "Recorded",
        "gone": "Your hold on this task has ended",
        "cancel": "Cancel the application",
        "find": "Find the application",
    },
}


class Officer(Visitor):
    """One officer of the case's office."""

    def __init__(self, browser: Browser, case: Case, name: str, **screen: Any) -> None:
        super().__init__(browser, case.town.api, **screen)
        self.case, self.name = case, f"{name}@{case.office}"
        self.words = WORDS[self.language]
        self.opens("/desk")
        self.signs_in(self.name)

    def at(self, step: str, rest: str = "") -> str:
        """The address of a step of the case."""
        return f"/desk/applications/{self.case.number}/{step}{rest}"

    def takes(self, step: str, picture: str = "") -> None:
        """Wait for the task, and choose it out of turn: the office has other people's too."""

        def offered() -> bool:
            self.opens(self.at(step))
            return self.page.locator("#reason").count() == 1

        wait_until(offered, f"the task {step} of {self.case.number}", 30.0)
        if picture:
            self.looks(picture)
        self.writes(reason="pemohon ada di loket")
        self.presses(self.words["take"])
        assert self.is_at(self.at(step)), self.main()

    def picks(self, name: str, value: str) -> None:
        """A radio or a box, by what it stands for."""
        self.page.locator(f"input[name='{name}'][value='{value}']").check()

    def sends(self, step: str, button: str = "send") -> None:
        """Send what was filled in, and come to the page after it."""
        self.presses(self.words[button])
        assert self.is_at(self.at(step, "/done")), self.main()
        assert self.heading() == self.words["done"]

    def fails(self, step: str, picture: str, button: str = "send") -> None:
        """Send too little, and be told."""
        self.presses(self.words[button])
        assert self.is_at(self.at(step)), self.main()
        assert self.page.locator(".summary a").count() > 0
        self.looks(picture)

    def captures(self, **changed: bytes) -> None:
        """Choose the files of a capture."""
        images = {
            "portrait": portrait(),
            "signature": signature(),
            "finger_1": finger(),
            "finger_6": finger(),
            **changed,
        }
        for name, content in images.items():
            kind = ("jpg", "image/jpeg") if content.startswith(b"\xff\xd8") else ("png", "image/png")
            file: Any = {"name": f"{name}.{kind[0]}", "mimeType": kind[1], "buffer": content}
            self.page.locator(f"input[name='{name}']").set_input_files(file)

    def tabs_to(self, selector: str, most: int = 60) -> None:
        """Press Tab until something has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.locator(f"{selector}:focus").count():
                return
        raise AssertionError(f"{selector} is not reached by Tab")


@contextmanager
def officer(browser: Browser, case: Case, name: str, **screen: Any) -> Iterator[Officer]:
    """An officer at a browser, who leaves at the end."""
    here = Officer(browser, case, name, **screen)
    try:
        yield here
    finally:
        here.leaves()
