(() => {
  "use strict";
  let opener = null;

  document.addEventListener("htmx:beforeRequest", (event) => {
    const source = event.detail.elt;
    if (event.detail.target?.matches("[data-drawer]") && source.id) opener = source.id;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const drawer = event.detail.elt;
    if (!drawer.matches("[data-drawer]")) return;
    const title = drawer.querySelector("h2");
    if (title) {
      if (drawer.dataset.row) opener = drawer.dataset.row;
      title.focus();
      return;
    }
    // The drawer is gone: the focus goes back to the row it came from, which is the one that is
    // marked where the address itself has opened it.
    const marked = document.querySelector("[data-rows] a[aria-current]");
    const row = document.getElementById(opener) || marked || document.getElementById("main");
    const tableRow = row.closest("[data-current]");
    tableRow?.removeAttribute("data-current");
    row.removeAttribute("aria-current");
    row.focus();
  });

  // Single letters work only while the focus is inside, so that they are in nobody's way.
  document.addEventListener("keydown", (event) => {
    const drawer = event.target.closest("[data-drawer]");
    if (!drawer || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select")) return;
    drawer.querySelector(`[aria-keyshortcuts="${CSS.escape(event.key)}"]`)?.click();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (document.querySelector("dialog:is([open], :popover-open)")) return;
    if (event.target.matches("input, textarea, select")) return;
    const close = document.querySelector("[data-drawer] [data-drawer-close]");
    close?.click();
  });
})();
