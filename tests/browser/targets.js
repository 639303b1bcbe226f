// Targets of fingers: 24 by 24 px, or as much free space around them (WCAG 2.5.8).
{
  const SIZE = 24;
  const ROUNDING = 0.5;

  probe.targets = () => {
    const targets = probe.seen(probe.INTERACTIVE)
      .filter((element) => !element.closest("svg") && !isPlace(element))
      .filter((element) => probe.linesOf(element).length)
      .map((element) => ({ element }));
    const small = targets.filter(isSmall);
    for (const one of small) {
      const near = targets.find((other) => other !== one && !isOne(one, other) &&
        comesNear(one, other, small.includes(other)));
      if (!near) continue;
      const { width, height } = boxOf(one);
      const size = `${Math.round(width)} × ${Math.round(height)} px`;
      probe.report("target", one.element, `is ${size}, close to ${probe.nameOf(near.element)}`);
    }
  };

  // A region that can be scrolled, or a part that only takes the focus, is not pressed.
  const isPlace = (element) => element.hasAttribute("tabindex") &&
    !element.matches("a, button, input, select, textarea, summary");

  const boxOf = ({ element }) => element.getBoundingClientRect();

  const isSmall = (target) => {
    const { width, height } = boxOf(target);
    if (width >= SIZE - ROUNDING && height >= SIZE - ROUNDING) return false;
    return !probe.isInsideText(target.element) && !isBiggerThanItsBox(target.element);
  };

  // Labels and covering links are pressed beyond the element's own box.
  const isBiggerThanItsBox = (element) => {
    element.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y, reach] = [left + width / 2, top + height / 2, SIZE / 2 - 1];
    return [[-reach, 0], [reach, 0], [0, -reach], [0, reach]].every(([right, down]) => {
      const hit = document.elementFromPoint(x + right, y + down);
      return hit && (element.contains(hit) || hit.closest("label")?.control === element);
    });
  };

  const isOne = (one, other) => one.element.contains(other.element) ||
    other.element.contains(one.element) ||
    probe.layerOf(one.element) !== probe.layerOf(other.element);

  const comesNear = (one, other, isOtherSmall) => {
    const centre = centreOf(one);
    if (isOtherSmall) {
      const there = centreOf(other);
      return Math.hypot(centre.x - there.x, centre.y - there.y) < SIZE - ROUNDING;
    }
    return probe.linesOf(other.element).some((box) => {
      const x = Math.max(box.left, Math.min(centre.x, box.right));
      const y = Math.max(box.top, Math.min(centre.y, box.bottom));
      return Math.hypot(centre.x - x, centre.y - y) < SIZE / 2 - ROUNDING;
    });
  };

  const centreOf = (target) => {
    const box = boxOf(target);
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  };

  // Figures below each other are compared by their length, so they end at one edge.
  probe.numbers = () => {
    for (const table of probe.seen("table")) {
      const columns = new Map();
      for (const cell of table.querySelectorAll("td[class*='num'], tbody th[class*='num']")) {
        if (!probe.isSeen(cell)) continue;
        const style = getComputedStyle(cell);
        if (!style.fontVariantNumeric.includes("tabular-nums")) {
          probe.report("numbers", cell, "its digits are not of one width");
        }
        // On a phone a row is a list, and nothing stands below anything.
        if (style.display !== "table-cell") continue;
        const range = document.createRange();
        range.selectNodeContents(cell);
        const { right, width } = range.getBoundingClientRect();
        const edge = columns.get(cell.cellIndex) ?? right;
        columns.set(cell.cellIndex, edge);
        if (!["end", "right"].includes(style.textAlign)) {
          probe.report("numbers", cell, "is not aligned to the right");
        } else if (width && Math.abs(right - edge) > 1) {
          probe.report("numbers", cell, "does not end where the others do");
        }
      }
    }
  };
}
