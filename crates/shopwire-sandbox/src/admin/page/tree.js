// A tree of JSON that opens and closes, made of details elements: the keyboard and screen readers know them.

/** Entries that are put into the document at once; the others follow on request. */
const ENTRIES_AT_ONCE = 200;

function treeView(node) {
  if (!node.entries) return h("div", { class: "tree" }, scalar(node));
  if (node.entries.length === 0) return h("div", { class: "tree" }, node.kind === "array" ? "[ ]" : "{ }");
  return branch(node, 0);
}

function branch(node, depth) {
  const list = h("ul", { class: "tree" });
  appendEntries(list, node, 0, depth);
  return list;
}

function appendEntries(list, node, from, depth) {
  const until = Math.min(node.entries.length, from + ENTRIES_AT_ONCE);
  for (let at = from; at < until; at += 1) list.append(entry(...node.entries[at], depth));
  if (until === node.entries.length) return;
  const rest = node.entries.length - until;
  const more = h("li", {}, button(`Show ${count(Math.min(rest, ENTRIES_AT_ONCE), "more", "more")} of ${count(rest, "entry", "entries")}`, () => {
    more.remove();
    appendEntries(list, node, until, depth);
  }));
  list.append(more);
}

function entry(key, node, depth) {
  const name = h("span", { class: "key" }, shown(key));
  if (!node.entries) return h("li", { class: "leaf" }, name, ": ", scalar(node));
  if (node.entries.length === 0) return h("li", { class: "leaf" }, name, ": ", node.kind === "array" ? "[ ]" : "{ }");
  const inside = node.kind === "array" ? `[${node.entries.length}]` : `{${node.entries.length}}`;
  const details = h("details", {}, h("summary", {}, name, " ", h("span", { class: "muted" }, inside)));
  // Its entries are built when it opens, so that a large answer costs only what is looked at.
  const fill = () => {
    if (details.open && details.childElementCount === 1) details.append(branch(node, depth + 1));
  };
  details.addEventListener("toggle", fill);
  details.open = depth < 2 && node.entries.length <= 50;
  fill();
  return h("li", {}, details);
}

function scalar(node) {
  if (node.kind === "string") return h("span", { class: "string" }, `"${visible(node.text)}"`);
  return h("span", { class: node.kind }, node.text);
}
