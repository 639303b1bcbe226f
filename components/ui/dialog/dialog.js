(() => {
  "use strict";
  const open = (dialog) => {
    if (dialog.popover) dialog.showPopover();
    else if (!dialog.open) dialog.showModal();
  };
  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close]");
    const around = closer?.closest("dialog");
    if (around?.popover) {
      event.preventDefault();
      around.hidePopover();
      return;
    }
    if (around?.open) {
      event.preventDefault();
      around.close();
      return;
    }
    const opener = event.target.closest("[data-opens], a[href^='#']");
    const id = opener?.dataset.opens || opener?.getAttribute("href")?.slice(1);
    const dialog = id && document.getElementById(id);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      open(dialog);
    }
  });
  // What is not modal would lie over whatever has the focus next.
  document.addEventListener("focusin", ({ target }) => {
    const shown = document.querySelector("dialog:popover-open");
    if (shown && !shown.contains(target)) shown.hidePopover();
  });
  // A press on the backdrop lands on the dialog itself.
  document.addEventListener("mousedown", (event) => {
    if (!(event.target instanceof HTMLDialogElement) || !event.target.matches(":modal")) return;
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right &&
      event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  });
})();
