"""Pages with one mistake each, and the rule that has to find it."""

HEAD = """<!doctype html><html lang="en-GB"><head><title>Bad</title><style>
body { margin: 20px; font: 16px sans-serif } .box { border: 1px solid; width: 120px }
:focus-visible { outline: 2px solid blue; outline-offset: 1px } button { min-height: 32px }
.at { position: absolute } .layer { position: fixed; z-index: 1 }
td { text-align: right; font-variant-numeric: tabular-nums }
</style></head><body>"""
NOWRAP, LONG = "white-space: nowrap", "A sentence that is much longer than its place is wide."
MENU = "<details data-dismiss><summary>Menu</summary><a class=at href='?'>Open</a></details>"
TABLE = "<table><tr><td class=num>1</td></tr><tr><td class=num {0}>22</td></tr></table>"

LAYOUT = {
    "sideways": "<div style='width: 2000px; height: 1px'></div>",
    "out-of-window": "<p class=at style='left: -30px'>Half of this is gone</p>",
    "clipped": f"<p style='width: 90px; overflow: hidden; {NOWRAP}'>{LONG}</p>",
    "clipped, below": f"<p style='width: 90px; height: 20px; overflow: hidden'>{LONG}</p>",
    "clipped, with dots and no title": (
        f"<p style='width: 90px; overflow: hidden; text-overflow: ellipsis; {NOWRAP}'>{LONG}</p>"
    ),
    "clipped, in an empty box": f"<input aria-label=Box size=9 placeholder='{LONG}'>",
    "clipped, in a list": f"<select style='width: 90px'><option>{LONG}</option></select>",
    "scrolls-inside": f"<p tabindex=0 style='overflow: auto; width: 90px; {NOWRAP}'>{LONG}</p>",
    "sticks-out": f"<div class=box><p style='{NOWRAP}'>{LONG}</p></div>",
    "sticks-out, a control": "<div class=box><button style='width: 160px'>Save</button></div>",
    "sticks-out, below": "<div class=box style='height: 30px'><br><br>Below the box</div>",
    "overlap": "<button>Save</button><button style='margin-left: -20px'>Remove</button>",
    "text-overlap": "<p>One line of words</p><p style='margin-top: -30px'>Another line of it</p>",
    "target": "<button style='min-height: 12px; font-size: 8px; padding: 0'>A</button>" * 2,
    "numbers": TABLE.format("style='text-align: left'"),
    "numbers, of many widths": TABLE.format("style='font-variant-numeric: normal'"),
    "numbers, ragged": TABLE.format("style='padding-right: 20px'"),
}

FORCED_COLOURS = {
    "forced-colours, no edge": (
        "<style>button { border: 0; background: navy; color: white }</style><button>Save</button>"
    ),
    "forced-colours, edge as the ground": (
        "<style>@media (forced-colors: active) { button { forced-color-adjust: none;"
        " border-color: Canvas } }</style><button>Save</button>"
    ),
    "forced-colours, current by its ground alone": (
        "<style>a { color: #000 } [aria-current] { background: yellow }</style><nav>"
        "<a class=tab href='?1' aria-current=page>One</a><a class=tab href='?2'>Two</a></nav>"
    ),
    "forced-colours, bar": (
        "<style>@media (forced-colors: active) { rect { fill: Canvas } }</style>"
        "<svg width=40 height=40><rect width=9 height=30 fill=navy></rect></svg>"
    ),
}

MOTION = {
    "motion": (
        "<style>@keyframes turn { to { rotate: 360deg } }"
        " p { animation: turn 9s infinite }</style><p>Loading</p>"
    ),
    "motion, when it takes the focus": (
        "<style>a { transition: color 9s } a:focus { color: red }</style><a href='?'>One</a>"
    ),
}

TAB = {
    "focus-order": "<a href='?1'>One</a> <a href='?2' tabindex=2>Two</a>",
    "focus-unseen": "<style>a:focus-visible { outline: 0 }</style><a href='?'>One</a>",
    "focus-covered": (
        "<div class=layer style='inset: 0; background: #fff'>Over it</div><a href='?'>One</a>"
    ),
    "focus-hidden": "<a href='?' style='position: absolute; clip-path: inset(50%)'>One</a>",
    "focus-cut": ("<div style='overflow: hidden'><a href='?' style='display: block'>One</a></div>"),
    "focus-skips": "<a href='?1'>One</a><a href='?2' onfocus='this.blur()'>Two</a>",
    "focus-trap": (
        "<a href='?1'>One</a><div onkeydown=\"if (event.key === 'Tab') event.preventDefault()\">"
        "<button>Two</button></div>"
    ),
}

SKIP_LINK = {
    "skip-link": "<nav><a href='?1'>One</a></nav><main tabindex=-1>Words</main>",
    "skip-link, to nowhere": "<a href='#away'>Skip</a><main>Words</main>",
    "skip-link, that goes on outside": (
        "<a href='#main'>Skip</a><nav id=main><main tabindex=-1 id=m>"
        "<a href='?1' onfocus='far.focus()'>One</a></main></nav><a id=far href='?2'>Two</a>"
        "<script>document.querySelector('[href=\"#main\"]').onclick = () => m.focus()</script>"
    ),
}

SHORTCUTS = {
    "slash": "<form data-filter><input type=search aria-label=Filter></form>",
    "question-mark": "<dialog id=keys>Keys</dialog>",
}

OVERLAYS = {
    "escape": MENU,
    "escape, without giving the focus back": (
        f"{MENU}<script>document.onkeydown = (event) => {{ if (event.key === 'Escape')"
        " { document.querySelector('details').open = false; document.activeElement.blur(); } }"
        "</script>"
    ),
    "dialog-focus": (
        "<button data-opens=d onclick='d.show(); this.focus()'>Open</button><dialog id=d>Words"
        "</dialog>"
    ),
    "sticks-out, of an open menu": (
        "<details data-dismiss><summary>Menu</summary><div class='box at'>"
        f"<p style='{NOWRAP}'>{LONG}</p></div></details>"
    ),
}

DRAWER = {
    "drawer-focus": (
        "<table data-rows><tbody><tr><th><a id=r href='?' hx-target='#d' onclick='return false'>"
        "Row</a></th></tr></tbody></table><aside id=d data-drawer></aside>"
    ),
}

# What htmx would do, in a few words: the probes only see what comes of it.
_SWAP = """<main><form data-filter hx-get="?"><input type=search aria-label=Filter>
<button>Go</button></form><table data-rows><tbody><tr><td>One</td></tr></tbody></table></main>
<p id=live></p><script>const elt = document.forms[0]; elt.onsubmit = () => {{ {0};
elt.dispatchEvent(new CustomEvent("htmx:afterSettle", {{bubbles: true, detail: {{requestConfig:
{{elt}}}}}})); return false }}</script>"""
SWAPS = {
    "swap": _SWAP.format("return false"),
    "focus-lost": _SWAP.format("live.textContent = '1 event'; document.activeElement.blur()"),
    "announcement": _SWAP.format("live.textContent = 'Here you are'"),
    "announcement, of another number": _SWAP.format("live.textContent = '7 events'"),
}
