// The section "Webhooks": what the services posted, each attempt, sending again and sending by hand.

const STATES = { pending: "caution", delivered: "good", failed: "bad", lost: "bad" };

function webhooksView() {
  const place = h("div", { class: "scroll" });
  const detail = h("section", { class: "pane detail", "aria-label": "The webhook" });
  const root = h("div", { class: "view split" },
    h("section", { class: "pane aside", "aria-label": "List of webhooks" }, h("div", { class: "bar" },
      h("h2", {}, "Webhooks"), button("Send one by hand", () => { location.hash = "#/webhooks/new"; }, { class: "end" })), place),
    detail);
  const view = { root, place, detail, webhooks: [], id: null, drawn: "" };
  view.show = ({ parts }) => showWebhooks(view, parts[0] ?? null);
  const refresh = debounced(100, () => { if (currentRoute.view === "webhooks") attempt(() => loadWebhooks(view)); });
  on("webhook", refresh);
  on("state", refresh);
  return view;
}

async function showWebhooks(view, id) {
  view.id = id;
  view.drawn = "";
  view.root.classList.toggle("has-detail", id !== null);
  if (id === "new") view.detail.replaceChildren(...webhookForm());
  await attempt(() => loadWebhooks(view));
  if (id !== null) view.detail.querySelector("h2")?.focus({ preventScroll: true });
}

async function loadWebhooks(view) {
  const answer = await api("GET", "webhooks");
  view.webhooks = answer.webhooks;
  view.place.replaceChildren(view.webhooks.length === 0
    ? h("div", { class: "empty" }, h("p", {}, "No webhook was sent yet. Services send them to the addresses that clients register."))
    : webhooksTable(view));
  if (view.id === null || view.id === "new") return;
  const webhook = view.webhooks.find(({ id }) => String(id) === view.id);
  // A detail that did not change stays, with its focus and what was opened in it.
  const text = JSON.stringify(webhook ?? null);
  if (text === view.drawn) return;
  view.drawn = text;
  view.detail.replaceChildren(...(webhook ? webhookDetail(webhook)
    : [detailHead(`Webhook ${shown(view.id)}`, "#/webhooks"), h("p", { class: "empty" }, "It is not known.")]));
}

function webhooksTable(view) {
  const row = ({ id, at, service, event, state, attempts, url }) => h("tr", { class: String(id) === view.id ? "picked" : null },
    h("td", {}, h("a", { href: `#/webhooks/${id}` }, `${id}`)),
    h("td", {}, timeOfDay(at)), h("td", {}, serviceName(service)), h("td", {}, shown(event)),
    h("td", { class: STATES[state] }, shown(state)), h("td", {}, count(attempts.length, "attempt")),
    h("td", { class: "minor mono", title: shown(url) }, shown(url)));
  return h("div", { class: "table", tabindex: 0, role: "region", "aria-label": "Table of webhooks" }, h("table", { class: "stacked" },
    h("thead", {}, h("tr", {}, ["Id", "Time", "Service", "Event", "State", "Attempts", "Address"].map((name) => h("th", { scope: "col", class: name === "Address" ? "minor" : null }, name)))),
    h("tbody", {}, view.webhooks.map(row))));
}

function webhookDetail(webhook) {
  const failed = failurePlace();
  const resend = button("Send again", () => attempt(async () => {
    await api("POST", `webhooks/${webhook.id}/resend`);
    return `Webhook ${webhook.id} is sent again.`;
  }, failed), { id: "webhook-resend" });
  return [
    detailHead(h("span", {}, `${serviceName(webhook.service)}: `, shown(webhook.event)), "#/webhooks",
      h("p", { class: "line" }, h("strong", { class: STATES[webhook.state] }, shown(webhook.state)), h("span", {}, `Webhook ${webhook.id}`), h("span", {}, dateAndTime(webhook.at))),
      h("div", { class: "actions" }, resend), failed),
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "The webhook in full" }, h("div", { class: "sheet" },
      section("Address", h("code", {}, shown(webhook.url))),
      section("Attempts", attemptsTable(webhook.attempts)),
      section("Body", bodyView(webhook.body, null, "Body of the webhook")))),
  ];
}

function attemptsTable(attempts) {
  if (attempts.length === 0) return h("p", { class: "muted" }, "None yet.");
  return h("table", { id: "attempts" },
    h("thead", {}, h("tr", {}, ["When", "Status", "Took", "Error"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, attempts.map(({ at, status, duration_ms, error }) => h("tr", {},
      h("td", {}, dateAndTime(at)), h("td", { class: statusClass(status) }, statusText(status)),
      h("td", {}, milliseconds(duration_ms)), h("td", {}, shown(error ?? ""))))));
}

function webhookForm() {
  const service = select(Object.entries(SERVICES));
  const event = h("input", { required: true, autocomplete: "off" });
  const url = h("input", { autocomplete: "off", inputmode: "url", placeholder: "the registered one" });
  const body = h("textarea", { spellcheck: "false" });
  const failed = failurePlace();
  const send = (submitted) => {
    submitted.preventDefault();
    attempt(async () => {
      const wanted = { service: service.value, event: event.value.trim() };
      if (url.value.trim() !== "") wanted.url = url.value.trim();
      if (body.value.trim() !== "") wanted.body = parsedOr(body.value, "body");
      const sent = await api("POST", "webhooks", wanted);
      location.hash = `#/webhooks/${sent.id}`;
      return "The webhook is sent.";
    }, failed);
  };
  return [detailHead("Send a webhook by hand", "#/webhooks"), h("div", { class: "scroll" }, h("form", { class: "sheet", onsubmit: send },
    h("div", { class: "fields" }, labelled("Service", service), labelled("Event", event, "An unknown name is refused with the list of the known ones."),
      labelled("Address", url), labelled("Body, as JSON", body, "Without one the service makes it up, where it can.", "wide")),
    h("div", { class: "actions" }, h("button", { type: "submit", class: "main" }, "Send")), failed))];
}

/** The value of a JSON text that a person wrote; a mistake names its field. */
function parsedOr(text, field) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiError(0, `${field}: ${error.message}`);
  }
}
