"""Why an import cannot be done."""

from app.kernel.problems import InvalidInput, Refused


class FileUnusable(InvalidInput):
    """The file holds nothing that can be imported."""


class TooManyFiles(Refused):
    """As many uploaded files wait as a tenant may keep."""


class ImportEnded(Refused):
    """The import is not in a state in which this can be done."""
