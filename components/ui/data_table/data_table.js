(() => {
  "use strict";
  // After a row's detail has arrived, the row that opened it is the current one.
  document.addEventListener("htmx:afterSwap", (event) => {
    const source = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (!source || !source.matches("[data-rows] a[id^='row-']")) return;
    const table = source.closest("[data-rows]");
    for (const row of table.querySelectorAll("[data-current]")) {
      row.removeAttribute("data-current");
      row.querySelector("a[aria-current]")?.removeAttribute("aria-current");
    }
    source.closest("tr").setAttribute("data-current", "");
    source.setAttribute("aria-current", "true");
  });
})();
