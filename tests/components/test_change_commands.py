"""Who is touched by a change, and how a new node of the graph begins."""

import pytest
from flask import Flask

from components.change.impact import find_dependents, find_impact
from components.change.lock import check_lock, write_lock
from components.change.scaffold import ScaffoldError, create
from components.examples import render_example
from components.flask_ui import install
from components.lint.css import check_stylesheets
from components.lint.graph import check_graph
from components.lint.rendered import check_html
from components.registry import ROOTS
from components.structure import CAPS
from components.tokens.read import load_tokens


@pytest.fixture(scope="module")
def impact_of(app):
    def run(name):
        done = app.test_cli_runner().invoke(args=["components", "impact", "--", name])
        assert done.exit_code == 0, done.output
        return done.stdout.splitlines()

    return run


def test_impact_of_a_token_reaches_from_stylesheets_to_pages(impact_of):
    touched = impact_of("--space-4")
    for name in ("panel", "record_page", "template:record.html", "page:people.show"):
        assert name in touched
    assert "icon" in touched
    assert touched.index("panel") < touched.index("record_page") < touched.index("page:people.show")


def test_impact_of_a_component_leaves_out_what_does_not_use_it(impact_of):
    touched = impact_of("filter_bar")
    assert "index_page" in touched
    assert "audit_explorer" in touched
    assert "template:list.html" in touched
    assert "page:people.index" in touched
    assert "page:people.show" not in touched
    assert "badge" not in touched


def test_impact_of_a_pattern_is_its_pages(impact_of):
    touched = impact_of("ai_review")
    assert touched[0] == "template:summaries/show.html"
    assert "page:summaries.show" in touched
    assert all(page.startswith("page:summaries.") for page in touched[1:])


def test_impact_of_a_content_block_reaches_whatever_shows_content(registry, tmp_path):
    (tmp_path / "policy.html").write_text("{{ ui.content(blocks=blocks) }}", "utf-8")
    dependents = find_dependents(registry, [tmp_path], {"policies.show": ["policy.html"]})
    assert find_impact(dependents, "callout") == ["template:policy.html", "page:policies.show"]


def test_impact_goes_through_parents_of_templates(registry, tmp_path):
    (tmp_path / "base.html").write_text("{% call ui.page_shell(title='x') %}{% endcall %}", "utf-8")
    (tmp_path / "list.html").write_text("{% extends 'base.html' %}", "utf-8")
    touched = find_impact(find_dependents(registry, [tmp_path]), "page_shell")
    assert touched == ["template:base.html", "template:list.html"]


@pytest.mark.parametrize("name", ["bagde", "--space-99", "page:nowhere"])
def test_impact_of_an_unknown_name_is_one_clear_line(app, name):
    done = app.test_cli_runner().invoke(args=["components", "impact", "--", name])
    assert done.exit_code == 1
    assert done.stderr == f"Error: There is no contract and no token called {name!r}.\n"


def make_room(workshop, kind):
    """Take away one of a kind that nobody uses, as where the cap is not reached."""
    registry = workshop.registry()
    used = {name for contract in registry for name in contract.depends_on}
    spare = [contract.id for contract in registry.of_kind(kind) if contract.id not in used]
    workshop.remove(spare[0])
    write_lock(workshop.registry())
    workshop.commit()


@pytest.mark.parametrize("kind", CAPS)
def test_new_node_passes_every_check_as_it_is(workshop, kind, manifest):
    make_room(workshop, kind)
    files = create("reading_lamp", kind, workshop.registry(), ROOTS[kind])
    assert all(path.exists() for path in files)
    registry = workshop.registry()
    assert check_graph(registry) == []
    assert check_stylesheets(registry, load_tokens()) == []
    assert [finding.rule for finding in check_lock(registry)] == ["stale-lock"]
    app = Flask("lamps", static_folder=None)
    install(app)
    contract = registry.contracts["reading_lamp"]
    ui = app.jinja_env.globals["ui"]
    for example in contract.examples:
        html = render_example(ui, contract, example)
        assert "Reading lamp" in html
        assert check_html(html, registry, ui.assets) == []


@pytest.mark.parametrize(
    "name",
    ["Lamp", "reading-lamp", "reading lamp", "9lamp", "_lamp", "lamp_", "größe", "../lamp", ""],
)
def test_name_that_is_no_name_is_refused(registry, tmp_path, name):
    with pytest.raises(ScaffoldError, match="small letters and underscores"):
        create(name, "content_block", registry, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["badge", "index_page", "callout", "assets", "content"])
def test_name_that_is_taken_is_refused(registry, tmp_path, name):
    with pytest.raises(ScaffoldError, match="already"):
        create(name, "content_block", registry, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_there_is_not_written_into(registry, tmp_path):
    (tmp_path / "lamp").mkdir()
    with pytest.raises(ScaffoldError, match="already"):
        create("lamp", "content_block", registry, tmp_path)


@pytest.mark.parametrize("kind", CAPS)
def test_one_more_than_the_cap_is_refused(registry, tmp_path, monkeypatch, kind):
    monkeypatch.setitem(CAPS, kind, len(registry.of_kind(kind)))
    with pytest.raises(ScaffoldError, match="Fold one into another first"):
        create("lamp", kind, registry, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_refusal_of_the_command_is_one_clear_line(app):
    done = app.test_cli_runner().invoke(args=["components", "new", "badge"])
    assert done.exit_code == 1
    assert done.stderr == "Error: There is a badge already.\n"
