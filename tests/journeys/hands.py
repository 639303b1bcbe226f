"""Two ways to use the product that must both lead to everything: no mouse, and no scripts."""

from collections.abc import Callable
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

from tests.browser.probes import bring_probes
from tests.journeys.product import PASSWORD

# More stops than any page of a journey has.
MOST_STOPS = 150
# How far it should be, so that it need not be asked at every stop.
STOPS_BETWEEN = """target => {
    const stops = probe.stops();
    const [here, there] = [document.activeElement, target].map((stop) => stops.indexOf(stop));
    return there < 0 ? 0 : there >= here ? there - here : stops.length - here + there;
}"""
HAS_FOCUS = "element => element === document.activeElement"
# A browser that complains fails the test, so nothing can be pressed with the mouse after all.
NO_MOUSE = "document.addEventListener('pointerdown', () => console.error('A mouse!'), true)"


class Hands(Protocol):
    """Somebody at a browser. Places are found by role and label, as everywhere."""

    name: str
    page: Page

    def press(self, place: Locator) -> None:
        """Follow a link, press a button, open a menu."""

    def write(self, place: Locator, text: str) -> None:
        """Fill in a box."""

    def choose(self, place: Locator, words: str) -> None:
        """Choose from a list what begins with these words."""

    def tick(self, place: Locator) -> None:
        """Change a box to tick, or take one of several answers."""


class KeyboardHands:
    """Goes from stop to stop with Tab, and never touches a mouse."""

    name = "keyboard"
    runs_scripts = True

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(NO_MOUSE)

    def press(self, place: Locator) -> None:
        self._go_to(place)
        self.page.keyboard.press("Enter")

    def write(self, place: Locator, text: str) -> None:
        self._go_to(place)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, place: Locator, words: str) -> None:
        self._go_to(place)
        self.page.keyboard.type(words)

    def tick(self, place: Locator) -> None:
        self._go_to(place)
        self.page.keyboard.press("Space")

    def _go_to(self, place: Locator) -> None:
        expect(place).to_be_visible()
        target = place.element_handle()
        bring_probes(self.page)
        for _ in range(self.page.evaluate(STOPS_BETWEEN, target)):
            self.page.keyboard.press("Tab")
        for _ in range(MOST_STOPS):
            if target.evaluate(HAS_FOCUS):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{MOST_STOPS} times Tab do not reach {place}.")


class ScriptlessHands:
    """Uses a mouse, in a browser that runs no script."""

    name = "no-scripts"
    runs_scripts = False

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, place: Locator) -> None:
        place.click()

    def write(self, place: Locator, text: str) -> None:
        place.fill(text)

    def choose(self, place: Locator, words: str) -> None:
        option = place.locator("option").filter(has_text=words).first
        place.select_option(option.get_attribute("value"))

    def tick(self, place: Locator) -> None:
        place.click()


Somebody = Callable[..., Hands]
WAYS = (KeyboardHands, ScriptlessHands)


def sign_in(hands: Hands, email: str) -> None:
    """Sign in by hand, and not with the cookies of an earlier journey."""
    hands.page.goto("/sign-in")
    hands.write(hands.page.get_by_label("Work email"), email)
    hands.write(hands.page.get_by_label("Password"), PASSWORD)
    hands.press(hands.page.get_by_role("button", name="Sign in"))
    expect(hands.page.get_by_role("heading", level=1)).to_have_text("Overview")


def go_to(hands: Hands, place: str) -> None:
    """Use the navigation at the side."""
    hands.press(hands.page.get_by_role("navigation").get_by_role("link", name=place))


def button(hands: Hands, name: str) -> Locator:
    """Return the button that reads exactly so."""
    return hands.page.get_by_role("button", name=name, exact=True)


def link(hands: Hands, name: str) -> Locator:
    """Return the link that reads exactly so."""
    return hands.page.get_by_role("link", name=name, exact=True)
