// What all probes use: which things of a page a person can see, press and reach, and their names.
globalThis.probe = { findings: [] };

probe.INTERACTIVE = "a[href], button, input:not([type=hidden]), select, textarea, summary, " +
  "[tabindex]:not([tabindex^='-'])";

probe.report = (rule, element, words) => {
  probe.findings.push({ rule, selector: probe.nameOf(element), words });
};

// Runs one probe and hands over what it found.
probe.run = (name, ...values) => {
  probe.findings = [];
  probe[name](...values);
  return probe.findings;
};

// How a reader of the report finds the element again.
probe.nameOf = (element) => {
  const place = element.closest("[data-example]")?.dataset.example;
  const own = element.id ? `#${element.id}` : element.classList.length
    ? `${element.localName}.${[...element.classList].join(".")}`
    : `${element.parentElement?.classList[0] ?? ""} ${element.localName}`.trim();
  const words = (element.getAttribute("aria-label") || element.textContent || "")
    .trim().replace(/\s+/g, " ").slice(0, 30);
  return `${place ? `[${place}] ` : ""}${own}${words ? ` “${words}”` : ""}`;
};

// Hidden from sight on purpose, for those who listen: clipped to nothing, or a pixel in size.
probe.isForListeners = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (style.clipPath === "inset(50%)") return true;
    if (style.overflowX === "hidden" && at.clientWidth <= 1 && at.clientHeight <= 1 &&
        style.position === "absolute") return true;
  }
  return false;
};

probe.isSeen = (element) =>
  element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) &&
  !probe.isForListeners(element);

probe.seen = (selector) => [...document.querySelectorAll(selector)].filter(probe.isSeen);

// The overlay an element belongs to: what lies in another one may cover it on purpose.
probe.layerOf = (element) => {
  for (let at = element; at; at = at.parentElement) {
    if (at.matches("dialog[open]")) return at;
    const style = getComputedStyle(at);
    if (style.position !== "static" && style.zIndex !== "auto") return at;
    if (style.position === "fixed" || style.position === "sticky") return at;
  }
  return document.body;
};

probe.isInsideText = (element) => {
  if (getComputedStyle(element).display !== "inline") return false;
  const around = element.parentElement;
  const own = element.textContent.trim().length;
  return own > 0 && around.textContent.trim().length > own &&
    [...around.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
};

probe.linesOf = (element) =>
  [...element.getClientRects()].filter((box) => box.width > 0 && box.height > 0);

// Where an element has its words: a box to type in may hold a button in its padding.
probe.placesOf = (element) => {
  if (!element.matches("input, textarea, select")) return probe.linesOf(element);
  const style = getComputedStyle(element);
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const inner = { left: left + parseFloat(style.paddingLeft), top,
    right: right - parseFloat(style.paddingRight), bottom };
  return [{ ...inner, width: inner.right - inner.left, height: bottom - top }];
};

// Every piece of text with the boxes of its lines.
probe.texts = () => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (!node.textContent.trim() || element.closest("svg, option, datalist, noscript")) continue;
    if (!probe.isSeen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    found.push({ element, boxes: probe.linesOf(range) });
  }
  return found;
};
