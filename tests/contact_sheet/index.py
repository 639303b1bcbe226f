"""Writes the sheet itself: one page of HTML over whatever pictures lie in a folder."""

from html import escape
from pathlib import Path

from tests.contact_sheet.pictures import SHOTS

STYLE = """
body { margin: 24px; font: 14px/1.5 system-ui, sans-serif; color: #1c2128; background: #e9ecf0 }
nav { columns: 6; margin-bottom: 24px } h2 { margin: 32px 0 8px } h3 { margin: 16px 0 4px }
.row { display: flex; align-items: flex-start; gap: 12px; overflow-x: auto; padding-bottom: 8px }
figure { flex: none; margin: 0 } figcaption { font-size: 12px } img { display: block;
max-height: 480px; max-width: 560px; background: #fff; box-shadow: 0 0 0 1px #b7c0ca }
"""


def write_index(folder: Path) -> Path:
    """Write `index.html` beside the pictures and return it."""
    groups: dict[str, list[Path]] = {}
    for place in sorted({picture.parent for picture in folder.glob("**/*.png")}):
        title = " / ".join(place.relative_to(folder).parts[:-1])
        groups.setdefault(title, []).append(place)
    links = "".join(f'<a href="#{escape(title)}">{escape(title)}</a><br>' for title in groups)
    body = "".join(_group(folder, title, places) for title, places in groups.items())
    index = folder / "index.html"
    index.write_text(
        f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Contact sheet</title>'
        f"<style>{STYLE}</style><h1>Contact sheet</h1><nav>{links}</nav>{body}</html>",
        "utf-8",
    )
    return index


def _group(folder: Path, title: str, places: list[Path]) -> str:
    rows = "".join(_row(folder, place) for place in places)
    return f'<h2 id="{escape(title)}">{escape(title)}</h2>{rows}'


def _row(folder: Path, place: Path) -> str:
    figures = [
        f'<figure><a href="{source}"><img src="{source}" loading="lazy" alt=""></a>'
        f"<figcaption>{theme}, {size[0]} px</figcaption></figure>"
        for theme, size in SHOTS
        if (file := place / f"{theme}-{size[0]}.png").exists()
        for source in [escape(file.relative_to(folder).as_posix())]
    ]
    return f'<h3>{escape(place.name)}</h3><div class="row">{"".join(figures)}</div>'
