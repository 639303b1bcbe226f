(() => {
  "use strict";
  // The summary of errors is what a person must meet first.
  const meet = (root) => root.querySelector("[data-error-summary]")?.focus();
  document.addEventListener("DOMContentLoaded", () => meet(document));
  document.addEventListener("htmx:afterSettle", (event) => meet(event.detail.elt));
})();
