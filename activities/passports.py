"""The register of passports over its wire."""

from temporalio import activity

from activities.clients.passports import PassportsClient
from activities.failures import told_to_the_engine
from workflows.partners.passports import HeldPassport, HoldingsQuery, Issue, Passports


class PassportRegister(Passports):
    """Carries out `Passports`."""

    def __init__(self, client: PassportsClient) -> None:
        self._client = client

    @activity.defn(name="passports.held_by")
    @told_to_the_engine
    def held_by(self, query: HoldingsQuery) -> tuple[HeldPassport, ...]:
        """All passports of one person."""
        held = self._client.held_by(query.nik)
        return tuple(HeldPassport(number=one.number, expires_on=one.expires_on, state=one.state) for one in held)

    @activity.defn(name="passports.record_issue")
    @told_to_the_engine
    def record_issue(self, issue: Issue) -> None:
        """Enter a new passport, once by the key."""
        self._client.record_issue(issue.key, issue.nik, issue.number, issue.issued_on, issue.expires_on)
