// A request as a curl command for a POSIX shell.

/** Headers that curl writes itself, or that belong to the connection. */
const OF_THE_CONNECTION = new Set(["host", "content-length", "connection", "transfer-encoding", "expect", "keep-alive", "te", "upgrade"]);

/**
 * One word of a shell. Control characters are written as escapes: in a terminal, pasting a raw one could press a key.
 */
function quoted(text) {
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) {
    const escaped = text.replace(/[\\'!\u0000-\u001f\u007f-\u009f]/g, escapedCharacter);
    return `$'${escaped}'`;
  }
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}

function escapedCharacter(character) {
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", "'": "\\'" }[character];
  if (short) return short;
  return [...new TextEncoder().encode(character)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}

/** The command, or null when the body was not kept whole. */
function curlOf(exchange, base) {
  const { headers, body } = exchange.request;
  if (body && body.kept < body.size) return null;
  const query = exchange.query ? `?${exchange.query}` : "";
  const lines = [`curl -sS --globoff --path-as-is ${quoted(base + exchange.path + query)}`];
  const hasBody = body && body.size > 0;
  if (exchange.method === "HEAD") lines.push("--head");
  else if (exchange.method !== (hasBody ? "POST" : "GET")) lines.push(`-X ${quoted(exchange.method)}`);
  for (const [name, value] of headers) {
    if (OF_THE_CONNECTION.has(name.toLowerCase())) continue;
    // "Name:" would remove the header; curl sends an empty one for "Name;".
    lines.push(`-H ${quoted(value === "" ? `${name};` : `${name}: ${value}`)}`);
  }
  // curl would name the body a form.
  if (hasBody && !headers.some(([name]) => name.toLowerCase() === "content-type")) lines.push("-H 'Content-Type:'");
  return hasBody ? withBody(lines, body) : lines.join(" \\\n  ");
}

function withBody(lines, body) {
  // A word of a shell cannot hold a NUL, and Base64 is what there is of bytes that are no UTF-8.
  const isText = body.text !== undefined && !body.text.includes("\0");
  if (isText) return [...lines, `--data-raw ${quoted(body.text)}`].join(" \\\n  ");
  const base64 = body.base64 ?? base64Of(body.text);
  return [`printf %s ${quoted(base64)} | base64 -d | ${lines[0]}`, ...lines.slice(1), "--data-binary @-"].join(" \\\n  ");
}

function base64Of(text) {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

/** A call of this admin API as curl. */
function curlOfAdmin(method, path, body) {
  const command = `curl -sS -X ${method} ${quoted(`${location.origin}/api/${path}`)}`;
  if (body === undefined) return command;
  return `${command} \\\n  -H 'Content-Type: application/json' \\\n  --data-raw ${quoted(JSON.stringify(body))}`;
}

function curlView(command, label) {
  const text = h("pre", { class: "text", tabindex: 0, "aria-label": label }, command);
  return { text, copy: copyButton("Copy as curl", "the curl command", () => text.textContent) };
}
