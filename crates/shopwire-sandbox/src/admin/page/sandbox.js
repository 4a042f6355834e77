// The section "Sandbox": addresses and credentials, the clock, snapshots, reset, seed, HAR.

const MOST_BYTES = 256 * 1024 * 1024;

function sandboxView() {
  const connection = h("div");
  const view = { root: h("div", { class: "view" }, h("div", { class: "scroll" }, h("div", { class: "sheet" },
    h("h2", { tabindex: -1, class: "unseen" }, "Sandbox"),
    h("div", { class: "columns" }, connectionSection(connection), clockSection(), harSection(), snapshotSection(), resetSection(), seedSection())))) };
  view.show = () => showConnections(connection);
  on("connected", () => showConnections(connection));
  on("restarted", () => showConnections(connection));
  return view;
}

function connectionSection(place) {
  return section("Addresses and credentials", h("p", { class: "muted" }, "They are worth nothing outside of this sandbox."), place);
}

function showConnections(place) {
  place.replaceChildren(...services.map(({ service, ...values }) => h("div", { class: "block" }, h("h4", {}, serviceName(service)),
    h("dl", { class: "facts" }, Object.entries(values).map(([name, value]) => fact(readable(name), h("code", {}, shown(value))))))));
}

// The clock.

const clock = { now: null, isFrozen: false, readAt: 0 };

function takeClock({ now, frozen }) {
  Object.assign(clock, { now: Date.parse(now), isFrozen: frozen, readAt: performance.now() });
  showClock();
}

/** The sandbox's time now: it runs on between readings unless it is frozen. */
function sandboxTime() {
  return clock.now + (clock.isFrozen ? 0 : performance.now() - clock.readAt);
}

function showClock() {
  if (clock.now === null) return;
  const text = new Date(sandboxTime()).toISOString().slice(0, 19).replace("T", " ");
  byId("top-clock").textContent = clock.isFrozen ? `${text} frozen` : text;
  for (const place of document.querySelectorAll("[data-clock]")) place.textContent = `${text} UTC`;
  for (const box of document.querySelectorAll("[data-frozen]")) box.checked = clock.isFrozen;
}

function clockSection() {
  const failed = failurePlace();
  const advance = (body, what) => attempt(async () => {
    takeClock(await api("POST", "clock/advance", body));
    return `The clock is now at ${byId("top-clock").textContent}${what}.`;
  }, failed);
  const frozen = h("input", { type: "checkbox", "data-frozen": true, onchange: () => attempt(async () => {
    takeClock(await api("PUT", "clock", { frozen: frozen.checked }));
    return frozen.checked ? "The clock stands still." : "The clock runs.";
  }, failed) });
  const seconds = h("input", { type: "number", min: 0, step: "any", size: 8, id: "advance-seconds" });
  const to = h("input", { type: "datetime-local", step: 1, id: "advance-to" });
  const form = h("form", { class: "fields", onsubmit: (event) => {
    event.preventDefault();
    if (seconds.value !== "") advance({ seconds: Number(seconds.value) }, "");
    else if (to.value !== "") advance({ to: `${to.value.padEnd(19, ":00")}Z` }, "");
    else failed.textContent = "Say by how many seconds, or to which time.";
  } }, labelled("By seconds", seconds), labelled("To a time, in UTC", to), h("div", { class: "actions wide" }, h("button", { type: "submit", id: "advance" }, "Advance")));
  return section("Clock", h("p", { class: "mono", "data-clock": true }), labelled("Frozen", frozen),
    h("div", { class: "choices" }, [["1 minute", 60], ["1 hour", 3600], ["1 day", 86400]].map(([label, by]) => button(`+ ${label}`, () => advance({ seconds: by }, ""), { "data-advance": by }))),
    form, failed);
}

// State as a whole.

function snapshotSection() {
  const failed = failurePlace();
  const file = h("input", { type: "file", accept: ".json,application/json", id: "snapshot-file", onchange: () => attempt(async () => {
    const chosen = file.files[0];
    file.value = "";
    if (chosen.size > MOST_BYTES) throw new ApiError(0, `${chosen.name} has ${size(chosen.size)}; a snapshot has at most ${size(MOST_BYTES)}.`);
    await api("PUT", "snapshot", await chosen.text());
    notice("The snapshot is loaded.");
  }, failed) });
  return section("Snapshot", h("p", { class: "muted" }, "Everything that the services hold, in one file."),
    h("div", { class: "actions" }, h("a", { class: "button", href: "/api/snapshot", download: "shopwire-snapshot.json", id: "snapshot-save" }, "Save to a file")),
    labelled("Load from a file", file, "It takes the place of what the services hold now."), failed);
}

function resetSection() {
  const failed = failurePlace();
  const keep = ["requests", "faults", "clock"].map((name) => h("input", { type: "checkbox", value: name }));
  const reset = button("Reset", () => attempt(async () => {
    const kept = keep.filter((box) => box.checked).map((box) => box.value);
    await api("POST", "reset", kept.length > 0 ? { keep: kept } : {});
    notice("The sandbox is as it was at its start.");
  }, failed), { id: "reset" });
  return section("Reset", h("p", { class: "muted" }, "Brings the sandbox back to its start. Addresses and credentials stay."),
    h("fieldset", {}, h("legend", { class: "unseen" }, "What to keep"), keep.map((box) => labelled(`Keep ${box.value}`, box))),
    h("div", { class: "actions" }, reset), failed);
}

const SEEDS = [["retailcrm", "orders", 1000], ["retailcrm", "customers", 300], ["retailcrm", "products", 200], ["nicechat", "products", 200], ["nicechat", "orders", 100], ["uvygoda", "cards", 100]];

function seedSection() {
  const failed = failurePlace();
  const seed = h("input", { type: "number", value: 1, min: 0, step: 1 });
  const counts = SEEDS.map(([service, entity, number]) => ({ service, entity, input: h("input", { type: "number", min: 0, step: 1, value: number }) }));
  const form = h("form", { onsubmit: (event) => {
    event.preventDefault();
    attempt(async () => {
      const wanted = { seed: Number(seed.value) };
      for (const { service, entity, input } of counts) if (input.value !== "") (wanted[service] ??= {})[entity] = Number(input.value);
      await api("POST", "seed", wanted);
      notice("The sandbox is filled with generated data.");
    }, failed);
  } },
    h("div", { class: "fields" }, labelled("Seed", seed), counts.map(({ service, entity, input }) => labelled(`${serviceName(service)}: ${entity}`, input))),
    h("div", { class: "actions" }, h("button", { type: "submit", id: "seed" }, "Reset and fill")), failed);
  return section("Generated data", h("p", { class: "muted" }, "The same seed makes the same data with the same ids and times, each time."), form);
}

function harSection() {
  return section("Requests as HAR", h("p", { class: "muted" }, "All requests that are kept, for tools that read HTTP archives."),
    h("div", { class: "actions" }, h("a", { class: "button", href: "/api/har", download: "shopwire-sandbox.har", id: "har" }, "Download HAR"),
      button("Forget all requests", () => attempt(async () => {
        await api("DELETE", "requests");
        await reloadLog();
        return "All requests are forgotten.";
      }), { id: "forget" })));
}
