"""What a page weighs, told from its HTML alone."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib

XLINK = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True)
class Weight:
    """Bytes after gzip, elements, and the addresses that a browser fetches to show the page."""

    html_gz: int
    dom_nodes: int
    fetched: frozenset[str]

    @property
    def requests(self) -> int:
        """How many requests the page makes, its own among them."""
        return 1 + len(self.fetched)


def weigh(html: str) -> Weight:
    """Return what a whole page weighs."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    fetched = {address.partition("#")[0] for element in elements for address in _fetched(element)}
    size = len(gzip.compress(html.encode(), 9, mtime=0))
    return Weight(size, len(elements), frozenset(fetched - {""}))


def _fetched(element: Element) -> Iterator[str]:
    tag = element.tag.rpartition("}")[2]
    # What is lazy comes when somebody scrolls to it, if ever.
    is_lazy = element.get("loading") == "lazy"
    if tag in ("script", "img", "iframe", "video", "audio", "embed") and not is_lazy:
        yield element.get("src") or ""
    if tag == "link" and element.get("rel") != "canonical":
        yield element.get("href") or ""
    if tag in ("use", "image"):
        yield element.get("href") or element.get(XLINK) or ""
