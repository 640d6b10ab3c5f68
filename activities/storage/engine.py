"""The connection to our own database."""

from sqlalchemy import Engine, create_engine

CONNECT_SECONDS = 5


def make_engine(url: str, pool: int = 4, *, asks_first: bool = True) -> Engine:
    """An engine with a small pool: many connections on one row are slower than few. Times come and go in UTC.

    A connection is asked whether it still answers before it is used. Activities do without: one that finds it dead is
    tried again by its policy, on a new one, and the question would cost each of them a round trip.
    """
    return create_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        pool_pre_ping=asks_first,
        pool_timeout=CONNECT_SECONDS,
        hide_parameters=True,  # parameters of a failed statement can hold personal data
        connect_args={
            "application_name": "paspor",
            "connect_timeout": CONNECT_SECONDS,
            "options": "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=30s",
        },
    )
