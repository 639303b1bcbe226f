(() => {
  "use strict";
  const open = (dialog) => {
    if (!dialog.open) dialog.showModal();
  };
  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close]");
    const around = closer?.closest("dialog");
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
  // A press on the backdrop lands on the dialog itself.
  document.addEventListener("mousedown", (event) => {
    if (!(event.target instanceof HTMLDialogElement) || !event.target.matches(":modal")) return;
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right &&
      event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  });
})();
