"""Copying rows out of the database with COPY, in the scope of the session: fast, in no memory."""

from collections.abc import Callable
from typing import Any, cast

import psycopg
from sqlalchemy import Select, text

from app.audit.exports.models import ExportForm
from app.kernel.database import current_session

# A part is bounded by its events; on a slow disk, or in an hour with a million of them, it may
# take longer than a page is allowed to.
TIMEOUT = "10min"
BLOCKS_AT_ONCE = 256

_SET_TIMEOUT = text("SELECT set_config('statement_timeout', :timeout, true)")
# One column of JSON needs no quoting: control characters cannot be in it, and so serve as the
# signs that CSV would quote.
_OPTIONS = {
    ExportForm.CSV: "FORMAT csv, FORCE_QUOTE *, ENCODING 'UTF8'",
    ExportForm.JSONL: r"FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02', ENCODING 'UTF8'",
}


def copy_rows(statement: Select[Any], form: ExportForm, write: Callable[[bytes], object]) -> int:
    """Write the rows of a statement, one a line, and return how many there were.

    Runs in the open transaction of the session, whose tenant's rows are all that it sees.
    """
    session = current_session()
    session.execute(_SET_TIMEOUT, {"timeout": TIMEOUT})
    connection = session.connection()
    compiled = statement.compile(dialect=connection.dialect)
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    command = f"COPY ({compiled.string}) TO STDOUT ({_OPTIONS[form]})"
    blocks: list[bytes] = []
    with driver.cursor() as cursor:
        with cursor.copy(command.encode(), compiled.construct_params()) as copy:
            for block in copy:
                blocks.append(bytes(block))
                if len(blocks) == BLOCKS_AT_ONCE:
                    write(b"".join(blocks))
                    blocks.clear()
        write(b"".join(blocks))
        return cursor.rowcount
