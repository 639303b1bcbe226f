// The keyboard: which places it can reach, in which order, and whether one sees where one is.
{
  // What Tab should stop at, in the order of the document.
  probe.stops = () => {
    const groups = new Set();
    return probe.reachable().filter((element) => {
      if (element.type !== "radio") return true;
      const group = `${element.form?.id ?? ""} ${element.name}`;
      const chosen = document.querySelector(`input[type=radio][name="${element.name}"]:checked`);
      if (groups.has(group) || (chosen && chosen !== element)) return false;
      groups.add(group);
      return true;
    });
  };

  probe.reachable = () => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, audio, video," +
    "[tabindex], [contenteditable]")].filter((element) =>
    element.tabIndex >= 0 && !element.disabled && !element.closest("[inert]") &&
    element.checkVisibility({ visibilityProperty: true }) && isOnTop(element));

  // While a dialog is modal, the rest of the page cannot be reached.
  const isOnTop = (element) => {
    const modal = document.querySelector("dialog:modal");
    return !modal || modal.contains(element);
  };

  // Tab begins again at the top, as after a page has just been opened.
  probe.toTop = () => {
    const top = document.querySelector("dialog:modal") ?? document.body;
    top.tabIndex = -1;
    top.focus();
    top.blur();
    top.removeAttribute("tabindex");
    window.scrollTo(0, 0);
  };

  // Writes down each stop, and what a person sees there once the browser has scrolled to it.
  probe.watchFocus = () => {
    probe.trail = [];
    if (!probe.unfocused) {
      probe.unfocused = new Map(probe.reachable().map((element) => [element, looksOf(element)]));
      document.addEventListener("focusin", ({ target }) => stopAt(target));
      document.addEventListener("keyup", lookAround);
      document.addEventListener("keydown", lookAround, true);
    }
  };

  const stopAt = (element) => probe.trail.push({ element, sight: null });

  const lookAround = () => {
    const last = probe.trail.at(-1);
    if (last && !last.sight && last.element === document.activeElement) {
      last.sight = sightOf(last.element);
    }
  };

  const looksOf = (element) => [null, "::before", "::after"].map((part) => {
    const style = getComputedStyle(element, part);
    return {
      outline: style.outlineStyle === "none" || isClear(style.outlineColor)
        ? 0 : parseFloat(style.outlineWidth),
      shadow: style.boxShadow,
      edge: `${style.borderColor} ${style.borderWidth}`,
    };
  });
  const isClear = (colour) => /^rgba\(.*, 0\)$|^transparent$/.test(colour);

  const isMarked = (before, now) => now.some((part, index) =>
    part.outline >= 2 || (part.shadow !== "none" && part.shadow !== before[index].shadow));

  // A mark that belongs to a control may be drawn around it, as the filter draws one.
  const isMarkedAround = (element) => {
    const around = element.parentElement;
    return around && around.matches(":focus-within") && looksOf(around)[0].outline >= 2;
  };

  const sightOf = (element) => {
    const now = looksOf(element);
    const before = probe.unfocused.get(element) ?? now;
    // Inside a control that the browser draws, such as a calendar, it draws the mark as well.
    const isDrawnByBrowser = element !== document.activeElement || !element.matches(":focus");
    return { isMarked: isDrawnByBrowser || isMarked(before, now) || isMarkedAround(element),
      isSeen: probe.isSeen(element), covered: coveredBy(element), cut: cutBy(element) };
  };

  const coveredBy = (element) => {
    const box = probe.placesOf(element)[0];
    if (!box) return "nothing of it is on the page";
    const inset = Math.min(3, box.width / 4, box.height / 4);
    const [left, right] = [box.left + inset, box.right - inset];
    const [top, bottom] = [box.top + inset, box.bottom - inset];
    const corners = [[left, top], [right, top], [left, bottom], [right, bottom]];
    // What is higher than the window cannot be seen as a whole, and of a place for text the
    // browser brings the caret into sight, not the end; the middle of what is there has to be.
    const isTall = box.height > window.innerHeight * 0.8 || element.matches("textarea");
    const visibleTop = Math.max(top, 0);
    const middle = (visibleTop + Math.min(bottom, window.innerHeight)) / 2;
    const points = [[(left + right) / 2, middle], ...(isTall ? [] : corners)];
    for (const [x, y] of points) {
      const hit = document.elementFromPoint(x, y);
      if (!hit) return `its point ${Math.round(x)}, ${Math.round(y)} is out of sight`;
      const isIts = element.contains(hit) || hit.contains(element) ||
        hit.closest("label")?.control === element;
      if (!isIts) return `covered by ${probe.nameOf(hit)}`;
    }
    return "";
  };

  // The mark lies outside the box, where a clipping place around it may cut it off.
  const cutBy = (element) => {
    const style = getComputedStyle(element);
    const reach = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
    if (style.outlineStyle === "none" || reach <= 0) return "";
    const box = element.getBoundingClientRect();
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflowX === "visible") continue;
      const place = at.getBoundingClientRect();
      const over = Math.max(place.left - box.left, box.right - place.right,
        place.top - box.top, box.bottom - place.bottom) + reach;
      if (over > 1) return `its mark is cut by ${probe.nameOf(at)}`;
    }
    return "";
  };

  // Whether the focus has left the page, or begins its round again.
  probe.isRoundDone = () => probe.trail.length > 0 &&
    (document.activeElement === document.body ||
      (probe.trail.length > 1 && document.activeElement === probe.trail[0].element));

  // Compares the way that was gone with the way through the document.
  probe.trailFindings = (isBackwards) => {
    const stops = probe.stops();
    lookAround();
    const again = probe.trail.findIndex(({ element }, index) =>
      index > 0 && element === probe.trail[0].element);
    const gone = again < 0 ? probe.trail : probe.trail.slice(0, again);
    const expected = isBackwards ? [...stops].reverse() : stops;
    const known = new Set(stops);
    for (const { element, sight } of gone) {
      if (!sight) continue;
      if (!sight.isMarked) probe.report("focus-unseen", element, "has no mark of the focus");
      if (sight.covered) probe.report("focus-covered", element, sight.covered);
      if (sight.cut) probe.report("focus-cut", element, sight.cut);
      if (!sight.isSeen) probe.report("focus-hidden", element, "takes the focus unseen");
    }
    const went = gone.map(({ element }) => element).filter((element) => known.has(element));
    // A group of answers is entered at its first from above, and at its last from below.
    const groups = new Set(gone.map(({ element }) => element.type === "radio" && element.name));
    for (const element of expected) {
      const isEntered = element.type === "radio" && groups.has(element.name);
      if (!isEntered && !went.includes(element)) probe.report("focus-skips", element, "is not reached by Tab");
    }
    const isBefore = (one, other) =>
      one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
    gone.slice(1).forEach(({ element }, index) => {
      const last = gone[index].element;
      const [first, second] = isBackwards ? [element, last] : [last, element];
      if (!isBefore(first, second)) {
        probe.report("focus-order", element, `comes after ${probe.nameOf(last)}`);
      }
    });
  };
}
