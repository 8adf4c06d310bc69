/* The heat map's own script: a cell opens under the pointer, and under the arrow keys and Enter.
 * Without it each row's name opens the same numbers, week by week. */
(() => {
  "use strict";
  const table = document.querySelector("[data-heat]");
  if (!table) return;
  const frame = table.closest(".table-frame");
  const weeks = [...table.querySelectorAll("th[data-week]")].map((head) => head.dataset.week);
  const rows = [...table.querySelectorAll("tr[data-href]")];
  const cells = (row) => [...row.querySelectorAll("td")];
  const open = (row, place) => {
    const [path, query] = row.dataset.href.split("?");
    const asked = new URLSearchParams(query || "");
    const shown = new URLSearchParams(location.search);
    for (const name of ["from", "weeks", "project", "at"]) if (shown.get(name)) asked.set(name, shown.get(name));
    asked.set("week", weeks[place]);
    location.assign(`${path}?${asked}#week`);
  };
  let at = null;
  const go = (row, place) => {
    table.querySelector("td.here")?.classList.remove("here");
    at = { row: Math.min(Math.max(row, 0), rows.length - 1), place: Math.min(Math.max(place, 0), weeks.length - 1) };
    const cell = cells(rows[at.row])[at.place];
    cell.classList.add("here");
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    frame.setAttribute("aria-description", `${rows[at.row].querySelector("th").innerText}, week of ${weeks[at.place]}: ${cell.innerText || "no load"}`);
  };
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("td");
    const row = event.target.closest("tr[data-href]");
    if (cell && row) open(row, cells(row).indexOf(cell));
  });
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  frame.addEventListener("keydown", (event) => {
    if (event.target !== frame || !rows.length) return;
    const move = moves[event.key];
    if (move) {
      event.preventDefault();
      if (at) go(at.row + move[0], at.place + move[1]);
      else go(0, 0);
    } else if (event.key === "Enter" && at) open(rows[at.row], at.place);
  });
})();
