// The section "Requests": the live list with its filters, and one request beside it.

const COLUMNS = [["id", "Id"], ["time", "Time"], ["service", "Service"], ["method", "Method"], ["path", "Path"], ["status", "Status"], ["took", "Took"], ["notes", "Notes"]];
/** At most this often the number of new requests is spoken. */
const SPEAK_EVERY = 15000;

function requestsView() {
  const list = virtualList({
    label: "Requests, newest first", columns: COLUMNS, rows: () => log.rows, render: requestCells,
    onopen: (summary, by) => openRequest(summary.id, by),
    onend: () => { if (log.next !== null) loadOlder().catch(() => {}); },
  });
  const empty = h("div", { class: "empty", hidden: true });
  const counted = h("p", { class: "muted end" });
  const detail = h("section", { class: "pane detail", "aria-label": "The request" });
  const root = h("div", { class: "view split" },
    h("section", { class: "pane aside", "aria-label": "List of requests" }, filterBar(counted), list.scroller, empty),
    detail);
  const view = { root, list, detail, shownId: null, show: (route) => showRequests(view, route) };

  on("log", ({ added, isNew }) => {
    if (isNew) list.scroller.scrollTop = 0;
    showEmpty(list, empty);
    pushedDown(list, isNew ? 0 : added);
    if (isNew && view.shownId !== null) activate(list, view.shownId);
    counted.textContent = countText();
    if (added) speakNew(added);
  });
  on("held", () => { counted.textContent = countText(); });
  return view;
}

function countText() {
  const all = count(log.total, "request");
  return log.isPaused ? `Paused · ${count(log.held, "new", "new")}` : all;
}

function requestCells(summary) {
  const cell = (className, ...content) => h("span", { class: className, role: "gridcell" }, ...content);
  return [
    cell("id", summary.id),
    cell("time", timeOfDay(summary.at)),
    cell("service", serviceName(summary.service)),
    cell("method mono", shown(summary.method)),
    cell("path", h("a", { href: requestLink(summary.id), tabindex: -1 }, shown(summary.path)),
      summary.operation ? h("span", { class: "operation" }, shown(summary.operation)) : null),
    cell(`status ${statusClass(summary.status)}`, statusText(summary.status)),
    cell("took", milliseconds(summary.duration_ms)),
    notesCell(summary, cell),
  ];
}

function notesCell({ fault, reasons }, cell) {
  const notes = [fault ? shown(fault) : null, reasons ? count(reasons, "reason") : null].filter(Boolean).join(" · ");
  return cell(`notes ${fault ? "caution" : "muted"}`, notes);
}

function showEmpty(list, empty) {
  const isEmpty = log.rows.length === 0;
  list.scroller.hidden = isEmpty;
  empty.hidden = !isEmpty;
  if (!isEmpty) return;
  const isFiltered = Object.values(log.filter).some((value) => value !== "");
  empty.replaceChildren(...(isFiltered
    ? [h("p", {}, "No request matches the filter.")]
    : [h("p", {}, "No request has arrived yet. Point a client at one of these addresses; each request appears here at once."),
       h("dl", { class: "facts" }, services.map(({ service, url }) => fact(serviceName(service), h("code", {}, url)))),
       h("p", {}, "The credentials are in the section ", h("a", { href: "#/sandbox" }, "Sandbox"), ".")]));
}

let unspoken = 0;
let lastSpoken = -SPEAK_EVERY;

/** New requests are spoken seldom and as a number, and only while the list is what a person looks at. */
function speakNew(added) {
  unspoken += added;
  if (currentRoute.view !== "requests" || performance.now() - lastSpoken < SPEAK_EVERY) return;
  announceAside(count(unspoken, "new request"));
  lastSpoken = performance.now();
  unspoken = 0;
}

// The filters.

function filterBar(counted) {
  const service = select([["", "All services"], ...Object.entries(SERVICES)], { id: "filter-service", "aria-label": "Service" });
  const status = h("input", { id: "filter-status", "aria-label": "Status: 403, 4xx or none", placeholder: "Status", size: 6, list: "statuses", autocomplete: "off" });
  const text = h("input", { id: "filter-text", type: "search", class: "grow", "aria-label": "Text in the request or its answer", placeholder: "Text", "aria-keyshortcuts": "/", autocomplete: "off" });
  const pause = button("Pause", () => togglePause(), { id: "pause", "aria-pressed": false, "aria-keyshortcuts": "p" });
  const apply = () => applyFilter({ service: service.value, status: status.value.trim().toLowerCase(), text: text.value }, status);
  service.addEventListener("change", apply);
  for (const input of [status, text]) input.addEventListener("input", debounced(200, apply));
  return h("div", { class: "bar", role: "search", "aria-label": "Filter" }, service, status,
    h("datalist", { id: "statuses" }, ["2xx", "3xx", "4xx", "5xx", "none"].map((value) => h("option", { value }))),
    text, pause, counted);
}

async function applyFilter(filter, statusInput) {
  const isStatus = /^([1-5]\d\d|[1-5]xx|none)?$/.test(filter.status);
  statusInput.setAttribute("aria-invalid", !isStatus);
  if (!isStatus) return;
  log.filter = filter;
  if (currentRoute.view === "requests") history.replaceState(null, "", requestLink(currentRoute.parts[0]));
  await attempt(async () => {
    await reloadLog();
    announce(count(log.total, "request matches", "requests match"));
  });
}

async function togglePause() {
  await pauseLog(!log.isPaused).catch((error) => notice(error.message));
  byId("pause").setAttribute("aria-pressed", log.isPaused);
  byId("pause").textContent = log.isPaused ? "Resume" : "Pause";
  announce(log.isPaused ? "Paused: new requests are held back." : "New requests are shown again.");
}

/** The address of a request, or of the list, with the filter in it. */
function requestLink(id) {
  return `#/requests${id ? `/${id}` : ""}${query(log.filter)}`;
}

// One request.

function openRequest(id, by) {
  const isWide = matchMedia("(min-width: 960px)").matches;
  // On a narrow screen a request covers the list, so arrows only move along it.
  if (by === "arrow" && !isWide) return;
  if (by === "arrow") navigateQuietly(requestLink(id));
  else location.hash = requestLink(id);
}

async function showRequests(view, { parts, values }) {
  takeFilter(values);
  const id = Number(parts[0]) || null;
  const hadFocus = view.root.contains(document.activeElement) && document.activeElement !== view.list.scroller;
  view.root.classList.toggle("has-detail", id !== null);
  activate(view.list, id);
  if (id === view.shownId) return;
  view.shownId = id;
  if (id === null) {
    view.detail.replaceChildren();
    if (hadFocus) view.list.scroller.focus();
    return;
  }
  await showRequest(view, id);
}

/** Takes the filter of a link that was opened, when it has one. */
function takeFilter(values) {
  const asked = { service: values.get("service") ?? "", status: values.get("status") ?? "", text: values.get("text") ?? "" };
  const isSame = Object.keys(asked).every((name) => asked[name] === log.filter[name]);
  if (isSame || [...values.keys()].length === 0) return;
  for (const name of Object.keys(asked)) byId(`filter-${name}`).value = asked[name];
  log.filter = asked;
  reloadLog().catch(() => {});
}

async function showRequest(view, id) {
  try {
    const [exchange, explained] = await Promise.all([api("GET", `requests/${id}`), api("GET", `requests/${id}/explain`)]);
    if (view.shownId !== id) return;
    view.detail.replaceChildren(...requestDetail(exchange, explained));
  } catch (error) {
    if (!(error instanceof ApiError) || view.shownId !== id) return;
    const why = error.status === 404 ? `Request ${id} is not known, or no longer kept.` : error.message;
    view.detail.replaceChildren(detailHead(`Request ${id}`, "#/requests"), h("div", { class: "empty" }, h("p", { role: "alert" }, why)));
  }
  // Arrows go on through the list; whoever opened a request reads it now.
  if (document.activeElement !== view.list.scroller || !matchMedia("(min-width: 960px)").matches) {
    view.detail.querySelector("h2").focus({ preventScroll: true });
  }
}
