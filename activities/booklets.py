"""Blank booklets, in our own database."""

from sqlalchemy import Engine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.storage import booklets
from workflows.partners.booklets import Allocation, Booklets, Settlement


class BookletStock(Booklets):
    """Carries out `Booklets`: one transaction a request."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @activity.defn(name="booklets.allocate")
    def allocate(self, allocation: Allocation) -> bool:
        """Bind the serial; False when it is not in this office's stock, or bound already."""
        with self._engine.begin() as conn:
            return booklets.allocate(conn, allocation)

    @activity.defn(name="booklets.settle")
    def settle(self, settlement: Settlement) -> None:
        """Enter the booklet's fate, once. A booklet that is not this case's can never be right, however often asked."""
        try:
            with self._engine.begin() as conn:
                booklets.settle(conn, settlement)
        except booklets.NotThisBooklet as error:
            raise ApplicationError(str(error), type="not_this_booklet", non_retryable=True) from error
