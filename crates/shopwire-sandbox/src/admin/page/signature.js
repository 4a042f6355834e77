// The signature: the text that was hashed here beside the one that explains what was received.

/** Characters around the first difference in the close view. */
const AROUND = 28;

function signatureSection(signature) {
  const { received, expected, ours, theirs, explanation } = signature;
  const difference = theirs === null || ours === null ? null : firstDifference(ours, theirs);
  const title = h("h3", {}, "Signature");
  return h("section", { id: "signature" }, title,
    h("p", { class: "verdict" }, shown(sentence(explanation) ?? "No known mistake explains this signature. Compare your text with ours.")),
    difference ? closeView(ours, theirs, difference) : null,
    comparison([["Yours", theirs, difference && span(theirs, difference)], ["Ours", ours, difference && span(ours, difference)]]),
    h("dl", { class: "facts mono block" },
      fact("received", received ? visible(received) : "none"), expected === null ? null : fact("expected", expected)));
}

/** The explanation as a sentence of its own. */
function sentence(text) {
  if (text === null || text === "") return null;
  return text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

/** Where two texts part, and how many characters their ends have in common; in characters, not in UTF-16 units. */
function firstDifference(ours, theirs) {
  const [one, other] = [[...ours], [...theirs]];
  const shorter = Math.min(one.length, other.length);
  let at = 0;
  while (at < shorter && one[at] === other[at]) at += 1;
  if (at === one.length && at === other.length) return null;
  let tail = 0;
  while (tail < shorter - at && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  return { at, tail };
}

/** The part of a text that differs, as indices of characters. */
function span(text, { at, tail }) {
  return [at, [...text].length - tail];
}

/** Only the place of the first difference, one text above the other, so that the columns can be compared. */
function closeView(ours, theirs, difference) {
  const cut = (text) => {
    const characters = [...text];
    const from = Math.max(0, difference.at - AROUND);
    const until = Math.min(characters.length, difference.at + AROUND);
    return [(from > 0 ? "…" : "") + characters.slice(from, until).join("") + (until < characters.length ? "…" : ""), difference.at - from + (from > 0 ? 1 : 0)];
  };
  const row = (label, className, text) => {
    const [part, at] = cut(text);
    return h("div", { class: className }, h("dt", {}, label), h("dd", {}, marked(part, [at, at + 1])));
  };
  return [h("p", { class: "caption" }, `The first difference is at character ${difference.at + 1}:`),
    h("dl", { class: "compare", id: "first-difference" }, row("Yours", "theirs", theirs), row("Ours", "ours", ours)),
    h("p", { class: "caption" }, "The whole texts that were hashed, with the part that differs marked:")];
}

function comparison(rows) {
  return h("dl", { class: "compare" }, rows.filter(([, text]) => text !== null).map(([label, text, part]) =>
    h("div", { class: label === "Yours" ? "theirs" : "ours" }, h("dt", {}, label), h("dd", {}, h("div", { tabindex: 0, role: "group", "aria-label": `${label}: the text that was hashed` }, marked(text, part))))));
}

/** The text with one part marked; where the other text only has more, the place is marked by a sign. */
function marked(text, part) {
  if (!part) return visible(text);
  const characters = [...text];
  const inside = characters.slice(part[0], part[1]).join("");
  return [visible(characters.slice(0, part[0]).join("")),
    h("mark", {}, inside === "" ? "∅" : markedText(inside)),
    visible(characters.slice(part[1]).join(""))];
}

/** A space within a mark gets a shape: it may be the whole mistake. */
function markedText(text) {
  return visible(text).replace(/ /g, "·");
}
