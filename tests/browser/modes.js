// Readers who choose their own colours, or who cannot stand things that move.
{
  const CONTROLS = "button, input:not([type=hidden]):not([type=checkbox]):not([type=radio])," +
    " select, textarea, summary, a";
  const isClear = (colour) => /^rgba\(.*, 0\)$|^transparent$/.test(colour);
  const hasEdge = (style) => ["Top", "Right", "Bottom", "Left"].some((side) =>
    style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) >= 1 &&
    !isClear(style[`border${side}Color`]));
  const hasOutline = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  const boxAround = (element) => {
    // A control without an edge may stand in a box that has one, as in the filter.
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (hasEdge(style)) return { edge: at, style };
      if (at !== element && !["flex", "inline-flex"].includes(style.display)) return null;
    }
    return null;
  };

  // Marks what stands out by an edge or a fill in ordinary colours; forced ones know no fills.
  probe.rememberEdges = () => {
    document.activeElement.blur();
    for (const element of probe.seen(CONTROLS)) {
      // The skip link waits above the page until it has the focus, and then its mark.
      if (element.getBoundingClientRect().bottom + window.scrollY < 0) continue;
      const { backgroundColor } = getComputedStyle(element);
      const isFilled = !isClear(backgroundColor) && !element.hasAttribute("aria-current") &&
        backgroundColor !== groundOf(element.parentElement);
      if (boxAround(element) || isFilled) element.dataset.hadEdge = "";
    }
  };

  probe.forcedColours = () => {
    for (const element of probe.seen("[data-had-edge]")) {
      const around = boxAround(element);
      const ground = groundOf((around?.edge ?? element).parentElement);
      const isSeen = around && ["Top", "Right", "Bottom", "Left"].some((side) =>
        parseFloat(around.style[`border${side}Width`]) >= 1 &&
        around.style[`border${side}Color`] !== ground);
      if (!isSeen) probe.report("forced-colours", element, "loses its edge");
    }
    for (const element of probe.seen("[aria-current]:not([aria-current=false])")) {
      const peer = peerOf(element);
      if (peer && looks(peer) === looks(element)) {
        probe.report("forced-colours", element, "looks like what is not current");
      }
    }
    for (const shape of document.querySelectorAll("svg :is(rect, path, circle)")) {
      const style = getComputedStyle(shape);
      // A sample of a colour keeps it, and is seen by the edge around it.
      if (hasEdge(getComputedStyle(shape.closest("svg")))) continue;
      if (!shape.checkVisibility() || style.fill === "none" || isClear(style.fill)) continue;
      if (style.stroke === "none" && style.fill === groundOf(shape.closest("svg"))) {
        probe.report("forced-colours", shape, "has the colour of what is behind it");
      }
    }
  };

  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (!isClear(backgroundColor)) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };

  const peerOf = (element) => {
    const list = element.closest("ul, ol, nav, tbody");
    const same = `${element.localName}.${element.classList[0]}`;
    return element.classList.length && list
      ? [...list.querySelectorAll(same)].find((other) => !other.hasAttribute("aria-current"))
      : null;
  };

  // What forced colours leave of a look, of the element itself, its row, and its icons.
  const looks = (element) => {
    const row = element.closest("tr") ?? element;
    return JSON.stringify([element, row].map((one) => {
      const style = getComputedStyle(one);
      const outline = hasOutline(style) ? style.outlineColor : "";
      return [style.fontWeight, style.textDecorationLine, outline, style.borderColor,
        style.borderWidth, style.color];
    }).concat(element.querySelectorAll("svg").length));
  };

  probe.stillness = () => {
    // What only moves when something happens is asked by making it happen.
    document.documentElement.toggleAttribute("data-busy", true);
    for (const element of probe.seen(probe.INTERACTIVE)) element.focus({ preventScroll: true });
    getComputedStyle(document.body).opacity;
    for (const animation of document.getAnimations()) {
      const name = animation.animationName ?? animation.transitionProperty;
      probe.report("motion", animation.effect.target, `${name} moves although nothing may`);
    }
    document.documentElement.removeAttribute("data-busy");
    document.activeElement.blur?.();
  };
}
