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
      if (keys && !keys.open) keys.showModal();
    }
  });
})();
