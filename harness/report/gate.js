"use strict";
// Comfort only: without this the page says the same, and its links open the same.
const form = document.querySelector(".filter");
const rows = [...document.querySelectorAll(".grid tbody tr")];
const told = rows.map((row) => row.dataset.words.toLowerCase());
const listed = [...document.querySelectorAll(".listed")];

function filter() {
  const words = form.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const who = form.who.value, outcome = form.outcome.value, broken = form.broken.checked;
  const changed = Boolean(form.changed?.checked);
  const column = who ? form.who.selectedIndex : 0;
  for (const row of document.querySelectorAll(".grid tr"))
    for (let at = 1; at < row.cells.length; at++) row.cells[at].hidden = column > 0 && at !== column;
  let shown = 0;
  rows.forEach((row, at) => {
    let found = !(who || outcome || broken || changed);
    for (const link of row.querySelectorAll("td:not([hidden]) a")) {
      const fits = (!outcome || link.dataset.outcomes.split(" ").includes(outcome)) && !(broken && isKept(link)) && !(changed && !("changed" in link.dataset));
      link.classList.toggle("dim", !fits);
      found ||= fits;
    }
    row.hidden = !found || !words.every((word) => told[at].includes(word));
    shown += !row.hidden;
  });
  for (const part of document.querySelectorAll(".part")) part.hidden = !part.querySelector("tbody tr:not([hidden])");
  for (const section of listed) list(section, words, who, outcome, broken, changed);
  for (const table of document.querySelectorAll(".grid")) {
    const stops = [...table.querySelectorAll("tr:not([hidden]) td:not([hidden]) a")];
    if (stops.length && !stops.some((link) => link.tabIndex === 0)) stop(stops[0]);
  }
  form.shown.value = shown < rows.length ? `${shown} of ${rows.length} operations` : "";
}

const isKept = (link) => link.classList.contains("pass") || link.classList.contains("not-applicable");

// What is not in the table promises in words: a filter by outcome leaves none of it.
function list(section, words, who, outcome, broken, changed) {
  let any = false;
  for (const group of section.querySelectorAll(":scope > details")) {
    let left = 0;
    for (const item of group.querySelectorAll("[data-who]")) {
      const said = words.length ? item.textContent.toLowerCase() : "";
      item.hidden = Boolean(who && item.dataset.who !== who) || (changed && !("changed" in item.dataset)) || !words.every((word) => said.includes(word));
      left += !item.hidden;
    }
    group.hidden = !left || Boolean(outcome) || (broken && group.classList.contains("kept"));
    any ||= !group.hidden;
  }
  section.hidden = !any;
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
    const found = isRow ? !at.hidden && at.cells[cell.cellIndex].querySelector("a") : !at.hidden && at.querySelector("a");
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
  const told = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let at = told?.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
  const panel = opened();
  if (!panel) return told?.matches(".finding, .lines *") && told.scrollIntoView();
  const inside = panel.querySelector(":target");
  if (inside) inside.closest("details").open = true;
  panel.focus({ preventScroll: true });
}

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", arrive);
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll(".cause details, .file, .file details")) details.open = true;
});
form.hidden = false;
for (const table of document.querySelectorAll(".grid")) stop(table.querySelector("td a"));
filter();
arrive();
