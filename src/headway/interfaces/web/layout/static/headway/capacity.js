/* The heat map: a cell opens under the pointer, or by arrow keys and Enter. */
(() => {
  "use strict";
  const table = document.querySelector("[data-heat]");
  if (!table) return;
  const frame = table.closest(".table-frame");
  const weeks = [...table.querySelectorAll("th[data-week]")].map((head) => head.dataset.week);
  const rows = [...table.querySelectorAll("tr[data-href]")];
  let [row, place] = [0, -1];
  const open = () => {
    const to = new URL(rows[row].dataset.href, location);
    const asked = new URLSearchParams(location.search);
    for (const name of ["from", "weeks", "project", "at"]) if (asked.get(name)) to.searchParams.set(name, asked.get(name));
    to.searchParams.set("week", weeks[place]);
    location.assign(`${to}#week`);
  };
  table.addEventListener("click", ({ target }) => {
    const cell = target.closest("tr[data-href] td");
    if (!cell) return;
    row = rows.indexOf(cell.parentNode);
    place = cell.cellIndex - 1;
    open();
  });
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  frame.addEventListener("keydown", (event) => {
    const move = event.target === frame && rows.length && moves[event.key];
    if (event.key === "Enter" && event.target === frame && place >= 0) open();
    if (!move) return;
    event.preventDefault();
    table.querySelector(".here")?.classList.remove("here");
    row = Math.min(Math.max(row + move[0], 0), rows.length - 1);
    place = Math.min(Math.max(place + move[1], 0), weeks.length - 1);
    const cell = rows[row].cells[place + 1];
    cell.classList.add("here");
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
})();
