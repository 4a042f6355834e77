// The section "Faults": those that wait to happen, and a button for each kind with a form for its fields.

function faultsView() {
  const active = h("div");
  const kinds = h("div", { class: "choices", role: "group", "aria-label": "Kinds of faults" });
  const form = h("div");
  const root = h("div", { class: "view" }, h("div", { class: "scroll" }, h("div", { class: "sheet" },
    h("section", { "aria-labelledby": "active-title" }, h("h2", { id: "active-title", tabindex: -1 }, "Faults that are set"), active),
    h("section", { "aria-labelledby": "kinds-title" }, h("h2", { id: "kinds-title" }, "Set a fault"), h("p", { class: "muted" }, "Choose a kind, change its fields where you want, and set it."), h("div", { class: "block" }, kinds), form))));
  const view = { root, active, kinds, form, known: [] };
  view.show = ({ parts }) => attempt(() => showFaults(view, parts[0]));
  const refresh = debounced(100, () => { if (currentRoute.view === "faults") attempt(() => loadFaults(view)); });
  on("fault", refresh);
  on("state", refresh);
  return view;
}

async function showFaults(view, kind) {
  if (view.known.length === 0) view.known = await api("GET", "faults/kinds");
  view.kinds.replaceChildren(...view.known.map((known) => button(known.title, () => { location.hash = `#/faults/${known.kind}`; },
    { "data-kind": known.kind, "aria-pressed": known.kind === kind, title: known.description })));
  if (kind) view.kinds.querySelector('[aria-pressed="true"]')?.focus();
  const chosen = view.known.find((known) => known.kind === kind);
  view.form.replaceChildren(...(chosen ? faultForm(chosen) : []));
  await loadFaults(view);
}

async function loadFaults(view) {
  const { faults } = await api("GET", "faults");
  if (faults.length === 0) return view.active.replaceChildren(h("p", { class: "muted" }, "None."));
  const remove = (fault) => attempt(async () => {
    await api("DELETE", `faults/${fault.id}`);
    await loadFaults(view);
    byId("active-title").focus();
    return "The fault is removed.";
  });
  const all = button("Remove all", () => attempt(async () => {
    await api("DELETE", "faults");
    await loadFaults(view);
    byId("active-title").focus();
    return "All faults are removed.";
  }));
  view.active.replaceChildren(h("table", { class: "stacked" },
    h("thead", {}, h("tr", {}, ["Kind", "Service", "Where", "Times", "Happened", ""].map((name) => h("th", { scope: "col" }, name || h("span", { class: "unseen" }, "Remove"))))),
    h("tbody", {}, faults.map((fault) => h("tr", {},
      h("td", {}, shown(fault.kind)), h("td", {}, serviceName(fault.service)), h("td", { class: "mono" }, whereOf(fault)),
      h("td", {}, timesOf(fault)), h("td", {}, happenedText(fault)),
      h("td", { class: "actions-of-row" }, button("Remove", () => remove(fault), { "aria-label": `Remove fault ${fault.id}: ${fault.kind} of ${serviceName(fault.service)}` })))))),
    h("div", { class: "actions" }, all));
}

function whereOf({ operation, method, path }) {
  return shown([operation, method, path].filter(Boolean).join(" ")) || "every request";
}

/** A fault that is over stays in the table, so that one sees that it has happened. */
function happenedText({ times, happened }) {
  if (times === null || times === undefined) return count(happened, "time");
  return `${happened} of ${times}${happened >= times ? ", over" : ""}`;
}

function timesOf({ times, after, rate }) {
  const parts = [times === null || times === undefined ? "always" : count(times, "time")];
  if (after) parts.push(`after ${count(after, "request")}`);
  if (rate !== null && rate !== undefined && rate !== 1) parts.push(`for ${Math.round(rate * 1000) / 10} % of requests`);
  return parts.join(", ");
}

// The form of one kind.

function faultForm(known) {
  const service = select(Object.entries(SERVICES), { id: "fault-service" });
  const controls = known.fields.filter(({ name }) => name !== "kind" && name !== "service").map((field) => faultField(field, known.kind));
  const failed = failurePlace();
  const curl = curlView("", "The fault as curl");
  const value = () => faultValue(known, service, controls);
  const form = h("form", { id: "fault-form", class: "block", "aria-label": known.title, onsubmit: (event) => {
    event.preventDefault();
    attempt(async () => {
      await api("POST", "faults", value());
      return `Set: ${known.title}.`;
    }, failed);
  } },
    h("h3", {}, known.title), h("p", { class: "muted" }, known.description),
    h("div", { class: "fields block" }, labelled("Service", service), controls.map(({ element }) => element)),
    h("div", { class: "actions" }, h("button", { type: "submit", class: "main", id: "fault-set" }, "Set this fault"), curl.copy), failed,
    h("div", { class: "block" }, curl.text));
  const tell = () => {
    try {
      curl.text.textContent = curlOfAdmin("POST", "faults", value());
    } catch (error) {
      curl.text.textContent = error.message;
    }
  };
  form.addEventListener("input", tell);
  tell();
  return [form];
}

/** The control of one field, and how its value is read; an empty control leaves the field out. */
function faultField({ name, type, description, default: byDefault }, kind) {
  const initial = byDefault === null || byDefault === undefined ? "" : typeof byDefault === "object" ? JSON.stringify(byDefault) : String(byDefault);
  // A slow answer needs a time; a second is one to begin with.
  if (name === "latency") return latencyField(description, kind === "latency" ? "1000" : null);
  const isNumber = /^(integer|number)/.test(type);
  const input = h("input", { placeholder: initial, inputmode: isNumber ? "decimal" : null, autocomplete: "off", spellcheck: "false", "data-field": name });
  const read = () => (input.value.trim() === "" ? undefined : readField(name, type, input.value.trim()));
  return { name, element: wireLabelled(name, input, description), read };
}

/** The label is the field's name in the JSON, so that the form and its curl show the same. */
function wireLabelled(name, input, description) {
  const element = labelled(name, input, description);
  element.firstElementChild.classList.add("wire");
  return element;
}

/** The one field that is an object: a fixed time, or the percentiles of a distribution. */
function latencyField(description, fixed) {
  const inputs = ["fixed_ms", "p50_ms", "p99_ms"].map((name) => h("input", { inputmode: "decimal", autocomplete: "off", placeholder: name, "aria-label": `latency.${name}`, size: 8, "data-field": `latency.${name}` }));
  if (fixed) inputs[0].value = fixed;
  const read = () => {
    const given = inputs.filter((input) => input.value.trim() !== "");
    if (given.length === 0) return undefined;
    return Object.fromEntries(given.map((input) => [input.placeholder, readField(`latency.${input.placeholder}`, "number", input.value.trim())]));
  };
  const element = h("fieldset", { class: "field-of-form latency" }, h("legend", { class: "mono" }, "latency"), h("div", { class: "choices" }, inputs), h("p", { class: "hint" }, description));
  return { name: "latency", element, read };
}

function readField(name, type, text) {
  if (/^(integer|number)/.test(type) && text !== "null") {
    const number = Number(text);
    if (Number.isNaN(number)) throw new ApiError(0, `${name}: this is no number`);
    return number;
  }
  if (text === "null") return null;
  return /object|array/.test(type) ? parsedOr(text, name) : text;
}

function faultValue(known, service, controls) {
  const fault = { service: service.value, kind: known.kind };
  for (const { name, read } of controls) {
    const value = read();
    if (value !== undefined) fault[name] = value;
  }
  return fault;
}
