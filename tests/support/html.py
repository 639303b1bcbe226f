"""Reading pages in tests: the way a person finds things, not by class names."""

import re
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

import html5lib


@dataclass(frozen=True)
class Page:
    """An answer with HTML in it."""

    status: int
    text: str
    headers: dict[str, str]

    @cached_property
    def tree(self) -> Element:
        return html5lib.parse(self.text, namespaceHTMLElements=False)

    @property
    def title(self) -> str:
        return words(self.tree.find(".//title"))

    @property
    def heading(self) -> str:
        return words(self.tree.find(".//h1"))

    @property
    def words(self) -> str:
        """Everything that a reader sees, as one line."""
        return words(self.tree.find(".//body"))

    @property
    def links(self) -> dict[str, str]:
        """Where each link leads, by its words."""
        return {
            words(link) or link.get("aria-label", ""): link.get("href", "")
            for link in self.tree.iter("a")
        }

    @property
    def rows(self) -> list[list[str]]:
        """The cells of the page's tables, row by row, without the heads."""
        bodies = self.tree.iter("tbody")
        return [
            [words(cell) for cell in row if cell.tag in ("td", "th")]
            for body in bodies
            for row in body.iter("tr")
        ]

    @property
    def errors(self) -> str:
        """What the page says is wrong."""
        alerts = [node for node in self.tree.iter() if node.get("role") == "alert"]
        return " ".join(words(node) for node in alerts)

    def form(self, label: str) -> "Form":
        """Return the form whose button says this."""
        for form in self.tree.iter("form"):
            buttons = [words(b) or b.get("aria-label", "") for b in form.iter("button")]
            if label in buttons:
                return Form(form, label)
        raise AssertionError(f"No form has a button {label!r}. The page says: {self.words[:600]}")

    def has_button(self, label: str) -> bool:
        return any(words(button) == label for button in self.tree.iter("button"))


@dataclass(frozen=True)
class Form:
    """A form as a browser would send it."""

    node: Element
    label: str

    @property
    def action(self) -> str:
        return self.node.get("action", "")

    @property
    def values(self) -> dict[str, str]:
        """What the form sends when nothing is changed in it."""
        values: dict[str, str] = {}
        for node in self.node.iter():
            name = node.get("name")
            if not name:
                continue
            if node.tag == "select":
                options = list(node.iter("option"))
                chosen = [o for o in options if o.get("selected") is not None] or options[:1]
                values[name] = chosen[0].get("value", "") if chosen else ""
            elif node.tag == "textarea":
                values[name] = node.text or ""
            elif node.get("type") in ("checkbox", "radio"):
                if node.get("checked") is not None:
                    values[name] = node.get("value", "on")
            elif node.tag == "button":
                if words(node) == self.label:
                    values[name] = node.get("value", "")
            else:
                values[name] = node.get("value", "")
        return values


def words(node: Element | None) -> str:
    """Return the text in a node as one line."""
    return re.sub(r"\s+", " ", " ".join(node.itertext())).strip() if node is not None else ""
