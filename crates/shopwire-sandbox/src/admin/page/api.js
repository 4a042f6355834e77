// Calls of the admin API.

class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The text of an answer; a refusal is thrown in the sandbox's own words. */
async function apiText(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = typeof body === "string" ? body : JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(`/api/${path}`, options);
  } catch {
    throw new ApiError(0, "The sandbox does not answer.");
  }
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, refusal(text) ?? `The sandbox answered with ${response.status}.`);
  return text;
}

function refusal(text) {
  try {
    return JSON.parse(text).error;
  } catch {
    return undefined;
  }
}

async function api(method, path, body) {
  const text = await apiText(method, path, body);
  return text === "" ? null : JSON.parse(text);
}

function query(values) {
  const pairs = Object.entries(values).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}

/** Runs an action of a button: announces its success, and writes a failure to `place` or as a notice. */
async function attempt(action, place) {
  if (place) place.textContent = "";
  try {
    const message = await action();
    if (message) announce(message);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (place) place.textContent = error.message;
    else notice(error.message);
    return false;
  }
}

/** Where a failure of a form is written; screen readers are told. */
function failurePlace() {
  return h("p", { class: "failure", role: "alert" });
}

// The services with their addresses and credentials; they are new after each start.
let services = [];

async function loadServices() {
  const before = JSON.stringify(services);
  services = await api("GET", "services");
  return before !== "[]" && before !== JSON.stringify(services);
}

function serviceUrl(name) {
  return services.find(({ service }) => service === name)?.url ?? "";
}
