"""Third net: what a browser receives is well-formed, owned, labelled, and from our own files."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

import html5lib

from components.assets import AssetManifest
from components.lint.attributes import check_attributes
from components.lint.findings import Finding
from components.registry import Registry

HTML: Final = frozenset(
    {
        "a", "abbr", "article", "aside", "blockquote", "body", "button", "caption", "code",
        "datalist", "dd", "del", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "head", "header", "html", "input",
        "ins", "kbd", "label", "legend", "li", "link", "main", "meta", "nav", "noscript", "ol",
        "optgroup", "option", "p", "pre", "progress", "script", "section", "select", "small",
        "span", "strong", "summary", "table", "tbody", "td", "textarea", "th", "thead", "time",
        "title", "tr", "ul", "wbr",
        "DOCUMENT_FRAGMENT",  # what the parser wraps around a fragment
    }
)  # fmt: skip
# What shows another address: only the component made for that may hold these.
SHOWING: Final = frozenset({"iframe", "img", "picture", "source"})
SHOWER: Final = "specimen"
SVG: Final = frozenset({"a", "g", "line", "path", "rect", "svg", "text", "title", "use"})
REFERENCES: Final = ("aria-describedby", "aria-labelledby", "aria-controls", "for", "list", "form")
UNLABELLED_INPUTS: Final = frozenset({"hidden", "submit", "button", "reset", "image"})
SVG_SPACE: Final = "{http://www.w3.org/2000/svg}"
HTML_SPACE: Final = "{http://www.w3.org/1999/xhtml}"
XLINK: Final = "{http://www.w3.org/1999/xlink}href"
DOCTYPE: Final = re.compile(r"^\s*<!doctype html>", re.IGNORECASE)


def check_html(
    html: str, registry: Registry, manifest: AssetManifest, name: str = "response"
) -> list[Finding]:
    """Findings for a whole page (it begins with a doctype) or for a fragment.

    What only a whole page can keep, such as its one h1 or the targets of htmx, is not asked of a
    fragment.
    """
    return sorted(set(_Net(html, registry, manifest, name).run()))


def check_page(
    html: str, registry: Registry, manifest: AssetManifest, name: str = "response"
) -> list[Finding]:
    """Findings for what has to be a whole page, because a browser asked for one."""
    if not DOCTYPE.match(html):
        mend = "Answer with a page template, which extends base.html."
        return [Finding(name, 1, "doctype", "HTML that is no page", mend)]
    return check_html(html, registry, manifest, name)


class _Net:
    def __init__(self, html: str, registry: Registry, manifest: AssetManifest, name: str) -> None:
        self.searched = html.lower()
        self.name = name
        self.manifest = manifest
        self.icons = registry.icons
        self.owners = registry.classes
        self.whole = bool(DOCTYPE.match(html))
        self.parser = html5lib.HTMLParser(namespaceHTMLElements=True)
        parse = self.parser.parse if self.whole else self.parser.parseFragment
        root = parse(html)
        self.elements = [element for element in root.iter() if isinstance(element.tag, str)]
        self.ids = Counter(value for e in self.elements if (value := e.get("id")))
        self.labelled = {
            e.get("for")
            for e in self.elements
            if _local(e) == "label" and "".join(e.itertext()).strip()
        }

    def finding(
        self, needles: str | tuple[str, ...], rule: str, problem: str, mend: str
    ) -> Finding:
        wanted = (needles,) if isinstance(needles, str) else needles
        places = (self.searched.find(needle.lower()) for needle in wanted)
        at = next((place for place in places if place >= 0), None)
        line = 0 if at is None else self.searched.count("\n", 0, at) + 1
        return Finding(self.name, line, rule, problem, mend)

    def run(self) -> Iterator[Finding]:
        for (line, _column), code, data in self.parser.errors:
            yield Finding(self.name, line, "well-formed", f"{code} {data or ''}".strip(),
                          "Mend the component that wrote this line.")  # fmt: skip
        for value, times in self.ids.items():
            if times > 1:
                problem = f"id {value!r} stands {times} times"
                yield self.finding(f'id="{value}"', "unique-id", problem, "Give each its own id.")
        for element in self.elements:
            yield from self.element(element)
        if self.whole:
            yield from self.page()

    def element(self, element: Element) -> Iterator[Finding]:
        tag = _local(element)
        known = SVG if element.tag.startswith(SVG_SPACE) else HTML
        if tag in SHOWING and self.owner(element) == SHOWER:
            yield from self.shown(element, tag)
        elif tag not in known:
            yield self.finding(f"<{tag}", "element", f"<{tag}> is not known", "Use a component.")
        yield from self.attributes(element, tag)
        yield from self.sources(element, tag)
        if tag in {"input", "select", "textarea"}:
            yield from self.label(element, tag)
        if tag == "form" and (element.get("method") or "").lower() == "post":
            yield from self.token(element)

    def attributes(self, element: Element, tag: str) -> Iterator[Finding]:
        for complaint in check_attributes(tag, element.attrib):
            rule, problem = complaint.rule, complaint.problem
            yield self.finding(complaint.needles, rule, problem, complaint.mend)
        for key, value in element.attrib.items():
            if key in REFERENCES and self.complete(key):
                yield from self.references(key, value)
        for name in (element.get("class") or "").split():
            if name not in self.owners:
                mend = "List it in its component's contract, or use a component."
                yield self.finding(name, "class", f"nobody owns .{name}", mend)
        yield from self.target(element.get("hx-target"))

    def references(self, key: str, value: str) -> Iterator[Finding]:
        for reference in value.split():
            if reference not in self.ids:
                problem = f"{key} names {reference!r}, which is not there"
                yield self.finding(f'{key}="{value}"', "reference", problem, "Add the id.")

    def target(self, target: str | None) -> Iterator[Finding]:
        if target is None or target == "this":
            return
        if not target.startswith("#"):
            mend = "Name one place by its id, as #results."
            yield self.finding(f'hx-target="{target}"', "hx-target", f"replaces {target!r}", mend)
        elif self.whole and target[1:] not in self.ids:
            mend = "Put the place on the page: ui.stack(id=…) or ui.drawer()."
            yield self.finding(f'hx-target="{target}"', "hx-target", f"no {target} here", mend)

    def complete(self, key: str) -> bool:
        # A fragment may point at a form or a list of the page it goes into.
        return self.whole or key not in {"form", "list", "aria-controls"}

    def sources(self, element: Element, tag: str) -> Iterator[Finding]:
        mend = "Only files of the asset manifest are linked."
        if tag == "script" and element.get("src") != self.manifest.js_url:
            yield self.finding("<script", "script", "a script of another place", mend)
        if tag == "link" and element.get("href") not in self.manifest.urls:
            yield self.finding("<link", "link", f"links {element.get('href')!r}", mend)
        if tag == "use":
            address = element.get("href") or element.get(XLINK) or ""
            sprite, _, icon = address.partition("#")
            if sprite != self.manifest.sprite_url or icon not in self.icons:
                yield self.finding(address, "icon", f"{address!r} is not in the sprite", mend)

    def owner(self, element: Element) -> str | None:
        """The component that owns the element's first class."""
        first, *_ = (element.get("class") or "").split() or [""]
        return self.owners.get(first)

    def shown(self, element: Element, tag: str) -> Iterator[Finding]:
        pictures = (element.get("srcset") or "").split(",")
        for address in filter(None, [element.get("src"), *map(str.strip, pictures)]):
            if not address.startswith("/") or address.startswith("//"):
                yield self.finding(address, "frame", f"it shows {address!r}", "Show our own.")
        words = {"iframe": "title", "img": "alt"}.get(tag)
        if words and not (element.get(words) or "").strip():
            yield self.finding(f"<{tag}", "frame", f"<{tag}> without {words}", "Say what it shows.")

    def label(self, element: Element, tag: str) -> Iterator[Finding]:
        if tag == "input" and element.get("type") in UNLABELLED_INPUTS:
            return
        named = (element.get("aria-label") or "").strip() or element.get("aria-labelledby")
        identity = element.get("id")
        if not named and not (identity and identity in self.labelled):
            shown = element.get("name") or tag
            yield self.finding(f'name="{shown}"', "label", f"{shown} has no label", "Use ui.field.")

    def token(self, form: Element) -> Iterator[Finding]:
        if not any(e.get("name") == "csrf_token" for e in form.iter()):
            shown = form.get("action") or ""
            mend = "Pass csrf_token to the component."
            yield self.finding(f'action="{shown}"', "post-token", f"{shown} has no token", mend)

    def page(self) -> Iterator[Finding]:
        headings = sum(_local(element) == "h1" for element in self.elements)
        if headings != 1:
            mend = "Use ui.page_header once, or ui.state(level=1)."
            yield self.finding("<h1", "one-h1", f"{headings} h1 on the page", mend)
        titles = [e for e in self.elements if e.tag == f"{HTML_SPACE}title"]
        if not titles or not (titles[0].text or "").strip():
            yield self.finding("<title", "title", "the page has no title", "Use ui.page_shell.")


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
