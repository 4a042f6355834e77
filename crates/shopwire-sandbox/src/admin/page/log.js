// The requests that the page knows of: one filtered list, newest first. The sandbox filters; the page only asks.

const PAGE_SIZE = 1000;
/** Wait before arrivals are shown together; 20 times a second is live enough for people. */
const GATHER = 50;

const log = {
  filter: { service: "", status: "", text: "" },
  rows: [],
  total: 0,
  next: null,
  isPaused: false,
  held: 0,
  arrivals: [],
  turn: 0,
};

/** Reads the list anew; an answer to an older question is dropped. */
async function reloadLog() {
  const turn = (log.turn += 1);
  log.arrivals = [];
  log.held = 0;
  const page = await api("GET", `requests${query({ ...log.filter, limit: PAGE_SIZE })}`);
  if (turn !== log.turn) return;
  Object.assign(log, { rows: page.requests, total: page.total, next: page.next });
  emit("log", { added: 0, isNew: true });
}

let isLoadingOlder = false;

/** Reads the next older page, when the end of the list comes in sight. */
async function loadOlder() {
  if (log.next === null || isLoadingOlder) return;
  isLoadingOlder = true;
  const turn = log.turn;
  try {
    const before = log.rows.at(-1).id;
    const page = await api("GET", `requests${query({ ...log.filter, before, limit: PAGE_SIZE })}`);
    if (turn !== log.turn) return;
    log.rows = log.rows.concat(page.requests);
    log.next = page.next;
    emit("log", { added: 0 });
  } finally {
    isLoadingOlder = false;
  }
}

function arrived(summary) {
  if (log.isPaused) {
    log.held += 1;
    emit("held");
    return;
  }
  log.arrivals.push(summary);
  if (log.arrivals.length === 1) setTimeout(showArrivals, GATHER);
}

async function showArrivals() {
  const arrivals = log.arrivals;
  log.arrivals = [];
  if (arrivals.length === 0) return;
  // Only the sandbox can search bodies, so with a text it is asked for what is new.
  if (log.filter.text !== "") return void addNewer().catch(() => {});
  merge(arrivals.filter(matches));
}

async function addNewer() {
  const turn = log.turn;
  const page = await api("GET", `requests${query({ ...log.filter, after: log.rows[0]?.id ?? 0, limit: PAGE_SIZE })}`);
  if (turn === log.turn) merge(page.requests);
}

function matches({ service, status }) {
  const wanted = log.filter.status;
  const isStatus = wanted === "" || statusText(status) === wanted || (wanted.endsWith("xx") && String(status)[0] === wanted[0]);
  return isStatus && (log.filter.service === "" || log.filter.service === service);
}

/** Puts new rows on top. Answers do not come in the order of requests, so the newest part may need sorting. */
function merge(newer) {
  const known = new Set(log.rows.slice(0, newer.length + PAGE_SIZE).map(({ id }) => id));
  const added = newer.filter(({ id }) => !known.has(id)).sort((one, other) => other.id - one.id);
  if (added.length === 0) return;
  const isAbove = log.rows.length === 0 || added.at(-1).id > log.rows[0].id;
  log.rows = added.concat(log.rows);
  if (!isAbove) log.rows.sort((one, other) => other.id - one.id);
  log.total += added.length;
  emit("log", { added: added.length });
}

async function pauseLog(isPaused) {
  log.isPaused = isPaused;
  if (!isPaused) await reloadLog();
  emit("held");
}

function neighbour(id, step) {
  const at = log.rows.findIndex((row) => row.id === id);
  return at === -1 ? log.rows[0] : log.rows[at + step];
}
