(() => {
  "use strict";
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const input = button.parentElement.querySelector("input");
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
      button.querySelector("[data-copy-words]").textContent = "Copied";
      document.getElementById("live").textContent = "Copied.";
    } catch {
      // The value stays selected, so the keyboard's own copy works.
      document.getElementById("live").textContent = "Selected. Press Control C to copy.";
    }
  });
})();
