"""The report of refusals as rows, safe to open in a spreadsheet."""

from collections.abc import Iterator

from app.audit.importers.report import ImportReport
from app.kernel.untrusted_text import safe_cell

HEADER = ("reason", "records", "unit", "place")


def refusal_rows(report: ImportReport) -> Iterator[tuple[str, ...]]:
    """Yield a header, and a row for each refused record whose place is known.

    A reason with more refusals than places are kept ends with a row that says so.
    """
    yield HEADER
    for reason, refusals in report.by_count():
        count = f"{refusals.count}"
        for place in refusals.places:
            yield (safe_cell(reason), count, report.unit, f"{place}")
        if refusals.count > len(refusals.places):
            left = refusals.count - len(refusals.places)
            yield (safe_cell(reason), count, report.unit, f"and {left} more")
