"""One load of one page in a slowed browser, and somebody who uses it."""

import gzip
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Page
from playwright.sync_api import Error as PlaywrightError

from tests.budgets.interactions import UnmeasuredError, interact

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
    Raises `UnmeasuredError` for a page that does not come, or whose parts do not.
    """
    try:
        return _measure(page, address)
    except PlaywrightError as error:
        raise UnmeasuredError(error.message.splitlines()[0]) from None


def _measure(page: Page, address: str) -> Measured:
    page.add_init_script(OBSERVERS)
    tools = page.context.new_cdp_session(page)
    slow_down(tools)
    requests = note_requests(tools)
    answer = page.goto(address, wait_until="networkidle")
    if answer is None or answer.status != 200:
        raise UnmeasuredError(f"{address} answered {answer.status if answer else 'nothing'}")
    loaded = list(requests.values())
    html = answer.body()
    nodes = page.evaluate("document.querySelectorAll('*').length")
    interact(page)
    page.wait_for_timeout(ENTRIES_MS)
    vitals = page.evaluate("readVitals()")
    if vitals["lcp_ms"] <= 0:
        raise UnmeasuredError(f"{address} painted nothing")
    return Measured(
        lcp_ms=round(vitals["lcp_ms"]),
        inp_ms=round(vitals["inp_ms"]),
        cls=round(vitals["cls"], 4),
        html_gz=len(gzip.compress(html, 9)),
        dom_nodes=nodes,
        requests=len(loaded),
        third_parties=sum(not _is_ours(url, answer.url) for url in loaded),
        places={name: vitals[f"{name}_at"] for name in ("lcp", "inp", "cls")},
    )


def slow_down(tools: CDPSession) -> None:
    """Make processor and network of a page slow, as budgets are meant."""
    tools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    tools.send("Network.enable")
    network = {
        "offline": False,
        "latency": LATENCY_MS,
        "downloadThroughput": BYTES_PER_S_DOWN,
        "uploadThroughput": BYTES_PER_S_UP,
    }
    tools.send("Network.emulateNetworkConditions", network)


def note_requests(tools: CDPSession) -> dict[str, str]:
    """Return what goes over the network, and keep it up: addresses by the browser's own ids.

    What frames of a page take from the cache is no request; their own documents are.
    """
    noted: dict[str, str] = {}

    def sent(event: dict[str, Any]) -> None:
        noted[event["requestId"]] = event["request"]["url"]

    def cached(event: dict[str, Any]) -> None:
        noted.pop(event["requestId"], None)

    def received(event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache"):
            noted.pop(event["requestId"], None)

    tools.on("Network.requestWillBeSent", sent)
    tools.on("Network.requestServedFromCache", cached)
    tools.on("Network.responseReceived", received)
    return noted


def _is_ours(url: str, address: str) -> bool:
    return urlsplit(url)[:2] == urlsplit(address)[:2]
