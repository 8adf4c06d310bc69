/* The Gantt chart's own script: the row under the keys, its links as wires and as a sentence.
 * Without it the page reads and folds by its links; nothing here holds what the server does not. */
(() => {
  "use strict";
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const on = (type, handler, options) => document.addEventListener(type, handler, options);
  const SVG = "http://www.w3.org/2000/svg";
  const rows = () => $$("#gantt tr[data-row]");
  const rowOf = (key) => rows().find((row) => row.dataset.row === key);
  const linksOf = (row, which) => JSON.parse(row.dataset[which] || "[]");
  const ease = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "auto");
  let here = null; /* the key of the row that the keys are at */
  let byKeys = false; /* the chart is coming anew because of a key: the row takes the focus again */

  const singleKeys = () => { try { return localStorage.getItem("headway.keys") !== "off"; } catch { return true; } };
  const typing = (target) => target.closest("input, select, textarea, [contenteditable], dialog[open]");

  /* ---- wires ---- */
  const canvas = () => {
    const frame = $("#gantt .gantt-frame");
    if (!frame) return null;
    let wires = $(".gantt-wires", frame);
    if (!wires) {
      wires = document.createElementNS(SVG, "svg");
      wires.setAttribute("class", "gantt-wires");
      wires.setAttribute("aria-hidden", "true");
      wires.setAttribute("width", "1");
      wires.setAttribute("height", "1");
      frame.append(wires);
    }
    return wires;
  };
  const place = (row, side) => {
    const frame = $("#gantt .gantt-frame");
    const share = row.dataset[side];
    const drawn = $(".chart-cell > svg", row);
    if (share === undefined || !drawn) return null;
    const box = drawn.getBoundingClientRect();
    const base = frame.getBoundingClientRect();
    return {
      x: box.left - base.left + frame.scrollLeft + box.width * Number(share),
      y: box.top - base.top + frame.scrollTop + 11.5,
    };
  };
  const wire = (wires, before, after, kind, look) => {
    const from = place(before, kind[0] === "F" ? "e" : "s");
    const to = place(after, kind[1] === "F" ? "e" : "s");
    if (!from || !to) return;
    const out = kind[0] === "F" ? 7 : -7;
    const into = kind[1] === "F" ? 9 : -9; /* a finish is reached from the right */
    const turn = to.y + (to.y > from.y ? -13 : 13);
    const d = `M${from.x} ${from.y}h${out}V${turn}H${to.x + into}V${to.y}H${to.x}`;
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", d);
    line.setAttribute("class", look);
    const head = document.createElementNS(SVG, "path");
    head.setAttribute("d", `M${to.x} ${to.y}l${into > 0 ? 6 : -6} -3.5v7z`);
    head.setAttribute("class", `head ${look}`);
    wires.append(line, head);
  };
  const draw = (row) => {
    const wires = canvas();
    if (!wires) return;
    wires.replaceChildren();
    for (const each of $$("#gantt tr:is(.before, .after, .here)")) each.classList.remove("before", "after", "here");
    const known = new Map(rows().map((each) => [each.dataset.row, each]));
    if ($("#gantt[data-wired]")) {
      for (const each of known.values()) {
        for (const [key, kind] of linksOf(each, "waits")) if (known.has(key)) wire(wires, known.get(key), each, kind, "");
      }
    }
    if (!row) return;
    row.classList.add("here");
    for (const [key, kind] of linksOf(row, "waits")) {
      const other = known.get(key);
      if (!other) continue;
      other.classList.add("before");
      wire(wires, other, row, kind, "wire-before");
    }
    for (const [key, kind] of linksOf(row, "holds")) {
      const other = known.get(key);
      if (!other) continue;
      other.classList.add("after");
      wire(wires, row, other, kind, "wire-after");
    }
  };
  const tell = (row) => {
    const said = $("[data-said-here]");
    const name = row ? $(".name", row).textContent.trim() : "";
    const words = row ? row.dataset.said || (row.hasAttribute("aria-expanded") ? "" : `${name} waits for nothing and holds up nothing.`) : "";
    if (said && said.textContent !== words) said.textContent = words;
  };
  const show = (row) => { draw(row); tell(row); };

  /* ---- the row under the keys ---- */
  const keep = () => { try { sessionStorage.setItem(`headway.gantt.${location.pathname}`, here || ""); } catch { /* forget */ } };
  const settle = (row) => {
    for (const each of rows()) each.tabIndex = each === row ? 0 : -1;
    here = row.dataset.row;
    keep();
  };
  const reveal = (row) => { /* its bar, where it lies beside what is seen */
    const frame = $("#gantt .gantt-frame");
    const [from, to] = [place(row, "s"), place(row, "e")];
    if (!from || !to) return;
    const left = frame.scrollLeft + $("thead th", frame).offsetWidth;
    const right = frame.scrollLeft + frame.clientWidth;
    if (to.x < left || from.x > right) frame.scrollLeft += from.x - left - 48;
  };
  const go = (row) => {
    if (!row) return;
    settle(row);
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest", behavior: ease() });
    reveal(row);
  };
  const step = (row, by) => {
    const list = rows();
    const next = list[list.indexOf(row) + by];
    if (next) go(next);
    else if (by > 0) $('#gantt .more [rel="next"]')?.click();
    else $('#gantt .more [rel="prev"]')?.focus();
  };
  const parentOf = (row) => {
    const level = Number(row.getAttribute("aria-level"));
    const list = rows();
    return list.slice(0, list.indexOf(row)).reverse().find((each) => Number(each.getAttribute("aria-level")) < level);
  };
  const fold = (row, open) => {
    const state = row.getAttribute("aria-expanded");
    if (state === String(!open)) {
      byKeys = true;
      $(".fold", row)?.click();
    } else if (!open) go(parentOf(row));
    else if (state === "true") step(row, 1);
  };
  const moves = {
    ArrowDown: (row) => step(row, 1),
    ArrowUp: (row) => step(row, -1),
    ArrowRight: (row) => fold(row, true),
    ArrowLeft: (row) => fold(row, false),
    Home: () => go(rows()[0]),
    End: () => go(rows().at(-1)),
    Enter: (row) => $("a.name", row)?.click(),
  };
  const shut = () => {
    const panel = $("#gantt-panel");
    if (!panel?.firstChild) return;
    panel.replaceChildren();
    const row = rowOf(here);
    if (row) go(row);
  };

  on("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !$("#gantt")) return;
    const row = event.target.closest("#gantt tr[data-row]");
    if (row && event.target === row && moves[event.key]) {
      event.preventDefault();
      moves[event.key](row);
    } else if (event.key === "Escape" && event.target.closest("#gantt-panel") && !event.target.closest(".cell-form")) {
      shut();
    } else if (singleKeys() && !typing(event.target)) {
      if (event.key === "e" && row) $("[data-panel]", row)?.click();
      const zoom = { "[": "out", "]": "in" }[event.key];
      if (zoom) {
        byKeys ||= Boolean(row);
        $(`#gantt [data-zoom="${zoom}"]`)?.click();
      }
    }
  });
  on("focusin", (event) => {
    const row = event.target.closest("#gantt tr[data-row]");
    if (!row) return;
    if (event.target === row || row.dataset.row !== here) settle(row);
    show(row);
  });
  on("mouseover", (event) => {
    const row = event.target.closest("#gantt tr[data-row]");
    if (row) show(row);
  });
  on("mouseout", (event) => {
    const frame = event.target.closest(".gantt-frame");
    if (frame && !frame.contains(event.relatedTarget)) show(document.activeElement.closest?.("#gantt tr[data-row]"));
  });
  on("click", (event) => { if (event.target.closest("[data-close-panel]")) shut(); });
  window.addEventListener("resize", () => show(document.activeElement.closest?.("#gantt tr[data-row]")));

  /* ---- where one looks: at today first, then where one was ---- */
  let seen = null;
  const lookAt = () => {
    const frame = $("#gantt .gantt-frame");
    const chart = frame && $("thead .chart-cell", frame);
    if (!chart) return;
    if (seen && seen.zoom === frame.dataset.zoomed) {
      frame.scrollTo({ left: seen.left, top: seen.top, behavior: "instant" });
      return;
    }
    const list = $("thead th", frame).offsetWidth;
    const room = frame.clientWidth - list;
    const today = chart.offsetLeft - list + chart.offsetWidth * Number(frame.dataset.today);
    frame.scrollTo({ left: chart.offsetWidth > room ? Math.max(0, today - room / 4) : 0, top: seen ? seen.top : 0, behavior: "instant" });
  };
  on("htmx:beforeSwap", (event) => {
    const frame = event.target.id === "gantt" && $("#gantt .gantt-frame");
    if (frame) seen = { zoom: frame.dataset.zoomed, left: frame.scrollLeft, top: frame.scrollTop };
  });

  /* ---- what htmx brings ---- */
  const learn = () => {
    for (const news of $$("script[data-row-news]")) {
      const { key, waits, holds, said } = JSON.parse(news.textContent);
      const row = rowOf(key);
      if (row) Object.assign(row.dataset, { waits, holds, said });
      news.remove();
    }
  };
  on("htmx:afterSettle", (event) => {
    learn();
    const from = event.target;
    if (from.id === "gantt" || from.closest?.("#gantt")) {
      const row = rowOf(here);
      if (from.id === "gantt") lookAt();
      if (row) settle(row);
      if (byKeys && row) go(row);
      else if (from.matches?.("tr.more, tr[data-row]") && row === document.activeElement) step(row, 1);
      byKeys = false;
      show(document.activeElement.closest?.("#gantt tr[data-row]"));
    }
    if (from.id === "gantt-panel") {
      rowOf(here)?.scrollIntoView({ block: "nearest", behavior: "instant" });
      from.scrollIntoView({ block: "nearest", behavior: ease() });
      show(rowOf(here));
    }
  });

  const start = () => {
    try { here = sessionStorage.getItem(`headway.gantt.${location.pathname}`) || null; } catch { here = null; }
    const row = here && rowOf(here);
    lookAt();
    if (row) {
      settle(row);
      row.scrollIntoView({ block: "nearest" });
    }
    show(null);
  };
  start();
})();
