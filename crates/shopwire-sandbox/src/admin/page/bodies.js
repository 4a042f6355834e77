// Bodies of requests, answers and webhooks: as a tree, as fields or as text.

/** The ways in which a body can be shown, the best one first. */
function waysToShow(text, contentType) {
  const ways = [];
  const tree = /^\s*[[{]/.test(text) ? readJson(text) : null;
  if (tree) ways.push(["Tree", () => treeView(tree)]);
  if (/x-www-form-urlencoded/i.test(contentType)) ways.push(["Form", () => fieldsView(formFields(text))]);
  const parts = /multipart\//i.test(contentType) ? multipartFields(text, contentType) : null;
  if (parts) ways.push(["Form", () => fieldsView(parts)]);
  ways.push(["Text", () => textView(text)]);
  return ways;
}

function textView(text) {
  return h("pre", { class: "text", tabindex: 0 }, text);
}

function bodyView(body, contentType, label) {
  if (!body || body.size === 0) return h("p", { class: "muted" }, "No body.");
  const facts = [contentType === null ? null : contentType || "no Content-Type", size(body.size)].filter(Boolean);
  if (body.kept < body.size) facts.push(body.kept === 0 ? "no longer kept" : `only the first ${size(body.kept)} are kept`);
  if (body.kept === 0) return h("p", { class: "caption" }, shown(facts.join(" · ")));
  if (body.base64 !== undefined) facts.push("not UTF-8, shown as Base64");

  const ways = body.base64 === undefined ? waysToShow(body.text, contentType ?? "") : [["Base64", () => textView(body.base64)]];
  const place = h("div");
  const choose = (chosen) => {
    place.replaceChildren(ways[chosen][1]());
    buttons.forEach((element, index) => element.setAttribute("aria-pressed", index === chosen));
  };
  const buttons = ways.map(([name], index) => button(name, () => choose(index), { "aria-label": `${label} as ${name.toLowerCase()}` }));
  choose(0);
  return h("div", {},
    h("div", { class: "caption" }, h("span", {}, shown(facts.join(" · "))),
      ways.length > 1 ? buttons : null,
      body.text === undefined ? null : copyButton("Copy", label.toLowerCase(), () => body.text, { class: "quiet", "aria-label": `Copy ${label.toLowerCase()}` })),
    place);
}

function headersView(headers) {
  if (headers.length === 0) return h("p", { class: "muted" }, "No headers.");
  return h("dl", { class: "facts mono" }, headers.map(([name, value]) => fact(shown(name), visible(value))));
}
