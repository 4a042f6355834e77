// The stream of server-sent events, and what happens when it breaks.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;

// Listeners by event; besides those of the sandbox there are "started", "connected" and
// "restarted" of our own.
const listeners = {};

function on(event, listener) {
  (listeners[event] ??= []).push(listener);
}

function emit(event, value) {
  for (const listener of listeners[event] ?? []) listener(value);
}

const live = { source: null, wait: FIRST_WAIT, wasLost: false, isFirst: true };

function showConnection(state, text) {
  const place = byId("connection");
  place.dataset.state = state;
  place.textContent = text;
}

/**
 * Opens the stream. We reconnect ourselves: a browser that did so would ask for events since an id of the process
 * before, and would not read anew what a restart has changed.
 */
function connect() {
  const source = new EventSource("/api/events");
  live.source = source;
  source.onopen = () => connected();
  source.onerror = () => lost(source);
  for (const event of ["request", "webhook", "fault", "clock", "state"]) {
    source.addEventListener(event, ({ data }) => emit(event, data === "" ? null : JSON.parse(data)));
  }
}

/** A hidden tab gives its connection back: a browser opens six to one server, over all tabs. */
function onVisibility() {
  if (document.hidden && live.source) {
    live.source.close();
    live.source = null;
  } else if (!document.hidden && !live.source && !live.wasLost) {
    connect();
  }
}

async function connected() {
  try {
    const isOther = await loadServices();
    live.wait = FIRST_WAIT;
    showConnection("live", "Live");
    if (isOther) notice("The sandbox was restarted. Its addresses and credentials may be new, and what it held before is gone.");
    else if (live.wasLost) notice("Connected to the sandbox again.");
    live.wasLost = false;
    const event = live.isFirst ? "started" : isOther ? "restarted" : "connected";
    live.isFirst = false;
    emit(event);
  } catch {
    lost(live.source);
  }
}

function lost(source) {
  if (source !== live.source) return;
  source.close();
  live.source = null;
  showConnection("lost", "No connection");
  if (!live.wasLost) notice("The connection to the sandbox is lost. This page connects again by itself.");
  live.wasLost = true;
  setTimeout(connect, live.wait);
  live.wait = Math.min(LONGEST_WAIT, live.wait * 2);
}
