(() => {
  "use strict";
  // Single letters work only while the focus is on a claim, so that they are in nobody's way.
  document.addEventListener("keydown", (event) => {
    const claim = event.target.closest("[data-claim]");
    if (!claim || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select")) return;
    const step = { j: 1, k: -1 }[event.key];
    if (step) {
      const claims = [...document.querySelectorAll("[data-claim]")];
      claims[claims.indexOf(claim) + step]?.focus();
      return;
    }
    const pressed = `[aria-keyshortcuts="${CSS.escape(event.key)}"]`;
    const main = document.getElementById("main");
    const other = [...main.querySelectorAll(pressed)].find((one) => !one.closest("[data-claim]"));
    (claim.querySelector(pressed) || other)?.click();
  });
})();
