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
  const answer = await api("GET", "scenarios");
  const known = answer.scenarios ?? answer;
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
  const scenario = await currentScenario();
  if (!scenario) return view.running.replaceChildren(h("p", { class: "muted" }, "None."));
  const stop = button("Stop", () => attempt(async () => {
    await api("DELETE", "scenario");
    await showRunning(view);
    byId("running-title").focus();
    return "The scenario is stopped.";
  }));
  view.running.replaceChildren(treeView(readJson(JSON.stringify(scenario))), h("div", { class: "actions" }, stop));
}

async function currentScenario() {
  try {
    const scenario = await api("GET", "scenario");
    return scenario && Object.keys(scenario).length > 0 && scenario.running !== false ? scenario : null;
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
}
