"""Capture quality and the search for duplicates, over their wires; images come out of the sealed file store."""

from sqlalchemy import Engine
from temporalio import activity

from activities.clients.abis import AbisClient
from activities.clients.capture import CaptureClient
from activities.failures import told_to_the_engine
from activities.storage import searches
from activities.storage.files import FileStore
from workflows.case.facts import Candidate, CaptureQuality, FingerQuality
from workflows.case.notifications import MatchResult
from workflows.partners.biometrics import Biometrics, CaptureSet, DuplicateSearch, SearchRequest


class NationalBiometrics(Biometrics):
    """Carries out `Biometrics`."""

    def __init__(self, capture: CaptureClient, abis: AbisClient, files: FileStore, engine: Engine) -> None:
        self._capture, self._abis, self._files, self._engine = capture, abis, files, engine

    @activity.defn(name="biometrics.assess")
    @told_to_the_engine
    def assess(self, capture: CaptureSet) -> CaptureQuality:
        """Measure the quality of captured images."""
        fingers = [(image.finger, self._files.get(image.sha256)) for image in capture.fingers]
        found = self._capture.assess(self._files.get(capture.portrait), fingers)
        return CaptureQuality(
            face_quality=found.face.quality,
            face_findings=found.face.findings,
            fingers=tuple(
                FingerQuality(finger=one.finger, quality=one.quality, findings=one.findings) for one in found.fingers
            ),
        )

    @activity.defn(name="biometrics.search")
    @told_to_the_engine
    def search(self, search: DuplicateSearch) -> None:
        """Enter the person into the gallery, then ask for the search under the key.

        The request is remembered first: its result may come before the matcher's answer to the request.
        """
        with self._engine.begin() as connection:
            searches.remember(connection, search.number, search.key, search.reference_id, search.portrait)
        samples = [("face", search.portrait)] + [(f"finger_{one.finger}", one.sha256) for one in search.fingers]
        self._abis.insert(f"{search.key}/insert", search.reference_id, samples)
        self._abis.identify(search.key, search.reference_id, search.number)

    @activity.defn(name="biometrics.result")
    @told_to_the_engine
    def result(self, request: SearchRequest) -> MatchResult | None:
        """Ask for a result whose notification may be lost."""
        found = self._abis.result(request.key)
        if found is None:
            return None
        candidates = tuple(Candidate(reference_id=one.reference_id, score=one.score) for one in found)
        return MatchResult(request_id=request.key, candidates=candidates)
