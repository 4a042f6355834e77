"use strict";

// Building of elements. What a peer sent reaches the document as text nodes or as values of a few harmless
// attributes, never as markup: nothing in this page uses innerHTML or its relatives.

/** An element; attributes that are false or null are left out, functions under "on…" become listeners. */
function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) setAttribute(element, key, value);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function setAttribute(element, key, value) {
  // "false" is a state of its own for aria-pressed and its like.
  const isState = key.startsWith("aria-") && typeof value === "boolean";
  if (value === null || value === undefined || (value === false && !isState)) return;
  if (typeof value === "function") {
    element.addEventListener(key.slice(2), value);
  } else if (key === "href" && !/^[#/]/.test(value)) {
    // Only places of this page and of its own server; a "javascript:" of a peer can never be a link.
    throw new Error("a link leads within the page");
  } else {
    element.setAttribute(key, value === true && !isState ? "" : String(value));
  }
}

function byId(id) {
  return document.getElementById(id);
}

function button(label, onclick, attributes) {
  return h("button", { type: "button", onclick, ...attributes }, label);
}

/** A term with its description, for lists of facts. */
function fact(term, ...description) {
  return [h("dt", {}, term), h("dd", {}, ...description)];
}

function section(title, ...children) {
  return h("section", {}, h("h3", {}, title), ...children);
}

let lastLabel = 0;

/** A control with its label and hint, tied together for screen readers. */
function labelled(label, control, hint, className) {
  lastLabel += 1;
  control.id ||= `field-${lastLabel}`;
  const about = hint && h("p", { class: "hint", id: `hint-${lastLabel}` }, hint);
  if (about) control.setAttribute("aria-describedby", about.id);
  if (control.type === "checkbox") {
    return h("div", { class: "field-of-form" }, h("label", { class: "check" }, control, label), about);
  }
  return h("div", { class: `field-of-form ${className ?? ""}` }, h("label", { for: control.id }, label), control, about);
}

function select(options, attributes) {
  return h("select", attributes, options.map(([value, label]) => h("option", { value }, label)));
}

/** Waits until calls have paused for a while; for what a person types. */
function debounced(wait, action) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), wait);
  };
}

// One polite live region. A message waits a moment, so that a burst is spoken once, as its last message.
const speak = debounced(150, (message) => {
  byId("announcer").textContent = message;
});

let announcedAt = -Infinity;

function announce(message) {
  announcedAt = performance.now();
  speak(message);
}

/** For what happens by itself: it does not talk into the outcome of what a person did. */
function announceAside(message) {
  if (performance.now() - announcedAt > 3000) speak(message);
}

/** A line under the header that stays until it is dismissed. */
function notice(message) {
  const box = byId("notice");
  box.firstElementChild.textContent = message;
  box.hidden = false;
  announce(message);
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    announce(`Copied ${what}.`);
    return true;
  } catch {
    announce("The browser refuses to copy. Select the text and copy it.");
    return false;
  }
}

/** A button that copies what `text` gives, and says on itself that it did. */
function copyButton(label, what, text, attributes) {
  const element = button(label, async () => {
    const isCopied = await copy(text(), what);
    element.textContent = isCopied ? "Copied" : "Not copied";
    setTimeout(() => { element.textContent = label; }, 1500);
  }, attributes);
  return element;
}
