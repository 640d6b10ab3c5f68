"""Capture quality, and the 1:N search for duplicates (ABIS, asynchronous: the answer comes as a message)."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from temporalio import activity

from workflows import options
from workflows.case.facts import CaptureQuality, FingerImage
from workflows.case.notifications import MatchResult


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureSet:
    """Images by the hashes of their sealed files."""

    key: str
    portrait: str
    fingers: tuple[FingerImage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateSearch:
    """Enter this person into the gallery and look for them among the others. `key` is the matcher's request id."""

    key: str
    number: str
    reference_id: str
    portrait: str
    fingers: tuple[FingerImage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A search that was asked for."""

    key: str


class Biometrics(ABC):
    """Carried out over HTTP, on the biometrics queue."""

    @activity.defn(name="biometrics.assess")
    @abstractmethod
    def assess(self, capture: CaptureSet) -> CaptureQuality:
        """Measure the quality of captured images."""

    @activity.defn(name="biometrics.search")
    @abstractmethod
    def search(self, search: DuplicateSearch) -> None:
        """Ask for the search, once by the key; the result comes later, under the same key."""

    @activity.defn(name="biometrics.result")
    @abstractmethod
    def result(self, request: SearchRequest) -> MatchResult | None:
        """Ask for a result whose notification may be lost; None while the matcher is at it."""


async def capture_assessed(capture: CaptureSet) -> CaptureQuality:
    """Measure what the booth captured."""
    return await options.ask(Biometrics.assess, capture, options.CAPTURE, options.BIOMETRICS, "assess the capture")


async def duplicates_searched(search: DuplicateSearch) -> None:
    """Ask the matcher."""
    await options.ask(Biometrics.search, search, options.REGISTER, options.BIOMETRICS, "search for duplicates")


async def search_result(request: SearchRequest) -> MatchResult | None:
    """Ask the matcher again."""
    return await options.ask(Biometrics.result, request, options.REGISTER, options.BIOMETRICS, "has the search ended?")
