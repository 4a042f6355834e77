// Texts for people: times, durations, sizes, counts.

const SERVICES = { nicechat: "NiceChat", uvygoda: "Uvygoda", retailcrm: "RetailCRM" };

function serviceName(service) {
  return SERVICES[service] ?? service;
}

/** The time of day of an RFC 3339 time, as it stands: the sandbox writes UTC. */
function timeOfDay(at) {
  return String(at).slice(11, 19);
}

function dateAndTime(at) {
  return String(at).replace("T", " ").replace("Z", "");
}

function milliseconds(value) {
  if (value === null || value === undefined) return "";
  if (value >= 10000) return `${(value / 1000).toFixed(1)} s`;
  return `${value >= 100 ? Math.round(value) : Number(value).toFixed(1)} ms`;
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

function count(number, one, many) {
  return `${Number(number).toLocaleString("en")} ${number === 1 ? one : many ?? `${one}s`}`;
}

/** The class for a status; the number itself stands beside the colour, always. */
function statusClass(status) {
  if (status === null || status === undefined) return "bad";
  if (status < 300) return "good";
  return status < 400 ? "caution" : "bad";
}

function statusText(status) {
  return status === null || status === undefined ? "none" : String(status);
}

/** Control characters and others that have no shape, as escapes, which every font can show; line ends keep their break. */
function visible(text) {
  return text
    .replace(/\r/g, "\\r")
    .replace(/\n/g, "\\n\n")
    .replace(/\t/g, "\\t")
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00a0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (hidden) => `\\u${hidden.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Text that may be shown within our own lines: what would turn the direction of writing is written out. */
function shown(text) {
  return String(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, visible);
}
