// Dragging over bars chooses the time from the first to the last of them: it fills in the form
// that stands above the table, so that both ways lead to the same address.
(() => {
  "use strict";
  let drag = null;

  const barUnder = (event) => {
    const { left, width } = drag.plot.getBoundingClientRect();
    const at = Math.floor(((event.clientX - left) / width) * drag.bars);
    return Math.min(Math.max(at, 0), drag.bars - 1);
  };

  const show = (from, to) => {
    const [brush, slot] = [drag.plot.querySelector(".ds-histogram__brush"), 100 / drag.bars];
    brush.setAttribute("x", `${from * slot}%`);
    brush.setAttribute("width", `${(to - from + 1) * slot}%`);
    drag.form.elements.from.selectedIndex = from;
    drag.form.elements.to.selectedIndex = to;
    if (!drag.words) return;
    const { from: start, to: end } = drag.form.elements;
    drag.words.textContent = `${start.options[from].text} → ${end.options[to].text}`;
  };

  const leave = () => {
    if (drag.words) drag.words.textContent = drag.told;
    drag.plot.querySelector(".ds-histogram__brush").setAttribute("width", "0");
    drag.form.reset();
    drag = null;
  };

  document.addEventListener("pointerdown", (event) => {
    const plot = event.target.closest("[data-brush]");
    if (!plot || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const figure = plot.closest("figure");
    const words = figure.querySelector("[data-brush-words]");
    drag = { plot, bars: Number(plot.dataset.brush), form: figure.querySelector("form"), words,
      told: words?.textContent, isWide: false };
    drag.from = barUnder(event);
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const at = barUnder(event);
    if (!drag.isWide) {
      if (at === drag.from) return;
      // From here on it is no press on a bar any more, and what is released follows no link.
      drag.isWide = true;
      drag.plot.setPointerCapture(event.pointerId);
      // Longer words take another line, and no room from the picture under the pointer.
      if (drag.words) drag.words.style.inlineSize = `${drag.words.offsetWidth}px`;
    }
    show(Math.min(at, drag.from), Math.max(at, drag.from));
  });

  document.addEventListener("pointerup", () => {
    if (drag?.isWide) drag.form.requestSubmit();
    drag = null;
  });
  document.addEventListener("pointercancel", () => drag && leave());
  // Pressing a bar neither picks up its link nor leaves the focus on it.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest("[data-brush]")) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag) return;
    event.preventDefault();
    leave();
  }, true);
})();
