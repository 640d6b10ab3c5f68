"""The exit-ban list over its wire."""

from temporalio import activity

from activities.clients.watchlist import WatchlistClient
from activities.failures import told_to_the_engine
from workflows.partners.watchlist import Ban, BanQuery, Watchlist


class ExitBanList(Watchlist):
    """Carries out `Watchlist`."""

    def __init__(self, client: WatchlistClient) -> None:
        self._client = client

    @activity.defn(name="watchlist.check")
    @told_to_the_engine
    def check(self, query: BanQuery) -> tuple[Ban, ...]:
        """All entries in force that equal the person's biodata."""
        hits = self._client.check(query.key, query.nik, query.full_name, query.birth_date)
        return tuple(Ban(reference=hit.reference, reason=hit.reason) for hit in hits)
