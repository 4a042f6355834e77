// A list with many rows of one height. Only rows in sight, and a few around them, are in the document.

/** Rows above and below the ones in sight, so that a turn of the wheel meets finished rows. */
const MARGIN = 8;

/**
 * `rows()` gives the values with ids, `render(value)` the cells of one, `onopen(value, by)` is called for a click or a key,
 * `onend()` when the last rows come in sight.
 */
function virtualList({ label, columns, rows, render, onopen, onend }) {
  const body = h("div", { class: "list-rows", role: "rowgroup" });
  const head = h("div", { role: "rowgroup" }, h("div", { class: "list-head", role: "row", "aria-rowindex": 1 },
    columns.map(([className, name]) => h("span", { class: className, role: "columnheader" }, name))));
  const scroller = h("div", { class: "list", role: "grid", tabindex: 0, "aria-label": label, "aria-colcount": columns.length }, head, body);
  const list = { scroller, head: head.firstElementChild, body, drawn: new Map(), placed: new WeakMap(), active: null, height: 28, rows, render, onopen, onend };
  scroller.addEventListener("scroll", () => draw(list), { passive: true });
  scroller.addEventListener("keydown", (event) => listKey(list, event));
  scroller.addEventListener("click", (event) => listClick(list, event));
  new ResizeObserver(() => {
    // The height of a row depends on the width of the window alone, so it is not asked for at each scroll.
    list.height = parseInt(getComputedStyle(scroller).getPropertyValue("--row"), 10) || list.height;
    draw(list);
  }).observe(scroller);
  return list;
}

/** Draws the rows in sight: rows that stay are moved, not made again. */
function draw(list) {
  const rows = list.rows();
  list.body.style.height = `${rows.length * list.height}px`;
  list.scroller.setAttribute("aria-rowcount", rows.length + 1);
  const first = Math.max(0, Math.floor(list.scroller.scrollTop / list.height) - MARGIN);
  const last = Math.min(rows.length, Math.ceil((list.scroller.scrollTop + list.scroller.clientHeight) / list.height) + MARGIN);

  const kept = new Map();
  let previous = null;
  dropRows(list, rows, first, last);
  for (let at = first; at < last; at += 1) {
    const value = rows[at];
    const element = list.drawn.get(value.id) ?? drawRow(list, value);
    kept.set(value.id, element);
    place(list, element, value, at);
    // The order in the document is the order in sight, for who reads it without seeing.
    if (element.parentNode === null || element.previousSibling !== previous) list.body.insertBefore(element, previous ? previous.nextSibling : list.body.firstChild);
    previous = element;
  }
  list.drawn = kept;
  if (last >= rows.length - 3 * MARGIN) list.onend();
}

/** Removes the rows that are out of sight. */
function dropRows(list, rows, first, last) {
  const wanted = new Set(rows.slice(first, last).map(({ id }) => id));
  for (const [id, element] of list.drawn) if (!wanted.has(id)) element.remove();
}

function drawRow(list, value) {
  return h("div", { class: "list-row", role: "row", id: `row-${value.id}`, "data-id": value.id }, list.render(value));
}

function place(list, element, value, at) {
  const isActive = list.active === value.id;
  const state = `${at} ${list.height} ${isActive}`;
  if (list.placed.get(element) === state) return;
  list.placed.set(element, state);
  element.style.transform = `translateY(${at * list.height}px)`;
  element.setAttribute("aria-rowindex", at + 2);
  element.setAttribute("aria-selected", isActive);
  element.classList.toggle("active", isActive);
}

/** Marks a row as the active one, and brings it in sight. */
function activate(list, id) {
  list.active = id;
  const at = list.rows().findIndex((row) => row.id === id);
  if (at !== -1) scrollTo(list, at);
  draw(list);
  if (list.drawn.has(id)) list.scroller.setAttribute("aria-activedescendant", `row-${id}`);
  else list.scroller.removeAttribute("aria-activedescendant");
}

function scrollTo(list, at) {
  const { scroller, height } = list;
  const top = at * height;
  // The head stays in sight above the rows, so it takes a part of the height.
  const inSight = scroller.clientHeight - list.head.offsetHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + height > scroller.scrollTop + inSight) scroller.scrollTop = top + height - inSight;
}

/** Rows were put on top: a person who reads further down keeps what is in sight. */
function pushedDown(list, added) {
  if (list.scroller.scrollTop > 0) {
    list.body.style.height = `${list.rows().length * list.height}px`;
    list.scroller.scrollTop += added * list.height;
  }
  draw(list);
}

const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -Infinity, End: Infinity };

function listKey(list, event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const rows = list.rows();
  const at = rows.findIndex(({ id }) => id === list.active);
  if (event.key === "Enter" && at !== -1) {
    list.onopen(rows[at], "enter");
  } else if (event.key in STEPS && rows.length > 0) {
    const to = at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + STEPS[event.key]));
    activate(list, rows[to].id);
    list.onopen(rows[to], "arrow");
  } else {
    return;
  }
  event.preventDefault();
}

function listClick(list, event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const id = Number(event.target.closest(".list-row")?.dataset.id);
  const value = list.rows().find((row) => row.id === id);
  if (!value) return;
  event.preventDefault();
  list.onopen(value, "click");
}
