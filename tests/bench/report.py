"""A bench as a table: what was measured, against the floor, the promises and a smaller log."""

from typing import Any

Json = dict[str, Any]


def table(results: list[Json]) -> str:
    """Return the tables of benches of rising size; the last is compared with the first."""
    first, last = results[0], results[-1]
    machine = ", ".join(f"{name} {value}" for name, value in last["machine"].items())
    parts = [
        f"{last['rows']:,} events, {last['largest_tenant']:,} of the tenant read; {machine}",
        reading_table(last, first if first is not last else None),
        writing_table(last["writing"]),
        _words_of_the_rest(last),
    ]
    return "\n\n".join(parts)


def reading_table(result: Json, smaller: Json | None = None) -> str:
    """Return what reading takes, in milliseconds; `growth` is p95 against a smaller log."""
    head = ["case", "p50", "p95", "p99", "1/s", "8: p50", "8: p95", "8: 1/s", "floor p50"]
    head += ["x floor", "target", "growth"]
    before = {one["case"]: one for one in smaller["reading"]} if smaller else {}
    rows = [head]
    for one in result["reading"]:
        page, eight, floor = one["page, 1"], one["page, 8"], one["floor, 1"]
        target = one["target_ms"]
        kept = "" if target is None else ("kept" if page["p50_ms"] <= target else "MISSED")
        small = before.get(one["case"])
        growth = f"{page['p95_ms'] / small['page, 1']['p95_ms']:.2f}" if small else ""
        rows.append(
            [
                one["case"],
                *(f"{page[name]:.1f}" for name in ("p50_ms", "p95_ms", "p99_ms", "per_second")),
                *(f"{eight[name]:.1f}" for name in ("p50_ms", "p95_ms", "per_second")),
                f"{floor['p50_ms']:.2f}",
                f"{page['p50_ms'] / floor['p50_ms']:.1f}",
                f"{target:g} {kept}" if target else "",
                growth,
            ]
        )
    return aligned(rows)


def writing_table(writing: Json) -> str:
    """Return what sending takes, in milliseconds a request."""
    rows = [["ingestion", "events/s", "p50", "p95", "p99"]]
    for name, one in writing.items():
        if isinstance(one, dict):
            events = one.get("events_per_second", "")
            times = (f"{one[key]:.1f}" for key in ("p50_ms", "p95_ms", "p99_ms"))
            rows.append([name, f"{events:,}" if events else "", *times])
    return aligned(rows)


def aligned(rows: list[list[str]]) -> str:
    """Return rows as text whose columns stand below each other, the first to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _words_of_the_rest(result: Json) -> str:
    export, neighbour = result["export"], result["neighbour"]
    memory = ", ".join(
        f"{name} {one['before_mb']} to {one['most_mb']} MB"
        for name, one in result["memory"].items()
    )
    lines = [
        f"all sealed {result['writing']['seconds until sealed']} s after the last batch",
        f"a small tenant's page beside four writers: p95 x{neighbour['ratio_p95']}",
        f"export {export['how']}: {export['rows']:,} rows",
        f"memory: {memory}",
    ]
    if "rows_per_second" in export:
        fast, floor = export["rows_per_second"], export["floor_rows_per_second"]
        lines[2] += f", {fast:,} a second (a bare COPY: {floor:,}, x{floor / fast:.1f})"
    return "\n".join(lines)
