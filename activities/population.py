"""The population register over its wire."""

from temporalio import activity

from activities.clients.population import PopulationClient
from activities.failures import told_to_the_engine
from workflows.partners.population import ClaimsCheck, ClaimsVerdict, Population


class PopulationRegister(Population):
    """Carries out `Population`."""

    def __init__(self, client: PopulationClient) -> None:
        self._client = client

    @activity.defn(name="population.verify")
    @told_to_the_engine
    def verify(self, check: ClaimsCheck) -> ClaimsVerdict:
        """Compare the claims with the register."""
        found = self._client.verify(
            check.key, check.nik, check.full_name, check.birth_date, check.birth_place, check.sex.value
        )
        return ClaimsVerdict(status=found.status, mismatches=found.mismatches)
