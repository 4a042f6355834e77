// Sections by the address, and the start of the page.

const MAKERS = { requests: requestsView, entities: entitiesView, webhooks: webhooksView, faults: faultsView, scenarios: scenariosView, sandbox: sandboxView };

const views = {};
let currentRoute = { view: null, parts: [], values: new URLSearchParams() };

/** "#/requests/17?status=4xx" as its section, the parts after it and the values of the query. */
function routeOf(hash) {
  const [path, values] = hash.replace(/^#\/?/, "").split("?");
  const [view, ...parts] = path.split("/").filter(Boolean).map(decoded);
  return { view: view in MAKERS ? view : "requests", parts, values: new URLSearchParams(values ?? "") };
}

function route() {
  const before = currentRoute.view;
  currentRoute = routeOf(location.hash);
  const { view: name, parts } = currentRoute;
  const view = (views[name] ??= MAKERS[name]());
  for (const link of document.querySelectorAll("header nav a")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = [parts.join(" "), name[0].toUpperCase() + name.slice(1), "shopwire sandbox"].filter(Boolean).join(" · ");
  if (before !== name) byId("main").replaceChildren(view.root);
  // Whoever changes the section starts reading in it; the first section leaves the focus at the page's start.
  if (before !== null && before !== name) byId("main").focus({ preventScroll: true });
  view.show(currentRoute);
}

/** Changes the address without an entry in the history, for steps along a list. */
function navigateQuietly(hash) {
  history.replaceState(null, "", hash);
  route();
}

/** Reads what every section shows: the requests and the clock. */
function readShared() {
  reloadLog().catch(() => {});
  api("GET", "clock").then(takeClock).catch(() => {});
}

/** Reads anew what is shown, after a while without a connection. */
function refreshAll() {
  readShared();
  views[currentRoute.view].show(currentRoute);
}

function start() {
  helpDialog();
  views.requests = requestsView();
  on("request", arrived);
  on("clock", takeClock);
  // A change by a manager leaves the requests as they are.
  on("state", (state) => { if (state?.by !== "change") reloadLog().catch(() => {}); });
  // The first section is shown when the addresses of the services are known.
  on("started", () => {
    route();
    readShared();
  });
  on("connected", refreshAll);
  on("restarted", () => {
    // Another sandbox gives the same id to another request.
    views.requests.shownId = null;
    refreshAll();
  });
  document.addEventListener("keydown", onKey);
  byId("skip").addEventListener("click", () => byId("main").focus());
  byId("notice").lastElementChild.addEventListener("click", () => {
    byId("notice").hidden = true;
    byId("main").focus({ preventScroll: true });
  });
  window.addEventListener("hashchange", () => { if (!live.isFirst) route(); });
  document.addEventListener("visibilitychange", onVisibility);
  setInterval(showClock, 1000);
  connect();
}

start();
