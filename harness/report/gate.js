"use strict";
// Comfort only: without this the page says the same, and its links open the same.
const form = document.querySelector(".filter");
const rows = [...document.querySelectorAll(".grid tbody tr")];

function filter() {
  const words = form.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const said = row.dataset.words.toLowerCase();
    const kept = words.every((word) => said.includes(word)) && !(form.broken.checked && !("broken" in row.dataset));
    row.hidden = !kept;
    shown += kept;
  }
  for (const part of document.querySelectorAll(".part")) part.hidden = !part.querySelector("tbody tr:not([hidden])");
  for (const table of document.querySelectorAll(".grid")) {
    const stops = [...table.querySelectorAll("tr:not([hidden]) td a")];
    if (stops.length && !stops.some((link) => link.tabIndex === 0)) stop(stops[0]);
  }
  form.shown.value = shown < rows.length ? `${shown} of ${rows.length} operations` : "";
}

// One stop of the Tab key per table; the arrow keys move within it.
function stop(link) {
  for (const other of link.closest("table").querySelectorAll("td a")) other.tabIndex = other === link ? 0 : -1;
}

function neighbour(link, key) {
  const cell = link.parentElement;
  const step = key === "ArrowLeft" || key === "ArrowUp" ? "previousElementSibling" : "nextElementSibling";
  const isRow = key === "ArrowUp" || key === "ArrowDown";
  let at = isRow ? cell.parentElement : cell;
  while ((at = at[step])) {
    const found = isRow ? !at.hidden && at.cells[cell.cellIndex].querySelector("a") : at.querySelector("td > a");
    if (found) return found;
  }
  return null;
}

const opened = () => document.querySelector(".panel:target, .panel:has(:target)");

function close() {
  const panel = opened();
  const square = document.getElementById(`grid/${panel.id}`);
  const { scrollX, scrollY } = window;
  location.hash = panel.querySelector(".close").hash;
  if (!square.closest("[hidden]")) square.focus({ preventScroll: true });
  window.scrollTo(scrollX, scrollY);
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const link = event.target.closest?.(".grid td a");
  if (event.key === "Escape" && opened()) close();
  else if (event.key === "/" && !event.target.closest?.("input")) form.words.focus();
  else if (link && event.key.startsWith("Arrow")) {
    const next = neighbour(link, event.key);
    if (next) { stop(next); next.focus({ preventScroll: true }); next.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  } else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  if (event.target.closest(".close")) { event.preventDefault(); close(); }
});
document.addEventListener("focusin", (event) => {
  const link = event.target.closest?.(".grid td a");
  if (link) stop(link);
});

function arrive() {
  const panel = opened();
  if (!panel) return;
  const inside = panel.querySelector(":target");
  if (inside) inside.closest("details").open = true;
  panel.focus({ preventScroll: true });
}

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", arrive);
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll(".cause details")) details.open = true;
});
form.hidden = false;
for (const table of document.querySelectorAll(".grid")) stop(table.querySelector("td a"));
filter();
arrive();
