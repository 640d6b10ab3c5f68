"""Sets up the offices of a local installation at each start: opens the days ahead, keeps the printers' addresses."""

import os

from activities.storage import seed
from activities.storage.engine import make_engine
from workers.runtime.logs import set_up_logs
from workers.runtime.settings import settings


def set_up(database_url: str, printer_url: str) -> None:
    """Make what is missing; `printer_url` is the HTTP address of the printers' stand-in, which speaks IPP there."""
    engine = make_engine(database_url, pool=1)
    try:
        with engine.begin() as connection:
            seed.practice(connection, printer_url.replace("http://", "ipp://", 1))
    finally:
        engine.dispose()


if __name__ == "__main__":
    set_up_logs()
    set_up(settings().database_url, os.environ["PASPOR_PRINTER_URL"])
