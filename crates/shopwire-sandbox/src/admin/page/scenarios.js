// The section "Scenarios": faults over time, those that ship and those from a file.

function scenariosView() {
  const running = h("div");
  const shipped = h("div", { class: "cards" });
  const file = h("input", { type: "file", accept: ".json,application/json", id: "scenario-file" });
  const failed = failurePlace();
  const root = h("div", { class: "view" }, h("div", { class: "scroll" }, h("div", { class: "sheet" },
    h("section", {}, h("h2", { tabindex: -1, id: "running-title" }, "Running"), running),
    h("section", {}, h("h2", {}, "Scenarios"), h("p", { class: "muted" }, "A scenario sets faults step by step, by the sandbox's clock. Advance the clock to reach a later step at once."), shipped),
    h("section", {}, h("h2", {}, "From a file"), labelled("Scenario as JSON", file, 'An object with "steps", as POST /api/scenario takes it.'), failed))));
  const view = { root, running, shipped, failed };
  view.show = () => attempt(() => showScenarios(view));
  file.addEventListener("change", () => attempt(async () => {
    const text = await file.files[0].text();
    file.value = "";
    return startScenario(view, parsedOr(text, "scenario"));
  }, failed));
  for (const event of ["clock", "fault", "state"]) on(event, debounced(100, () => { if (currentRoute.view === "scenarios") attempt(() => showRunning(view)); }));
  return view;
}

async function startScenario(view, scenario) {
  await api("POST", "scenario", scenario);
  await showRunning(view);
  return "The scenario runs.";
}

async function showScenarios(view) {
  await showRunning(view);
  const known = await api("GET", "scenarios");
  view.shipped.replaceChildren(...known.map((scenario) => {
    const steps = (scenario.steps ?? []).map((step) => h("tr", {}, h("td", { class: "number" }, `${step.at_s} s`), h("td", {}, stepText(step))));
    return h("article", { class: "block" }, h("h3", {}, shown(scenario.name)),
      scenario.description ? h("p", { class: "muted" }, shown(scenario.description)) : null,
      steps.length ? h("details", {}, h("summary", {}, count(steps.length, "step")), h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "number" }, "After"), h("th", { scope: "col" }, "Faults"))), h("tbody", {}, steps))) : null,
      h("div", { class: "actions" }, button("Start", () => attempt(() => startScenario(view, { name: scenario.name })), { "aria-label": `Start ${scenario.name}` })));
  }));
}

function stepText({ clear, faults }) {
  const set = (faults ?? []).map((fault) => `${fault.kind} at ${serviceName(fault.service)}${fault.operation || fault.path ? ` (${whereOf(fault)})` : ""}`);
  return shown([clear ? "all faults end" : null, ...set].filter(Boolean).join("; ")) || "nothing";
}

async function showRunning(view) {
  const scenario = await api("GET", "scenario");
  if (!scenario) return view.running.replaceChildren(h("p", { class: "muted" }, "None."));
  const stop = button("Stop", () => attempt(async () => {
    await api("DELETE", "scenario");
    await showRunning(view);
    byId("running-title").focus();
    return "The scenario is stopped.";
  }));
  view.running.replaceChildren(h("p", {}, runningText(scenario)), h("div", { class: "actions" }, stop));
}

function runningText({ name, finished, elapsed_s, done, steps, next_s }) {
  const progress = `${done} of ${count(steps, "step")} done after ${Math.floor(elapsed_s)} s`;
  const next = finished ? "the last faults stay until you stop it" : `the next step comes at ${next_s} s`;
  return shown(`${name ?? "From a file"}: ${progress}; ${next}.`);
}
