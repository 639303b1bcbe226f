"""One load of one page in a slowed browser, and somebody who uses it."""

import gzip
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request

from tests.budgets.interactions import interact

OBSERVERS = (Path(__file__).parent / "observers.js").read_text("utf-8")
CPU_SLOWDOWN = 4
LATENCY_MS = 150
# 1.6 Mbit a second down, as on a poor mobile network; such a network sends half as fast.
BYTES_PER_S_DOWN = 200_000
BYTES_PER_S_UP = 100_000
# An interaction is known when the frame after it is painted, and its entry comes a little later.
ENTRIES_MS = 400


@dataclass(frozen=True)
class Measured:
    """What one load cost; the names and units are those of `components.budgets.PageBudget`.

    `places` says for the vitals which element it was.
    """

    lcp_ms: float
    inp_ms: float
    cls: float
    html_gz: int
    dom_nodes: int
    requests: int
    third_parties: int
    places: dict[str, str] = field(default_factory=dict)


def measure_load(page: Page, address: str) -> Measured:
    """Load a page that was never loaded in this browser, use it, and return what it cost.

    `page` is fresh: its browser has an empty cache and nothing but the cookies of a person.
    """
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))  # noqa: PLW0108  Playwright marks its listeners, and a method takes no mark
    page.add_init_script(OBSERVERS)
    slow_down(page)
    answer = page.goto(address, wait_until="networkidle")
    assert answer is not None
    assert answer.status == 200, f"{address} answered {answer.status}."
    loaded = list(requests)
    html = answer.body()
    nodes = page.evaluate("document.querySelectorAll('*').length")
    interact(page)
    page.wait_for_timeout(ENTRIES_MS)
    vitals = page.evaluate("readVitals()")
    assert vitals["lcp_ms"] > 0, f"{address} painted nothing."
    return Measured(
        lcp_ms=round(vitals["lcp_ms"]),
        inp_ms=round(vitals["inp_ms"]),
        cls=round(vitals["cls"], 4),
        html_gz=len(gzip.compress(html, 9)),
        dom_nodes=nodes,
        requests=len(loaded),
        third_parties=sum(not _is_ours(request, answer.url) for request in loaded),
        places={name: vitals[f"{name}_at"] for name in ("lcp", "inp", "cls")},
    )


def slow_down(page: Page) -> None:
    """Make processor and network of a page slow, as budgets are meant."""
    tools = page.context.new_cdp_session(page)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    tools.send("Network.enable")
    network = {
        "offline": False,
        "latency": LATENCY_MS,
        "downloadThroughput": BYTES_PER_S_DOWN,
        "uploadThroughput": BYTES_PER_S_UP,
    }
    tools.send("Network.emulateNetworkConditions", network)


def _is_ours(request: Request, address: str) -> bool:
    return urlsplit(request.url)[:2] == urlsplit(address)[:2]
