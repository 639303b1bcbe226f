"""What can go wrong on the machine of a person who runs Ballast, in words for that person."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


class LocalSetupError(click.ClickException):
    """This machine lacks something that a local run needs; the message says what to do.

    The command line prints it as one line; there is nothing for a person in its stack trace.
    """


class LocalPostgresError(LocalSetupError):
    """The PostgreSQL of this checkout cannot be used; the message says what to do."""


class PortTakenError(LocalSetupError):
    """Another program listens on the port, or this user may not open it."""


@contextmanager
def explain_os_errors(data_dir: Path) -> Iterator[None]:
    """Turn the system's refusals around `data_dir` into what a person can do about them."""
    try:
        yield
    except OSError as error:
        where = error.filename or data_dir
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise LocalPostgresError(
                f"The disk is full ({where}). Free some space, or set BALLAST_DATA_DIR to "
                "another disk."
            ) from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise LocalPostgresError(
                f"This user may not use {where}. Was it made by another user, or by root? Run the "
                "command as that user, or set BALLAST_DATA_DIR to a folder of yours."
            ) from error
        raise LocalPostgresError(
            f"The local database cannot be used: {error.strerror or error} ({where})."
        ) from error
