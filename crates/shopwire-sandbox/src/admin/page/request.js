// One request in full: what was wrong with it, the signature, what was sent and answered.

function detailHead(title, back, ...rest) {
  return h("header", { class: "head" },
    h("a", { class: "back", href: back }, "Back to the list"),
    h("h2", { tabindex: -1 }, title), ...rest);
}

function requestDetail(exchange, explained) {
  const curl = curlOf(exchange, serviceUrl(exchange.service));
  return [
    detailHead(h("span", { class: "mono" }, shown(exchange.method), " ", shown(exchange.path)), requestLink(),
      factsLine(exchange), requestActions(exchange, curl)),
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": `Request ${exchange.id}` }, h("div", { class: "sheet" },
      reasonsSection(exchange),
      explained.signature ? signatureSection(explained.signature) : null,
      exchange.query ? section("Query", fieldsView(formFields(exchange.query))) : null,
      messageSection("Request", exchange.request),
      exchange.answer ? messageSection("Answer", exchange.answer) : section("Answer", h("p", { class: "muted" }, "None was sent.")),
      curl === null ? null : section("As curl", h("pre", { class: "text", tabindex: 0, id: "curl", "aria-label": "The request as curl" }, curl)))),
  ];
}

function factsLine(exchange) {
  const parts = [
    h("strong", { class: statusClass(exchange.status) }, exchange.status === null ? "No answer" : `Status ${exchange.status}`),
    h("span", {}, `Request ${exchange.id}`), h("span", {}, serviceName(exchange.service)),
    exchange.operation ? h("span", { class: "mono" }, shown(exchange.operation)) : null,
    h("span", {}, dateAndTime(exchange.at)),
    exchange.duration_ms === null ? null : h("span", {}, milliseconds(exchange.duration_ms)),
    exchange.fault ? h("span", { class: "caution" }, `Fault: ${shown(exchange.fault)}`) : null,
    exchange.processed === false ? h("span", {}, "Without effect") : null,
  ];
  return h("p", { class: "line" }, parts);
}

function requestActions(exchange, curl) {
  const failed = failurePlace();
  const isWhole = curl !== null;
  const why = isWhole ? null : h("span", { class: "hint" }, "Its body was not kept whole, so it cannot be sent again.");
  return [h("div", { class: "actions" },
    copyButton("Copy as curl", "the request as curl", () => curl, { id: "copy-curl", disabled: !isWhole, "aria-keyshortcuts": "c" }),
    button("Send again", () => sendAgain(exchange.id, failed), { id: "send-again", disabled: !isWhole, "aria-keyshortcuts": "r" }), why), failed];
}

async function sendAgain(id, failed) {
  await attempt(async () => {
    const sent = await api("POST", `requests/${id}/resend`);
    location.hash = requestLink(sent.id);
    return `Sent again as request ${sent.id}.`;
  }, failed);
}

function reasonsSection(exchange) {
  const { reasons, status } = exchange;
  if (reasons.length === 0) return null;
  const isRefused = status === null || status >= 400;
  const title = isRefused ? "Why it was refused" : "What is odd about it";
  return section(title, h("ul", { class: "reasons" }, reasons.map((reason) => reasonItem(reason, isRefused))));
}

function reasonItem({ kind, field, message, detail }, isRefused) {
  return h("li", { class: isRefused ? null : "mild" }, h("span", { class: "kind" }, kind), h("div", {},
    field ? h("code", { class: "field" }, shown(field)) : null,
    h("span", {}, shown(message)),
    detail ? h("div", { class: "detail-of-reason" }, reasonDetail(kind, detail)) : null));
}

/** The limiter's window is told with links to the requests in it; other details are a tree. */
function reasonDetail(kind, detail) {
  if (kind !== "limit" || !Array.isArray(detail.requests)) return treeView(readJson(JSON.stringify(detail)));
  return h("p", {}, `${count(detail.allowed, "request")} are allowed in ${milliseconds(detail.window_ms)}. In the window: `,
    detail.requests.map((id, index) => [index > 0 ? ", " : "", h("a", { href: requestLink(id) }, String(id))]));
}

function messageSection(title, { headers, body }) {
  return section(title, headersView(headers), bodyView(body, headerValue(headers, "content-type"), `Body of the ${title.toLowerCase()}`));
}
