(() => {
  "use strict";
  const LINKS = "[data-rows] a[id^='row-']";
  // After a row's detail has arrived, its row is the current one: the row that opened it, or the
  // one that the detail names.
  document.addEventListener("htmx:afterSwap", (event) => {
    const named = event.detail.target?.id && document.getElementById(event.detail.target.id);
    const asked = event.detail.requestConfig && event.detail.requestConfig.elt;
    const source = document.getElementById(named?.dataset?.row) || asked;
    if (!source || !source.matches(LINKS)) return;
    const table = source.closest("[data-rows]");
    for (const row of table.querySelectorAll("[data-current]")) {
      row.removeAttribute("data-current");
      row.querySelector("a[aria-current]")?.removeAttribute("aria-current");
    }
    source.closest("tr").setAttribute("data-current", "");
    source.setAttribute("aria-current", "true");
  });
  // On a row, j and k go to the next and the one before, as in a list of mail.
  document.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    if (!step || !event.target.matches(LINKS) || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const links = [...event.target.closest("[data-rows]").querySelectorAll(LINKS)];
    links[links.indexOf(event.target) + step]?.focus();
  });
})();
