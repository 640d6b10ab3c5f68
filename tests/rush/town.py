"""The database of a rush: one office, its slots, and people whose cases may book."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, text

from activities.storage.engine import make_engine
from activities.storage.migrate import upgrade
from tests.activities.storage.cases import a_case
from tests.activities.storage.places import an_office
from tests.activities.storage.seating import a_slot
from tests.rush.takers import SCRATCH
from workers.local.postgres import LocalPostgres

PEOPLE, SLOTS, SEATS = 2000, 14, 20  # 280 seats
# Copies of one case: a rush needs rows, and no history behind them.
COPIES = text("""
    INSERT INTO paspor.application
    SELECT c.* FROM paspor.application a, generate_series(1, :more) AS n, jsonb_populate_record(
        NULL::paspor.application, to_jsonb(a) || jsonb_build_object(
            'number', a.number::bigint + n, 'person_key', lpad(to_hex(n), 32, '0'), 'filing_key', 'copy-' || n,
            'workflow_id', 'copy-' || n)) AS c
     WHERE a.number = :number""")
EMPTY = text("""
    SET LOCAL session_replication_role = replica;  -- append-only tables too, for this transaction
    TRUNCATE paspor.booking, paspor.seat_request, paspor.outbox, paspor.waiting CASCADE;
    UPDATE paspor.slot SET taken = 0""")


class Town:
    """As a context: a server of its own, which may be killed."""

    def __init__(self, folder: Path, people: int = PEOPLE, slots: int = SLOTS, seats: int = SEATS) -> None:
        self.server = LocalPostgres(folder / "pg")
        self._people, self._days, self._seats = people, slots, seats
        self.url = ""
        self.numbers: list[str] = []
        self.slots: list[str] = []

    def opens(self, settings: str = "") -> None:
        """Start, and make everything; `settings` are lines for the server's own file."""
        self.server.prepare()
        (self.server.home.resolve() / "cluster" / "local.conf").write_text(settings)
        self.url = self.server.start()
        upgrade(self.url)
        with self.engine() as engine, engine.begin() as conn:
            an_office(conn)
            self.slots = [a_slot(conn, self._seats, days=day) for day in range(self._days)]
            first = a_case(conn, "1000000000000000", bookable=True)
            conn.execute(COPIES, {"number": first, "more": self._people - 1})
            self.numbers = list(conn.execute(text("SELECT number FROM paspor.application ORDER BY 1")).scalars())
        assert len(self.numbers) == self._people

    def empties(self) -> None:
        """Nobody has a seat; the tables without guards are made anew too."""
        with self.engine() as engine, engine.begin() as conn:
            conn.execute(EMPTY)
            conn.execute(text(SCRATCH))

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Connections of the moment: the server may have been killed since."""
        engine = make_engine(self.url, pool=1)
        try:
            yield engine
        finally:
            engine.dispose()


@contextmanager
def town() -> Iterator[Town]:
    """A town in a new folder, which is gone afterwards."""
    # Where the server's user may enter too.
    with TemporaryDirectory(prefix="paspor-rush-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = Town(Path(folder))
        try:
            made.opens()
            yield made
        finally:
            made.server.stop()
