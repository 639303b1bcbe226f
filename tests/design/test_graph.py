"""The picture of the graph holds every edge, and what it shows can be read."""

import itertools
import re
from xml.etree import ElementTree as ET

from app.design.graph_layout import BOX_HEIGHT, BOX_WIDTH
from app.design.naming import group_of, slug_of
from components.change.api import find_token_uses
from components.registry import Registry
from components.tokens.read import load_tokens

REGISTRY = Registry.load()
SVG = "{http://www.w3.org/2000/svg}"


def picture(visitor, query=""):
    response = visitor.client.get(f"/design/graph.svg{query}")
    assert response.mimetype == "image/svg+xml"
    return ET.fromstring(response.text)  # noqa: S314 - our own answer


def edges_of(root):
    lines = root.iter(f"{SVG}path")
    return {(line.get("data-user"), line.get("data-used")) for line in lines}


def boxes_of(root):
    wide = (rect for rect in root.iter(f"{SVG}rect") if rect.get("rx") == "4")
    return [(float(rect.get("x")), float(rect.get("y"))) for rect in wide]


def test_picture_holds_every_edge_of_the_registry(editor):
    groups = {token.css_name: group_of(token.path) for token in load_tokens().values()}
    wanted = {
        (contract.id, used)
        for contract in REGISTRY
        for used in (*contract.depends_on, *map(groups.get, find_token_uses(contract)))
    }
    found = edges_of(picture(editor))
    assert wanted <= found
    assert ("template:record.html", "record_page") in found


def test_every_contract_has_a_box_that_leads_to_its_page(editor):
    links = {link.get("href") for link in picture(editor).iter(f"{SVG}a")}
    assert {f"/design/{slug_of(contract.id)}" for contract in REGISTRY} <= links


def test_page_has_the_same_edges_in_words(editor):
    rows = {row[0]: row for row in editor.get("/design/graph").rows}
    for contract in REGISTRY:
        named = rows[contract.id][1].lower()
        for used in contract.depends_on:
            assert used.replace("_", " ") in named, contract.id


def test_no_box_covers_another(editor):
    for (x, y), (other_x, other_y) in itertools.combinations(boxes_of(picture(editor)), 2):
        assert abs(x - other_x) >= BOX_WIDTH or abs(y - other_y) >= BOX_HEIGHT


def test_no_edge_runs_behind_a_box(editor):
    """Edges pass a column in lanes between its boxes."""
    root = picture(editor)
    boxes = boxes_of(root)
    straight = re.compile(r"([\d.]+) ([\d.]+)L([\d.]+) \2")
    for line in root.iter(f"{SVG}path"):
        for start, height, end in straight.findall(line.get("d")):
            for x, y in boxes:
                beside = float(end) <= x or float(start) >= x + BOX_WIDTH
                clear = not y < float(height) < y + BOX_HEIGHT
                assert beside or clear, line.attrib


def test_picture_is_the_same_each_time_and_has_a_theme(editor):
    light = editor.client.get("/design/graph.svg?theme=light").text
    assert light == editor.client.get("/design/graph.svg").text
    dark = editor.client.get("/design/graph.svg?theme=dark").text
    canvas = load_tokens()["color.bg.canvas"]
    assert canvas.value["hex"] in light
    assert canvas.dark["hex"] in dark


def test_picture_needs_no_style_and_no_script(editor):
    for element in picture(editor).iter():
        assert element.tag not in {f"{SVG}style", f"{SVG}script"}
        assert "style" not in element.attrib
        assert not any(name.startswith("on") for name in element.attrib)


def test_focus_leaves_its_own_edges_visible(editor):
    for line in picture(editor, "?focus=badge").iter(f"{SVG}path"):
        ends = {line.get("data-user"), line.get("data-used")}
        assert (float(line.get("stroke-opacity")) == 1) is ("badge" in ends)
