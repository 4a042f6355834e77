// Shortcuts of single keys, and the dialog that lists them. They can be turned off, for people who dictate.

const KEYS = [
  ["1 to 6", "Go to a section"], ["/", "Go to the text filter"], ["p", "Pause the list, or resume it"],
  ["j, k", "Next or previous request"], ["↓ ↑ PgDn PgUp Home End", "Move along the list, when it has the focus"], ["Enter", "Read the request"],
  ["c", "Copy the request as curl"], ["r", "Send the request again"], ["Esc", "Close the request"], ["?", "This list"],
];

const OFF = "shopwire-keys-off";

function areKeysOn() {
  return localStorage.getItem(OFF) === null;
}

function helpDialog() {
  const dialog = byId("help");
  const box = h("input", { type: "checkbox", checked: areKeysOn(), onchange: () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } });
  dialog.append(h("h2", { id: "help-title" }, "Keys"),
    h("dl", { class: "keys" }, KEYS.map(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)])),
    h("p", {}, h("label", { class: "check" }, box, "Keys are on")),
    h("div", { class: "actions" }, button("Close", () => dialog.close(), { class: "main" })));
  byId("help-open").addEventListener("click", () => dialog.showModal());
}

function isTyping(target) {
  return target.matches("input:not([type=checkbox]):not([type=file]), textarea, select");
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || byId("help").open || !areKeysOn()) return;
  if (isTyping(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const action = keyAction(event.key);
  if (!action) return;
  event.preventDefault();
  action();
}

function keyAction(key) {
  if (key === "?") return () => byId("help").showModal();
  const section = document.querySelectorAll("header nav a")[Number(key) - 1];
  if (/^[1-9]$/.test(key) && section) return () => section.click();
  if (key === "Escape" && currentRoute.parts.length > 0) return closeDetail;
  if (key === "/") return () => (byId("filter-rows")?.checkVisibility() ? byId("filter-rows") : byId("filter-text")).focus();
  return currentRoute.view === "requests" ? requestKey(key) : null;
}

function requestKey(key) {
  const press = (id) => () => byId(id)?.click();
  const id = Number(currentRoute.parts[0]) || null;
  const step = { j: 1, k: -1 }[key];
  if (step) {
    return () => {
      const next = neighbour(id, step);
      if (next) navigateQuietly(requestLink(next.id));
    };
  }
  return { p: press("pause"), c: press("copy-curl"), r: press("send-again") }[key] ?? null;
}

/** Goes one level up: from a request to the list, from a row to its table. */
function closeDetail() {
  if (currentRoute.view === "requests") location.hash = requestLink();
  else if (currentRoute.view === "entities") location.hash = `#/entities/${currentRoute.parts.slice(0, 2).join("/")}`;
  else location.hash = `#/${currentRoute.view}`;
}
