// Notes what the browser says of paints, shifts and interactions, from before the page begins.
(() => {
  const noted = { lcp: { value: 0 }, shifts: [], interactions: new Map(), first: { value: 0 } };
  // What an entry was about is said at once, because a swap takes the element away.
  const nameOf = (node) => {
    const element = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement;
    const name = element?.classList[0] ?? element?.id;
    return element ? `${element.localName}${name ? `.${name}` : ""}` : "text of the browser";
  };
  const during = () => document.documentElement.dataset.act ?? "load";
  const take = {
    "largest-contentful-paint": ({ startTime, element }) => {
      noted.lcp = { value: startTime, at: nameOf(element) };
    },
    "layout-shift": ({ value, startTime, hadRecentInput, sources }) => {
      const at = `${during()}: ${sources.map(({ node }) => nameOf(node)).join(", ")}`;
      if (!hadRecentInput) noted.shifts.push({ value, startTime, at });
    },
    "event": ({ interactionId, duration, name, target }) => {
      if (!interactionId || duration <= (noted.interactions.get(interactionId)?.value ?? -1)) return;
      const at = `${during()}: ${name} on ${nameOf(target)}`;
      noted.interactions.set(interactionId, { value: duration, at });
    },
    // The only one that also tells of an interaction too short for the one above.
    "first-input": ({ duration, name, target }) => {
      noted.first = { value: duration, at: `first: ${name} on ${nameOf(target)}` };
    },
  };
  const observers = Object.entries(take).map(([type, note]) => {
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(note));
    observer.observe({ type, buffered: true, durationThreshold: 16 });
    return [observer, note];
  });

  // A session of shifts ends after a second of calm or five in all; the worst session counts.
  const worstSession = () => {
    let worst = 0, sum = 0, begun = 0, last = -Infinity;
    for (const { startTime, value } of noted.shifts) {
      if (startTime - last > 1000 || startTime - begun > 5000) [sum, begun] = [0, startTime];
      sum += value;
      last = startTime;
      worst = Math.max(worst, sum);
    }
    return worst;
  };

  const largest = (all) => all.reduce((a, b) => (b.value > a.value ? b : a), { value: 0, at: "" });

  // Below fifty interactions the worst of them is the page's INP.
  globalThis.readVitals = () => {
    for (const [observer, note] of observers) observer.takeRecords().forEach(note);
    const slowest = largest([noted.first, ...noted.interactions.values()]);
    return {
      lcp_ms: noted.lcp.value,
      inp_ms: slowest.value,
      cls: worstSession(),
      lcp_at: noted.lcp.at,
      inp_at: slowest.at,
      cls_at: largest(noted.shifts).at,
    };
  };

  // A mark that one can wait for, where our policy lets nothing be evaluated over and over.
  addEventListener("htmx:afterSettle", () => {
    document.documentElement.toggleAttribute("data-settled", true);
  });
})();
