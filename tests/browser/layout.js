// Layout: nothing leaves its place, covers another, or is cut off. One pixel is rounding.
{
  const SLACK = 1;
  const meets = (one, other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > SLACK &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > SLACK;

  probe.layout = () => {
    window.scrollTo(0, 0);
    const texts = probe.texts();
    const controls = probe.seen(probe.INTERACTIVE).filter((e) => !e.closest("svg"));
    sideways();
    for (const element of document.body.querySelectorAll("*")) {
      if (element.closest("svg") && element.localName !== "svg") continue;
      if (!probe.isSeen(element)) continue;
      outOfWindow(element);
      cutOff(element);
    }
    for (const { element, boxes } of texts) boxes.forEach((box) => sticksOut(element, box, true));
    for (const element of controls) sticksOut(element, element.getBoundingClientRect(), false);
    overlaps(controls.map((element) => ({ element, boxes: probe.placesOf(element) })), "overlap");
    overlaps(texts, "text-overlap");
    hints();
  };

  const sideways = () => {
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) {
      probe.report("sideways", page, `is ${page.scrollWidth} px wide in ${page.clientWidth} px`);
    }
  };

  // Whether a scrolling or clipping place between the element and the page holds it back.
  const isHeldBack = (element) => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== "visible") return true;
    }
    return false;
  };

  const outOfWindow = (element) => {
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height || isHeldBack(element)) return;
    const over = Math.max(box.right - document.documentElement.clientWidth, -box.left);
    if (over > SLACK) probe.report("out-of-window", element, `by ${Math.round(over)} px`);
  };

  const cutOff = (element) => {
    const style = getComputedStyle(element);
    if (element.matches("input, textarea, select, progress, iframe")) return;
    const wide = element.scrollWidth - element.clientWidth;
    const high = element.scrollHeight - element.clientHeight;
    const hides = (value) => value === "hidden" || value === "clip";
    if (hides(style.overflowX) && wide > SLACK) {
      const isToldElsewhere = style.textOverflow === "ellipsis" && element.closest("[title]");
      if (!isToldElsewhere) probe.report("clipped", element, `${wide} px of its width are hidden`);
    }
    if (hides(style.overflowY) && high > SLACK) {
      probe.report("clipped", element, `${high} px of its height are hidden`);
    }
    const scrolls = ["auto", "scroll"].includes(style.overflowX) && wide > SLACK;
    if (scrolls && !element.matches(probe.onPurpose)) {
      probe.report("scrolls-inside", element, `${wide} px are out of sight`);
    }
  };

  // The nearest thing around an element that a person sees as a box.
  const surfaceOf = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.overflowX !== "visible") return null;
      const isBordered = ["Top", "Right", "Bottom", "Left"].every((side) =>
        parseFloat(style[`border${side}Width`]) > 0);
      const isFilled = !/^rgba\(.*, 0\)$|^transparent$/.test(style.backgroundColor);
      if (style.display !== "inline" && (isBordered || isFilled)) return at;
      if (["absolute", "fixed"].includes(style.position)) return null;
    }
    return null;
  };

  const sticksOut = (element, box, isText) => {
    if (!isText && ["absolute", "fixed"].includes(getComputedStyle(element).position)) return;
    const surface = surfaceOf(isText ? element : element.parentElement);
    if (!surface) return;
    const place = surface.getBoundingClientRect();
    // Letters may be higher than the line they stand on.
    const above = isText ? 4 : SLACK;
    const over = Math.max(place.left - box.left, box.right - place.right,
      place.top - box.top - above + SLACK, box.bottom - place.bottom - above + SLACK);
    if (over > SLACK) {
      probe.report("sticks-out", element, `of ${probe.nameOf(surface)} by ${Math.round(over)} px`);
    }
  };

  const overlaps = (things, rule) => {
    const all = things.flatMap(({ element, boxes }) =>
      boxes.map((box) => ({ element, box, layer: probe.layerOf(element) })));
    all.sort((one, other) => one.box.top - other.box.top);
    all.forEach((one, index) => {
      for (const other of all.slice(index + 1)) {
        if (other.box.top > one.box.bottom) break;
        if (one.element === other.element || one.layer !== other.layer) continue;
        if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
        if (isOneControl(one.element, other.element) || !meets(shrunk(one.box), shrunk(other.box))) {
          continue;
        }
        probe.report(rule, one.element, `lies over ${probe.nameOf(other.element)}`);
      }
    });
  };

  // The line box of a text is higher than its letters, and lines may touch.
  const shrunk = (box) => ({
    left: box.left, right: box.right, top: box.top + box.height / 8, bottom: box.bottom - box.height / 8,
  });

  const isOneControl = (one, other) =>
    one.closest("label") && one.closest("label") === other.closest("label");

  const pen = document.createElement("canvas").getContext("2d");
  const lengthOf = (words, style) => {
    pen.font = style.font;
    return pen.measureText(words).width;
  };

  // What stands in an empty box or in a closed list is text as well.
  const hints = () => {
    for (const element of probe.seen("input[placeholder], select")) {
      const style = getComputedStyle(element);
      const shown = element.matches("select") ? element.selectedOptions[0]?.label : element.placeholder;
      const over = lengthOf(shown ?? "", style) - probe.placesOf(element)[0].width;
      // Dots say that there is more, which the list itself or the name of the box tells.
      const isTold = style.textOverflow === "ellipsis" && (element.labels.length ||
        element.hasAttribute("aria-label"));
      if (over > SLACK && !isTold) probe.report("clipped", element, `“${shown}” by ${Math.round(over)} px`);
    }
  };
}
