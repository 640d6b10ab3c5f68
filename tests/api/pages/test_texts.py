"""Texts: both languages say something with the same blanks, and templates ask for none that is missing."""

import re
from pathlib import Path
from string import Formatter

from api.pages import layout
from api.pages.texts import ALL
from workflows.case.facts import Ending, PaperKind, Stage

USED = re.compile(r"""\bt\(\s*["']([a-z_A-Z0-9.]+)["']\s*[,)]""")
ROOT = Path(layout.__file__).parents[1]
SOURCES = [*ROOT.glob("pages/**/*.html"), *ROOT.glob("pages/*.py"), *ROOT.glob("*/pages_*.py")]


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_it_with_the_same_blanks() -> None:
    for key, (indonesian, english) in ALL.items():
        assert indonesian.strip(), key
        assert english.strip(), key
        assert blanks(indonesian) == blanks(english), key


def test_what_pages_ask_for_is_there() -> None:
    used = {key for source in SOURCES for key in USED.findall(source.read_text())}
    assert len(used) > 100
    assert used <= ALL.keys()


def test_every_stage_ending_and_paper_has_its_words() -> None:
    words = {f"stage.{stage}" for stage in Stage} | {f"ending.{ending}" for ending in Ending}
    words |= {f"ending.{ending}.text" for ending in Ending} | {f"paper.{kind}" for kind in PaperKind}
    assert words <= ALL.keys()


def test_what_a_case_can_wait_for_has_its_words() -> None:
    steps = Path(__file__).parents[3] / "workflows"
    asked = re.compile(r"Turn\.[A-Z]+,\s*\"([a-z_]+)\"")
    found = {f"next.{what}" for source in steps.rglob("*.py") for what in asked.findall(source.read_text())}
    assert len(found) > 15
    assert found <= ALL.keys()
