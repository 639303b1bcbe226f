"""Tokens: each rule catches what breaks it, by name, at its line, with a way to mend it."""

import json
from dataclasses import replace

import pytest

from components.lint.css import check_css
from components.tokens.apca import measure_lightness_contrast
from components.tokens.check import check_tokens
from components.tokens.describe import describe_tokens
from components.tokens.emit import emit_css
from components.tokens.problems import TokenError
from components.tokens.read import FOLDER, TOKEN_CAP, Deprecation, load_tokens
from components.tokens.resolver import DOCUMENT, read_resolver
from components.tokens.uses import find_uses, list_used

RESOLVER = json.loads((FOLDER / DOCUMENT).read_text())
WHITE = {"colorSpace": "srgb", "components": [1, 1, 1], "hex": "#ffffff"}
BLACK = {"colorSpace": "srgb", "components": [0, 0, 0], "hex": "#000000"}
GREY = {"colorSpace": "srgb", "components": [0.6, 0.6, 0.6], "hex": "#999999"}
FOUR = {"value": 4, "unit": "px"}


def token(kind, value, *scopes, **more):
    extensions = {"ballast.scopes": list(scopes)} | more.pop("extensions", {})
    return {
        "$type": kind,
        "$value": value,
        "$description": "What it is for.",
        "$extensions": extensions,
    } | more


def keeping(minimum=4.5, against="{color.bg}"):
    return {"extensions": {"ballast.contrast": [{"against": against, "min": minimum}]}}


def good():
    """A sound, small set of tokens; tests spoil one thing in it."""
    return {
        "$description": "Tokens of a test.",
        "color": {
            "bg": token("color", WHITE, "background"),
            "fg": token("color", BLACK, "color", **keeping()),
            "line": token("color", BLACK, "border", **keeping(3)),
        },
        "space": {"1": token("dimension", FOUR, "padding"), "2": token("dimension", FOUR, "gap")},
    }


def dark():
    return {"color": {"bg": {"$type": "color", "$value": BLACK}}}


@pytest.fixture(scope="module")
def ours():
    """The tokens of the design system itself."""
    return load_tokens()


@pytest.fixture
def folder(tmp_path):
    """Writes token files and returns their folder."""

    def write(tokens=None, theme=None, resolver=None):
        for name, content in (
            ("tokens.json", good() if tokens is None else tokens),
            ("dark.json", theme or {}),
            (DOCUMENT, resolver or RESOLVER),
        ):
            text = content if isinstance(content, str) else json.dumps(content, indent=1)
            (tmp_path / name).write_text(text)
        return tmp_path

    return write


def spoil(change):
    # Through JSON, so that no two tokens share a value.
    tokens = json.loads(json.dumps(good()))
    change(tokens)
    return tokens


def refusals(folder):
    with pytest.raises(TokenError) as refused:
        load_tokens(folder)
    assert str(refused.value)
    return refused.value.findings


def deprecate(*, said=True, **extensions):
    def change(tokens):
        tokens["space"]["1"]["$deprecated"] = said
        dotted = {f"ballast.{name}": value for name, value in extensions.items()}
        tokens["space"]["1"]["$extensions"] |= dotted

    return change


def setting(*place, to):
    """A change that writes one value into the tokens."""

    def change(tokens):
        node = tokens
        for step in place[:-1]:
            node = node[step]
        node[place[-1]] = to

    return change


def without(*place):
    def change(tokens):
        node = tokens
        for step in place[:-1]:
            node = node[step]
        del node[place[-1]]

    return change


def test_sound_tokens_are_read_with_both_themes(folder):
    tokens = load_tokens(folder(theme={"color": {"fg": {"$type": "color", "$value": GREY}}}))
    assert list(tokens) == ["color.bg", "color.fg", "color.line", "space.1", "space.2"]
    assert (tokens["color.fg"].value, tokens["color.fg"].dark) == (BLACK, GREY)
    assert tokens["color.bg"].dark == WHITE
    assert tokens["space.1"].css_name == "--space-1"


@pytest.mark.parametrize(
    ("change", "rule", "says"),
    [
        (setting("space", "1", "$value", to="4px"), "token-format", '"unit": "px" or "rem"'),
        (setting("space", "1", "$value", to=4), "token-format", "A dimension is"),
        (setting("space", "1", "$value", "unit", to="em"), "token-format", '"px" or "rem"'),
        (setting("space", "1", "$value", "value", to="4"), "token-format", "A dimension is"),
        (setting("space", "1", "$value", "step", to=1), "token-format", "unknown field 'step'"),
        (setting("space", "1", "$type", to="length"), "token-format", "dimension, duration"),
        (setting("space", "1", "$type", to="gradient"), "token-format", "Allowed: color"),
        (without("space", "1", "$type"), "token-format", "has no $type"),
        (without("space", "1", "$description"), "token-format", "has no $description"),
        (setting("space", "1", "$comment", to="x"), "token-format", "unknown field '$comment'"),
        (setting("space", "One Half", to={}), "token-format", "lower-case"),
        (setting("space", "$root", to={}), "token-format", "unknown field '$root'"),
        (setting("color", "fg", "$value", to="#000000"), "token-format", "A colour is"),
        (setting("color", "fg", "$value", "components", to=[0, 0]), "token-format", "A colour"),
        (setting("color", "fg", "$value", "components", to=[0, 0, 2]), "token-format", "0 to 1"),
        (setting("color", "fg", "$value", "colorSpace", to="hsl"), "token-format", "srgb"),
        (setting("color", "fg", "$value", "hex", to="#000"), "token-format", "#rrggbb"),
        (setting("color", "fg", "$value", "hex", to="#000001"), "hex", "#000000"),
        (
            setting("color", "fg", "$extensions", "ballast.scopes", to=["padding"]),
            "token-format",
            "accent-color, background",
        ),
        (
            setting("space", "1", "$extensions", "ballast.scopes", to=["color"]),
            "token-format",
            "padding",
        ),
        (
            setting("space", "1", "$extensions", "ballast.scopes", to=[]),
            "token-format",
            "Name the CSS properties",
        ),
        (
            setting("space", "1", "$extensions", "ballast.decorative", to="Because it is so dim."),
            "token-format",
            "Only a colour",
        ),
        (
            setting("space", "1", "$extensions", "ballast.scope", to=["gap"]),
            "token-format",
            "ballast.scopes, ballast.contrast",
        ),
        (setting("space", "1", "$value", to="{space.9}"), "alias", "space.9, no token"),
        (setting("space", "1", "$value", to="{color.fg}"), "alias", "a color"),
        (setting("space", "1", "$value", to="{space.1}"), "alias", "space.1 → space.1"),
        (
            setting("space-1", to=token("dimension", FOUR, "gap")),
            "css-name",
            "is --space-1, like space.1",
        ),
        (without("color", "fg", "$extensions", "ballast.contrast"), "contrast-promise", "text"),
        (without("color", "line", "$extensions", "ballast.contrast"), "contrast-promise", "border"),
        (
            setting("color", "hover", to=token("color", GREY, "background")),
            "contrast-promise",
            "ground that nothing promises",
        ),
        (
            setting("color", "fg", "$extensions", "ballast.contrast", 0, "min", to=3),
            "contrast-promise",
            "only 3 against color.bg",
        ),
        (
            setting("color", "fg", "$extensions", "ballast.contrast", 0, "min", to=2),
            "token-format",
            "Allowed: 3, 4.5, 7",
        ),
        (
            setting("color", "fg", "$extensions", "ballast.contrast", 0, "against", to="{color.x}"),
            "contrast-promise",
            "color.x, no such colour",
        ),
        (
            setting("color", "fg", "$extensions", "ballast.contrast", 0, "against", to="{space.1}"),
            "contrast-promise",
            "space.1, no such colour",
        ),
        (
            setting("color", "fg", "$extensions", "ballast.decorative", to="Because it is so dim."),
            "contrast-promise",
            "promises contrast and is decorative",
        ),
        (deprecate(remove_in="2.0.0"), "deprecation", "neither a replacement nor a guide"),
        (deprecate(said="Use a border."), "deprecation", "says not until when"),
        (
            deprecate(remove_in="2.0.0", replaced_by="{space.9}"),
            "deprecation",
            "replaced by space.9, no token",
        ),
        (
            deprecate(remove_in="2.0.0", replaced_by="{space.1}"),
            "deprecation",
            "which is deprecated itself",
        ),
        (
            deprecate(remove_in="2.0.0", replaced_by="{color.fg}"),
            "deprecation",
            "replaced by color.fg, a color",
        ),
        (deprecate(said=False, remove_in="2.0.0"), "deprecation", "is not deprecated"),
        (deprecate(remove_in="soon", replaced_by="{space.2}"), "token-format", "such as 2.0.0"),
        (setting("$extensions", to={"ballast.version": "1"}), "token-format", "such as 2.0.0"),
        (
            setting("$extensions", to={"ballast.changelog": {"next": "What changed."}}),
            "token-format",
            "three numbers",
        ),
        (deprecate(said=1, remove_in="2.0.0"), "token-format", "what to do instead"),
    ],
)
def test_spoiled_token_is_refused_by_rule_and_mend(folder, change, rule, says):
    (finding,) = refusals(folder(spoil(change)))
    assert finding.rule == rule
    assert says in str(finding)
    assert finding.file == "tokens.json"
    assert finding.line > 1
    assert finding.mend.endswith(".")


def test_finding_names_the_line_of_the_field(folder):
    where = folder(spoil(setting("space", "1", "$value", "unit", to="em")))
    (finding,) = refusals(where)
    lines = (where / "tokens.json").read_text().splitlines()
    assert '"unit": "em"' in lines[finding.line - 1]


def test_everything_wrong_is_said_at_once(folder):
    def change(tokens):
        tokens["space"]["1"]["$value"] = "4px"
        tokens["color"]["fg"]["$type"] = "colour"

    assert {finding.problem.partition(":")[0] for finding in refusals(folder(spoil(change)))} == {
        "space.1",
        "color.fg",
    }


def test_circle_of_aliases_is_refused_at_each_of_its_tokens(folder):
    def change(tokens):
        tokens["space"]["1"]["$value"] = "{space.2}"
        tokens["space"]["2"]["$value"] = "{space.1}"

    found = refusals(folder(spoil(change)))
    assert [finding.rule for finding in found] == ["alias", "alias"]
    assert "space.1 → space.2 → space.1" in str(found[0])


def test_alias_takes_the_value_of_each_theme(folder):
    tokens = spoil(setting("color", "line", "$value", to="{color.fg}"))
    theme = {"color": {"fg": {"$type": "color", "$value": GREY}}}
    line = load_tokens(folder(tokens, theme))["color.line"]
    assert (line.value, line.dark, line.alias) == (BLACK, GREY, "color.fg")


def test_token_after_the_cap_is_refused(folder):
    def fill(count):
        steps = {str(n): token("dimension", FOUR, "gap") for n in range(count)}
        return {"space": steps}

    assert len(load_tokens(folder(fill(TOKEN_CAP)))) == TOKEN_CAP
    (finding,) = refusals(folder(fill(TOKEN_CAP + 1)))
    assert finding.rule == "token-cap"
    assert "61 tokens, and the cap is 60" in finding.problem


@pytest.mark.parametrize(
    ("theme", "rule", "says"),
    [
        ({"color": {"hue": {"$type": "color", "$value": BLACK}}}, "override", "overrides nothing"),
        (
            {"space": {"1": {"$type": "number", "$value": 4}}},
            "override",
            "number here and a dimension",
        ),
        (
            {"color": {"fg": token("color", GREY, "color")}},
            "token-format",
            "unknown field '$description', '$extensions'",
        ),
        ({"color": {"fg": {"$type": "color", "$value": "{color.x}"}}}, "alias", "no token"),
        (
            {"color": {"fg": {"$type": "color", "$value": GREY | {"hex": "#000000"}}}},
            "hex",
            "#999999",
        ),
    ],
)
def test_theme_changes_values_of_known_tokens_and_nothing_else(folder, theme, rule, says):
    (finding,) = refusals(folder(theme=theme))
    assert (finding.file, finding.rule) == ("dark.json", rule)
    assert says in str(finding)


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("tokens.json", '{"space": ', "is not JSON"),
        ("tokens.json", '{"a": {\n}, "a": {}}', "names a twice"),
        ("tokens.json", "[]", "the file is []"),
        ("dark.json", "{'a': 1}", "is not JSON"),
    ],
)
def test_unreadable_file_is_refused(folder, file, text, says):
    where = folder()
    (where / file).write_text(text)
    (finding,) = refusals(where)
    assert finding.file == file
    assert says in finding.problem


def change_resolver(**changes):
    return json.loads(json.dumps(RESOLVER)) | changes


@pytest.mark.parametrize(
    ("changes", "rule", "says"),
    [
        ({"version": "1.0.0"}, "resolver-format", "2025.10"),
        ({"themes": {}}, "resolver-format", "unknown field 'themes'"),
        ({"sets": {}}, "resolver-format", "sets"),
        ({"sets": {"ballast": {"sources": [{"$ref": "../x.json"}]}}}, "resolver-format", "folder"),
        ({"sets": {"ballast": {"sources": [{"$ref": "other.json"}]}}}, "token-file", "missing"),
        ({"modifiers": {"density": {}}}, "resolver-format", "one modifier"),
        (
            {"modifiers": {"theme": {"contexts": {"light": []}, "default": "light"}}},
            "resolver-format",
            "no dark",
        ),
        (
            {"resolutionOrder": [{"$ref": "#/sets/ballast"}, {"$ref": "#/sets/more"}]},
            "resolver",
            "names #/sets/more, which is not there",
        ),
        (
            {"resolutionOrder": [{"$ref": "#/sets/ballast"}, {"$ref": "#/sets/more"}]},
            "resolver",
            "#/modifiers/theme is not in resolutionOrder",
        ),
    ],
)
def test_resolver_document_is_held_to_what_is_used_of_the_standard(folder, changes, rule, says):
    found = refusals(folder(resolver=change_resolver(**changes)))
    assert {finding.rule for finding in found} == {rule}
    assert any(says in str(finding) for finding in found)


def test_missing_resolver_document_is_named(tmp_path):
    (finding,) = refusals(tmp_path)
    assert (finding.file, finding.rule) == (DOCUMENT, "token-file")


def test_order_decides_which_set_wins(folder, tmp_path):
    (tmp_path / "wide.json").write_text(
        json.dumps({"space": {"1": token("dimension", {"value": 9, "unit": "px"}, "padding")}})
    )
    sets = RESOLVER["sets"] | {"wide": {"sources": [{"$ref": "wide.json"}]}}
    theme = {"$ref": "#/modifiers/theme"}
    first, last = {"$ref": "#/sets/ballast"}, {"$ref": "#/sets/wide"}
    wide = change_resolver(sets=sets, resolutionOrder=[first, last, theme])
    narrow = change_resolver(sets=sets, resolutionOrder=[last, first, theme])
    assert load_tokens(folder(resolver=wide))["space.1"].value == {"value": 9, "unit": "px"}
    assert load_tokens(folder(resolver=narrow))["space.1"].value == FOUR


def test_unknown_theme_is_refused_by_name():
    resolver = read_resolver(FOLDER)
    with pytest.raises(ValueError, match=r"no theme 'sepia'\. Known: light, dark"):
        resolver.resolve("sepia")
    assert resolver.resolve().keys() == resolver.resolve("dark").keys()


def test_our_tokens_keep_every_rule(registry, ours):
    assert check_tokens(ours, registry) == []


def test_missed_contrast_is_found_in_the_theme_where_it_is_missed(folder, registry):
    tokens = load_tokens(folder(theme=dark()))
    found = [f for f in check_tokens(tokens, registry) if f.rule == "contrast"]
    assert [(f.problem, f.mend) for f in found] == [
        ("color.fg on color.bg is 1.00:1 in dark", "It promises 4.5:1."),
        ("color.line on color.bg is 1.00:1 in dark", "It promises 3.0:1."),
    ]
    assert [f.line for f in found] == [tokens["color.fg"].line, tokens["color.line"].line]


def test_token_that_no_stylesheet_uses_is_an_orphan(registry, ours):
    lost = replace(ours["space.1"], path="space.99", line=7)
    (finding,) = check_tokens({**ours, "space.99": lost}, registry)
    assert (finding.rule, finding.line) == ("orphan-token", 7)
    assert "space.99 is used by no stylesheet" in finding.problem


def leaving(tokens, path, **more):
    way_out = Deprecation(remove_in="2.0.0", **(more or {"replaced_by": "space.2"}))
    return {**tokens, path: replace(tokens[path], deprecated=way_out)}


@pytest.mark.parametrize(
    ("release", "fails"), [("1.9.9", False), ("2.0.0", True), ("10.0.0", True)]
)
def test_use_of_a_deprecated_token_is_a_note_until_its_release(registry, ours, release, fails):
    css = ".ds-badge { padding: var(--space-1); }"
    badge = registry.contracts["badge"]
    (finding,) = check_css(css, badge, registry, leaving(ours, "space.1"), release)
    assert (finding.rule, finding.fails) == ("deprecated-token", fails)
    assert finding.problem == "--space-1 is deprecated and goes in 2.0.0"
    assert finding.mend == "Use var(--space-2)."


def test_guide_stands_in_where_no_token_replaces_one(registry, ours):
    tokens = leaving(ours, "space.1", guide="Use a grid.")
    css = ".ds-badge { padding: var(--space-1); }"
    (finding,) = check_css(css, registry.contracts["badge"], registry, tokens, "1.0.0")
    assert finding.mend == "Use a grid."


def test_token_that_should_be_gone_is_a_failure_by_itself(registry, ours):
    tokens = leaving(ours, "space.1")
    assert check_tokens(tokens, registry, "1.0.0") == []
    (finding,) = check_tokens(tokens, registry, "2.0.0")
    assert (finding.rule, finding.fails, finding.mend) == ("deprecated-token", True, "Remove it.")


def test_alias_of_a_deprecated_token_is_noted(registry, ours):
    tokens = leaving(ours, "color.accent.emphasis", replaced_by="color.accent.hover")
    found = check_tokens(tokens, registry, "1.0.0")
    assert {finding.rule for finding in found} == {"deprecated-token"}
    assert not any(finding.fails for finding in found)
    assert any("color.fg.link takes its value from" in finding.problem for finding in found)


def test_deprecation_is_read_from_the_file(folder):
    change = deprecate(
        said="Spacing has one step.",
        remove_in="2.0.0",
        replaced_by="{space.2}",
        deprecated_since="1.4.0",
    )
    found = load_tokens(folder(spoil(change)))["space.1"].deprecated
    assert found.mend == "Use var(--space-2). Spacing has one step."
    assert found.since == "1.4.0"
    assert not found.is_due("1.10.0")
    assert found.is_due("2.0.0")


@pytest.mark.parametrize(
    ("css", "rule"),
    [
        (".ds-badge { padding: var(--space-8); }", "token"),
        (".ds-badge { padding: var(--space-1, 4px); }", "token"),
        (".ds-badge { padding: var(--spacing-1); }", "token"),
        (".ds-badge { margin: var(--radius-control); }", "scope"),
        (".ds-badge { background: var(--focus-ring); }", "token"),
        (".ds-badge { background: var(--color-focus-ring); }", "scope"),
        (".ds-badge { color: var(--color-border-default); }", "scope"),
        (".ds-badge { color: var(--color-accent-emphasis); }", "scope"),
        (".ds-badge { border-width: var(--color-border-default); }", "scope"),
        (".ds-badge { border-color: var(--border-width-thin); }", "scope"),
        (".ds-badge { border-radius: var(--border-width-focus); }", "scope"),
        (".ds-badge { border-start-end-radius: var(--border-width-focus); }", "scope"),
        (".ds-badge { background-size: var(--color-bg-canvas); }", "scope"),
        (".ds-badge { transition-property: var(--motion-fast); }", "scope"),
        (".ds-badge { margin: calc(2 * var(--size-control)); }", "scope"),
        (".ds-badge { font-weight: bold; }", "raw-keyword"),
        (".ds-badge { font-size: larger; }", "raw-keyword"),
        (".ds-badge { font-family: monospace; }", "raw-keyword"),
        ('.ds-badge { font-family: "Arial"; }', "raw-keyword"),
        (".ds-badge { line-height: normal; }", "raw-keyword"),
        (".ds-badge { border: thick solid; }", "raw-keyword"),
        (".ds-badge { color: GrayText; }", "raw-colour"),
        (".ds-badge { transition: color 2s; }", "raw-length"),
    ],
)
def test_stylesheet_gets_round_no_token(registry, ours, css, rule):
    found = check_css(css, registry.contracts["badge"], registry, ours)
    assert rule in {finding.rule for finding in found}


@pytest.mark.parametrize(
    "css",
    [
        ".ds-badge { border-start-start-radius: var(--radius-control); }",
        ".ds-badge { border-inline-start: var(--border-width-thin) solid transparent; }",
        ".ds-badge { border-inline-start-color: var(--color-border-default); }",
        ".ds-badge { min-block-size: var(--size-target-min); }",
        ".ds-badge { outline-offset: var(--border-width-focus); }",
        ".ds-badge { font-family: inherit; z-index: auto; }",
        "@media (forced-colors: active) { .ds-badge { color: GrayText; } }",
    ],
)
def test_stylesheet_may_use_tokens_where_they_belong(registry, ours, css):
    assert check_css(css, registry.contracts["badge"], registry, ours) == []


def test_unknown_token_comes_with_the_nearest_one(registry, ours):
    css = ".ds-badge {\n  padding: var(--spce-1);\n}"
    (finding,) = check_css(css, registry.contracts["badge"], registry, ours)
    assert finding.line == 2
    assert "Did you mean '--space-1'?" in finding.problem


def test_uses_are_found_wherever_var_stands():
    css = """
    /* var(--not-me) */
    .a { margin: calc(var(--space-1) * -1) max(0px, var( --space-2 )); }
    @media print { .a[b="var(--nor-me)"] { color: VAR(--color-fg-default, var(--space-3)); } }
    """
    assert list_used(css) == {"--space-1", "--space-2", "--space-3", "--color-fg-default"}


def test_every_token_is_used_and_its_users_are_known(registry, ours):
    uses = find_uses(registry)
    assert {token.css_name for token in ours.values()} <= uses.keys()
    assert "badge" in uses["--font-size-xs"]
    assert list(uses["--font-size-xs"]) == sorted(uses["--font-size-xs"])


# Text, background and Lc, as published with the formula.
PUBLISHED = [
    ("888888", "ffffff", 63.056469930209424),
    ("ffffff", "888888", -68.54146436644962),
    ("000000", "aaaaaa", 58.146262578561334),
    ("aaaaaa", "000000", -56.24113336839742),
    ("112233", "ddeeff", 91.66830811481631),
    ("ddeeff", "112233", -93.06770049484275),
    ("112233", "444444", 8.32326136957393),
    ("444444", "112233", -7.526878460278154),
    ("ffffff", "ffffff", 0.0),
]


def channels(digits):
    return tuple(int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))


@pytest.mark.parametrize(("text", "background", "expected"), PUBLISHED)
def test_lightness_contrast_is_the_published_one(text, background, expected):
    measured = measure_lightness_contrast(channels(text), channels(background))
    assert measured == pytest.approx(expected, abs=1e-9)


def test_page_gets_everything_about_a_token(registry, ours):
    facts = {facts.path: facts for facts in describe_tokens(ours, registry)}
    link = facts["color.fg.link"]
    assert (link.group, link.css_name, link.type) == ("color.fg", "--color-fg-link", "color")
    assert (link.light, link.dark, link.changes) == ("#0b57c2", "#9ccaff", True)
    assert link.alias == "color.accent.emphasis"
    assert "color.fg.link" in facts["color.accent.emphasis"].aliases
    assert "menu" in link.used_by
    assert link.deprecated is None
    on_canvas = next(pair for pair in link.promises if pair.background == "color.bg.canvas")
    assert on_canvas.kept
    assert on_canvas.light.ratio == pytest.approx(6.65, abs=0.01)
    assert on_canvas.dark.lightness_contrast < 0 < on_canvas.light.lightness_contrast
    assert on_canvas in facts["color.bg.canvas"].carries
    assert facts["space.1"].light == facts["space.1"].dark == "4px"
    assert facts["color.border.default"].decorative


def test_themes_reach_the_browser_with_aliases_followed(ours):
    css = emit_css(ours)
    light, dark_rule = css.split("\n")[:2]
    assert "--color-fg-link:#0b57c2;" in light
    assert "--color-fg-link:#9ccaff;" in dark_rule
    assert ":{" not in css
