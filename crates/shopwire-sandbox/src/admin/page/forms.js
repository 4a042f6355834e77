// Reading of posted forms and queries, for showing them.

/** The fields of "a=1&b[c]=2"; what cannot be decoded stays as it was sent. */
function formFields(text) {
  return text.split("&").filter((pair) => pair !== "").map((pair) => {
    const [, name, value] = /^([^=]*)=?([^]*)$/.exec(pair);
    return { name: decoded(name), value: decoded(value) };
  });
}

function decoded(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    return text;
  }
}

/** The fields of a multipart form, or null when the text is none. */
function multipartFields(text, contentType) {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (!boundary || !text.includes(`--${boundary}`)) return null;
  const parts = `\r\n${text}`.split(`\r\n--${boundary}`).slice(1);
  return parts.filter((part) => !part.startsWith("--")).map((part) => {
    const end = part.indexOf("\r\n\r\n");
    const head = part.slice(0, end);
    const file = /filename="([^"]*)"/i.exec(head)?.[1];
    const name = /[ ;]name="([^"]*)"/i.exec(head)?.[1] ?? "";
    return { name: file === undefined ? name : `${name} (file ${file})`, value: part.slice(end + 4) };
  });
}

function headerValue(headers, name) {
  return headers.find(([header]) => header.toLowerCase() === name)?.[1] ?? "";
}

/** Name and value of each field; a value that is JSON, as RetailCRM's forms have it, is a tree. */
function fieldsView(fields) {
  if (fields.length === 0) return h("p", { class: "muted" }, "No fields.");
  return h("dl", { class: "facts mono" }, fields.map(({ name, value }) => {
    const tree = /^\s*[[{]/.test(value) ? readJson(value) : null;
    return fact(shown(name), tree ? treeView(tree) : visible(value));
  }));
}
