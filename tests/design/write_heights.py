"""Measure how high each example is and write it down: python -m tests.design.write_heights.

A frame of the gallery cannot know how high the page in it will be. With the heights written down,
nothing on the page moves while its frames arrive. Measured in Chromium at each width of the
gallery, in the light theme: the dark one changes colours only.
"""

import json
import logging

from flask import Flask
from playwright.sync_api import Browser

from app.design.example_pages import HEIGHTS_FILE, WIDTHS, Heights, render_document
from components.contract import Contract
from components.flask_ui import install
from tests.support.chromium import open_chromium
from tests.support.live_app import serving

LEAST = 40
# Fonts differ a little between machines.
SLACK = 8
HEIGHT = "document.documentElement.scrollHeight"


def build_app() -> tuple[Flask, list[Contract]]:
    """Return an app with nothing but the examples, and the contracts."""
    app = Flask(__name__, static_folder=None)
    registry = install(app)

    @app.get("/<name>/<int:number>")
    def example(name: str, number: int):
        contract = registry.contracts[name]
        return render_document(contract, contract.examples[number], "light")

    return app, sorted(registry, key=lambda contract: contract.id)


def measure(browser: Browser, address: str, contracts: list[Contract]) -> Heights:
    """Return the height of every example at every width, in CSS pixels."""
    heights: Heights = {}
    for width in WIDTHS:
        # As low as can be: what fills its window says nothing about its content.
        context = browser.new_context(viewport={"width": width, "height": LEAST})
        page = context.new_page()
        for contract in contracts:
            for number, example in enumerate(contract.examples):
                page.goto(f"{address}/{contract.id}/{number}")
                found = heights.setdefault(contract.id, {}).setdefault(example.name, {})
                found[str(width)] = page.evaluate(HEIGHT) + SLACK
        context.close()
    return heights


def main() -> None:
    """Write the file anew."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app, contracts = build_app()
    with serving(app) as address, open_chromium() as browser:
        heights = measure(browser, address, contracts)
    lines = [f"{json.dumps(name)}: {json.dumps(found)}" for name, found in heights.items()]
    HEIGHTS_FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
