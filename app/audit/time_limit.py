"""A time limit of its own for what a page can do without."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.errors import QueryCanceled
from sqlalchemy.exc import OperationalError

from app.kernel.database import STATEMENT_TIMEOUT, current_session

# Without parameters several commands are one round trip to the server.
_BEGIN = "SAVEPOINT limited; SET LOCAL statement_timeout = {:d}"
_END = f"RELEASE SAVEPOINT limited; SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'"
_UNDO = "ROLLBACK TO SAVEPOINT limited"


class TookTooLong(Exception):
    """A statement was stopped at its time limit; nothing else of the transaction is lost."""


@contextmanager
def time_limit(milliseconds: int) -> Iterator[None]:
    """Stop each statement of a block that runs longer; raises `TookTooLong`.

    The block only reads: what it wrote would be undone with it.
    """
    connection = current_session().connection()
    connection.exec_driver_sql(_BEGIN.format(milliseconds))
    try:
        yield
    except OperationalError as error:
        # After any other failure, as when the database went away, nothing can go on.
        if not isinstance(error.orig, QueryCanceled):
            raise
        connection.exec_driver_sql(_UNDO)
        raise TookTooLong from None
    connection.exec_driver_sql(_END)
