// The section "Entities": what the services hold, as tables; a row in full, with its history.

const ROWS_PER_PAGE = 50;
/** Members that say best which row it is come first. */
const TELLING = ["id", "ID", "externalId", "number", "code", "name", "NAME", "title", "firstName", "lastName", "status", "email", "price", "totalSumm", "createdAt"];
const MOST_COLUMNS = 8;

function entitiesView() {
  const menu = h("nav", { class: "menu", "aria-label": "Entities" });
  const table = h("section", { class: "pane aside", "aria-label": "Rows" });
  const detail = h("section", { class: "pane detail", "aria-label": "The row" });
  const split = h("div", { class: "view split" }, table, detail);
  const view = { root: h("div", { class: "view with-menu" }, menu, split), menu, table, detail, split, page: 1, text: "", shownTable: "", parts: [] };
  view.show = ({ parts }) => showEntities(view, parts);
  const refresh = debounced(300, () => { if (currentRoute.view === "entities") refreshEntities(view); });
  on("request", refresh);
  on("state", refresh);
  return view;
}

async function refreshEntities(view) {
  view.shownTable = "";
  await showEntities(view, view.parts, true);
}

async function showEntities(view, parts, isRefresh) {
  const [service, entity, id] = parts;
  const table = `${service}/${entity}`;
  if (table !== view.shownTable && !isRefresh) Object.assign(view, { page: 1, text: "" });
  view.parts = parts;
  view.root.classList.toggle("has-detail", Boolean(id));
  view.split.classList.toggle("has-detail", Boolean(id));
  await attempt(async () => {
    await showMenu(view, service, entity);
    if (!entity) return view.table.replaceChildren(h("p", { class: "empty" }, "Choose what to look at."));
    if (table !== view.shownTable) await showTable(view, service, entity);
    markRow(view, id);
    if (id) await showRow(view, service, entity, id, isRefresh);
    else view.detail.replaceChildren();
  });
}

async function showMenu(view, service, entity) {
  const state = await api("GET", "state");
  const hadFocus = view.menu.contains(document.activeElement) && document.activeElement.getAttribute("href");
  view.menu.replaceChildren(...Object.entries(state).map(([name, entities]) => h("section", { "aria-label": serviceName(name) },
    h("h2", {}, serviceName(name)),
    Object.entries(entities).map(([kind, number]) => h("a", { href: `#/entities/${name}/${kind}`, "aria-current": name === service && kind === entity ? "page" : null },
      h("span", {}, readable(kind)), h("span", { class: "muted" }, Number(number).toLocaleString("en")))))));
  if (hadFocus) [...view.menu.querySelectorAll("a")].find((link) => link.getAttribute("href") === hadFocus)?.focus();
}

function readable(name) {
  return name.replace(/_/g, " ");
}

async function showTable(view, service, entity) {
  view.shownTable = `${service}/${entity}`;
  const place = h("div", { class: "scroll" });
  const pages = h("div", { class: "bar" });
  const search = h("input", { type: "search", id: "filter-rows", class: "grow", "aria-label": `Text in ${readable(entity)}`, placeholder: "Text", value: view.text, autocomplete: "off" });
  const load = async () => {
    const path = `state/${service}/${entity}${query({ page: view.page, limit: ROWS_PER_PAGE, text: view.text })}`;
    const { rows, total } = await api("GET", path);
    if (view.shownTable !== `${service}/${entity}`) return;
    place.replaceChildren(rows.length === 0 ? h("p", { class: "empty" }, view.text ? "No row has this text." : "There is none yet.") : rowsTable(view, service, entity, rows));
    pages.replaceChildren(...pageButtons(view, total, load));
    markRow(view, view.parts[2]);
  };
  search.addEventListener("input", debounced(200, () => {
    Object.assign(view, { text: search.value, page: 1 });
    attempt(load);
  }));
  const wasTyping = document.activeElement?.id === "filter-rows";
  view.table.replaceChildren(h("div", { class: "bar" }, h("h2", {}, readable(entity)), search), place, pages);
  if (wasTyping) search.focus();
  await load();
}

function rowsTable(view, service, entity, rows) {
  const columns = columnsOf(rows);
  const link = (row, text) => h("a", { href: `#/entities/${service}/${entity}/${encodeURIComponent(keyOf(entity, row))}` }, text);
  return h("div", { class: "table", tabindex: 0, role: "region", "aria-label": `Table of ${readable(entity)}` }, h("table", {},
    h("thead", {}, h("tr", {}, columns.map((column, index) => h("th", { scope: "col", class: columnClass(index) }, shown(column))))),
    h("tbody", {}, rows.map((row) => h("tr", { "data-key": keyOf(entity, row) }, columns.map((column, index) => {
      const text = cellText(row[column]);
      return h("td", { class: columnClass(index), title: text }, index === 0 ? link(row, text) : text);
    }))))));
}

/** The columns of rows: telling members first, then others as they come; only those that fit a cell. */
function columnsOf(rows) {
  const seen = new Set();
  for (const row of rows) {
    for (const [key, value] of Object.entries(row)) if (value !== null && typeof value !== "object") seen.add(key);
  }
  const rank = (key) => (TELLING.includes(key) ? TELLING.indexOf(key) : TELLING.length);
  const columns = [...seen].sort((one, other) => rank(one) - rank(other)).slice(0, MOST_COLUMNS);
  return columns.length > 0 ? columns : Object.keys(rows[0]).slice(0, 1);
}

/** The class by which a column is left out on a phone, or beside a detail. */
function columnClass(index) {
  return [index > 2 ? "minor" : "", index > 4 ? "extra" : ""].join(" ").trim() || null;
}

/** The member by which the API finds a row. */
function keyOf(entity, row) {
  const name = entity.startsWith("reference_") ? "code" : ["id", "ID", "token", "code"].find((known) => row[known] !== undefined && row[known] !== null);
  return String(name === undefined ? Object.values(row)[0] : row[name]);
}

function cellText(value) {
  if (value === undefined || value === null) return "";
  return shown(typeof value === "object" ? JSON.stringify(value) : value);
}

function markRow(view, id) {
  for (const row of view.table.querySelectorAll("tr[data-key]")) {
    row.classList.toggle("picked", row.dataset.key === id);
    const link = row.querySelector("a");
    if (row.dataset.key === id) link?.setAttribute("aria-current", "true");
    else link?.removeAttribute("aria-current");
  }
}

function pageButtons(view, total, load) {
  const pages = Math.max(1, Math.ceil(total / ROWS_PER_PAGE));
  const go = (step) => {
    view.page += step;
    attempt(load);
  };
  return [
    button("Previous", () => go(-1), { disabled: view.page <= 1 }),
    button("Next", () => go(1), { disabled: view.page >= pages }),
    h("p", { class: "muted end" }, `Page ${view.page} of ${pages} · ${count(total, "row")}`),
  ];
}

async function showRow(view, service, entity, id, isRefresh) {
  const path = `state/${service}/${entity}/${encodeURIComponent(id)}`;
  const [row, history] = await Promise.all([apiText("GET", path), historyOf(service, entity, path)]);
  if (view.parts[2] !== id) return;
  view.detail.replaceChildren(
    detailHead(`${readable(entity)} ${shown(id)}`, `#/entities/${service}/${entity}`, h("p", { class: "line" }, serviceName(service))),
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "The row in full" }, h("div", { class: "sheet" },
      section("Now", treeView(readJson(row))),
      history === null ? null : section("History", historyTable(history)),
      hasHistory(service, entity) ? changeForm(entity, row) : null)));
  if (!isRefresh) view.detail.querySelector("h2").focus({ preventScroll: true });
}

/** Entities with a history, which managers can change as well, by their name for POST /api/changes. */
const WITH_HISTORY = { orders: "order", customers: "customer", corporate_customers: "corporate_customer" };

function hasHistory(service, entity) {
  return service === "retailcrm" && entity in WITH_HISTORY;
}

/** The history of a row; null where the service keeps none. */
async function historyOf(service, entity, path) {
  return hasHistory(service, entity) ? (await api("GET", `${path}/history`)).history : null;
}

/** A change as a manager makes it: the history names the source "user". */
function changeForm(entity, row) {
  const { id } = JSON.parse(row);
  const changes = h("textarea", { id: "change-fields", spellcheck: "false", placeholder: '{"status": "complete"}' });
  const failed = failurePlace();
  const send = (event) => {
    event.preventDefault();
    attempt(async () => {
      await api("POST", "changes", { entity: WITH_HISTORY[entity], id, changes: parsedOr(changes.value, "changes") });
      return "Changed.";
    }, failed);
  };
  return h("form", { onsubmit: send }, h("h3", {}, "Change it as a manager"), labelled("Fields, as JSON of the API", changes),
    h("div", { class: "actions" }, h("button", { type: "submit", id: "change" }, "Change")), failed);
}

function historyTable(history) {
  if (history.length === 0) return h("p", { class: "muted" }, "Nothing has changed yet.");
  const newest = [...history].reverse();
  return h("table", { id: "history" },
    h("thead", {}, h("tr", {}, ["When", "Source", "Field", "Before", "After"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, newest.map((entry) => h("tr", {},
      h("td", {}, shown(entry.createdAt ?? entry.at ?? "")),
      h("td", {}, shown(entry.source ?? "")),
      h("td", {}, shown(changeOf(entry))),
      h("td", {}, cellText(entry.oldValue)),
      h("td", {}, cellText(entry.newValue))))));
}

function changeOf(entry) {
  if (entry.created) return "created";
  if (entry.deleted) return "deleted";
  return entry.field ?? entry.change ?? "";
}
