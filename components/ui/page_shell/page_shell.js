(() => {
  "use strict";
  const root = document.documentElement;
  const typing = (element) =>
    element.matches("input, textarea, select, [contenteditable]");

  // Every htmx request proves that it comes from our own page.
  document.addEventListener("htmx:configRequest", (event) => {
    const meta = document.querySelector("meta[name='csrf-token']");
    if (meta) event.detail.headers["X-CSRFToken"] = meta.content;
  });

  // Whoever pressed something inside a part that is replaced stays there: on the same thing when
  // it is still there (htmx finds it by its id), else on the part itself.
  let heldFocus = false;
  document.addEventListener("htmx:beforeSwap", (event) => {
    heldFocus = event.detail.target.contains(document.activeElement);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const lost = document.activeElement === document.body || !document.activeElement;
    const part = event.detail.elt;
    if (!heldFocus || !lost || part.matches("[data-drawer]")) return;
    part.setAttribute("tabindex", "-1");
    part.focus({ preventScroll: true });
  });

  // An error's partial has no container of its own, so it goes inside the one that asked.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status < 400) return;
    event.detail.swapOverride = "innerHTML";
    event.detail.selectOverride = "unset";
  });

  let waiting = 0;
  const count = (step) => {
    waiting = Math.max(0, waiting + step);
    root.toggleAttribute("data-busy", waiting > 0);
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.detail.elt.hasAttribute("hx-trigger")) count(1);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.elt.hasAttribute("hx-trigger")) count(-1);
  });

  const announce = (words) => {
    const live = document.getElementById("live");
    if (live && words) live.textContent = words;
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    const found = event.detail.elt.closest("[data-announce]") ||
      event.detail.elt.querySelector("[data-announce]");
    announce(found?.dataset.announce);
  });
  document.addEventListener("htmx:sendError", () => {
    announce("The network did not answer. Nothing was changed; try again.");
  });

  // Menus are plain disclosures; a press elsewhere or Escape closes them.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-dismiss][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      const menu = event.target.closest("details[data-dismiss][open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
        event.preventDefault();
      }
    } else if (event.key === "?" && !typing(event.target)) {
      const keys = document.getElementById("keys");
      if (keys && !keys.matches(":popover-open")) keys.showPopover();
    }
  });
})();
// How long people wait. The answer's Server-Timing header names its route and where to report;
// a page that is told no place, or is an example inside another page, measures nothing.
(() => {
  "use strict";
  const [page] = performance.getEntriesByType("navigation");
  const told = (name) =>
    page?.serverTiming?.find((timing) => timing.name === name)?.description;
  const address = told("field-data");
  const route = told("route");
  if (!address || !route || self !== top) return;

  const MOST = 16;
  const waiting = [];
  const seen = new Set();
  // Of what somebody acted on, only whose it is: classes are ours, ids and words may be theirs.
  const owned = (node) => {
    for (let at = node; at; at = at.parentNode) {
      const name = [...(at.classList || [])].find((one) => one.startsWith("ds-"));
      if (name) return name;
    }
    return "";
  };
  const keep = (metric, value, of, navigation, name) => {
    if (waiting.length === MOST) return;
    value = Math.round(value * 1e4) / 1e4;
    waiting.push({ metric, value, route: of, navigation, class: name || undefined });
  };
  const measure = ({ id, name, value, navigationType, attribution }) => {
    // Once a page view: a value that grows after a look at another tab is not a second view.
    if (seen.has(id)) return;
    seen.add(id);
    keep(name, value, route, navigationType,
      attribution.interactionTarget ?? attribution.largestShiftTarget ?? attribution.target);
  };
  const { onCLS, onFCP, onINP, onLCP, onTTFB } = webVitals;
  for (const on of [onCLS, onFCP, onINP, onLCP, onTTFB]) on(measure, { generateTarget: owned });

  // A swap is no navigation, so it is timed by itself; what nobody pressed is not waited for.
  const begun = new WeakMap();
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (!detail.elt.hasAttribute("hx-trigger")) {
      begun.set(detail.xhr, { at: performance.now(), name: owned(detail.elt) });
    }
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const swap = begun.get(detail.xhr);
    if (!swap) return;
    begun.delete(detail.xhr);
    const header = detail.xhr.getResponseHeader("Server-Timing") || "";
    const [, of] = header.match(/route;desc="([^"\\]+)"/) || [];
    if (of) keep("SWAP", performance.now() - swap.at, of, "swap", swap.name);
  });

  // The library listens on the document first, so its last values are here by then. No cookies:
  // whoever is signed in is not part of the report.
  addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !waiting.length) return;
    const device = matchMedia("(min-width: 48rem)").matches ? "desktop" : "phone";
    fetch(address, {
      method: "POST",
      body: JSON.stringify({ device, measurements: waiting.splice(0) }),
      credentials: "omit",
      headers: { "Content-Type": "application/json" },
      keepalive: true,
    }).catch(() => {});
  });
})();
