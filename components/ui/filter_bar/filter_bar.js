(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    const input = document.querySelector("[data-filter] input[type='search']");
    if (!input || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      input.focus();
      input.select();
    } else if (event.key === "Backspace" && event.target === input && input.value === "") {
      const chips = input.form.querySelectorAll("a[aria-label^='Remove filter']");
      chips[chips.length - 1]?.click();
    }
  });
  // Chips and typed words travel as one query, so the address stays short and canonical.
  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches("[data-filter]")) return;
    const words = new FormData(form).getAll("q").map((part) => part.trim()).filter(Boolean);
    event.detail.parameters["q"] = words.join(" ");
  });
})();
