// A reader of JSON that keeps what JSON.parse loses: the text of numbers (1.0, 12345678901234567890), members that
// occur twice, and the order of keys. A signature covers these, so a person who looks for a mistake must see them.

const MAX_DEPTH = 100;

/** The tree of a JSON text: {kind, text} for a scalar, {kind, entries: [[key, node]]} otherwise; null when it is none. */
function readJson(text) {
  const reader = { text, at: 0 };
  try {
    const node = readValue(reader, 0);
    skipSpace(reader);
    return reader.at === text.length ? node : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

function take(reader, pattern) {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (!found) return null;
  reader.at = pattern.lastIndex;
  return found[0];
}

function skipSpace(reader) {
  take(reader, SPACE);
}

function readValue(reader, depth) {
  if (depth > MAX_DEPTH) throw new SyntaxError("too deep");
  skipSpace(reader);
  const first = reader.text[reader.at];
  if (first === "{") return { kind: "object", entries: readMembers(reader, depth) };
  if (first === "[") return { kind: "array", entries: readItems(reader, depth) };
  if (first === '"') return { kind: "string", text: readString(reader) };
  const literal = take(reader, LITERAL);
  if (literal) return { kind: "literal", text: literal };
  const number = take(reader, NUMBER);
  if (!number) throw new SyntaxError("no value");
  return { kind: "number", text: number };
}

function readString(reader) {
  const quoted = take(reader, STRING);
  if (quoted === null) throw new SyntaxError("no string");
  return JSON.parse(quoted);
}

function readMembers(reader, depth) {
  return readSeparated(reader, "}", () => {
    const key = readString(reader);
    skipSpace(reader);
    expect(reader, ":");
    return [key, readValue(reader, depth + 1)];
  });
}

function readItems(reader, depth) {
  let index = 0;
  return readSeparated(reader, "]", () => [String(index++), readValue(reader, depth + 1)]);
}

function readSeparated(reader, end, readOne) {
  const entries = [];
  reader.at += 1;
  skipSpace(reader);
  if (reader.text[reader.at] === end) {
    reader.at += 1;
    return entries;
  }
  for (;;) {
    skipSpace(reader);
    entries.push(readOne());
    skipSpace(reader);
    if (reader.text[reader.at] === end) break;
    expect(reader, ",");
  }
  reader.at += 1;
  return entries;
}

function expect(reader, character) {
  if (reader.text[reader.at] !== character) throw new SyntaxError(`no ${character}`);
  reader.at += 1;
}
