"""A time limit of its own for what a page can do without."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.errors import QueryCanceled
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.kernel.database import STATEMENT_TIMEOUT, current_session

_SET = text("SELECT set_config('statement_timeout', :timeout, true)")


class TookTooLong(Exception):
    """A statement was stopped at its time limit; nothing else of the transaction is lost."""


@contextmanager
def time_limit(milliseconds: int) -> Iterator[None]:
    """Stop each statement of a block that runs longer; raises `TookTooLong`.

    The block only reads: what it wrote would be undone with it.
    """
    session = current_session()
    savepoint = session.begin_nested()
    session.execute(_SET, {"timeout": f"{milliseconds}ms"})
    try:
        yield
    except OperationalError as error:
        savepoint.rollback()
        if isinstance(error.orig, QueryCanceled):
            raise TookTooLong from None
        raise
    except BaseException:
        savepoint.rollback()
        raise
    savepoint.commit()
    session.execute(_SET, {"timeout": STATEMENT_TIMEOUT})
