"""Every method of the PyPI package `retailcrm` against the sandbox; the table of methods in docs/foreign.md.

    python pypi.py [--write]

Fails when a method has no call, when an outcome is not the right one and `known.json` does not list it, when an
answer is not what the description allows, and when the table is stale (`--write` writes it).
"""

import inspect
import re
import sys

import requests
import retailcrm
import schemathesis
from schemathesis.core.failures import Failure, FailureGroup

from findings import Known, line
from limits import within
from pypi_calls import CALLS, DONE, NO_JSON
from sandbox import ROOT, description, running

DOCUMENT = ROOT / "docs/foreign.md"
BEGIN, END = "<!-- methods: begin -->\n", "<!-- methods: end -->\n"


class Recorder:
    """Remembers the last answer that `requests` got: the client gives only a part of it."""

    def __init__(self):
        self.last, self.requests = None, []
        self.send = requests.Session.send

    def __enter__(self):
        def recorded(session, request, **options):
            self.last = self.send(session, request, **options)
            self.requests.append(request)
            return self.last

        requests.Session.send = recorded
        return self

    def __exit__(self, *_):
        requests.Session.send = self.send


class Operations:
    """The description's operations, found by what was asked."""

    def __init__(self):
        self.document = description("retailcrm")
        self.schema = schemathesis.openapi.from_dict(self.document)
        self.by_path = [(self.pattern(path), path) for path in self.document["paths"]]
        # A literal path wins over one with parameters.
        self.by_path.sort(key=lambda pair: pair[1].count("{"))

    @staticmethod
    def pattern(path):
        return re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path)))

    def of(self, request):
        """The operation's name and its schema; none when the path is not the service's."""
        asked, verb = request.path_url.split("?")[0], request.method.lower()
        for pattern, path in self.by_path:
            if pattern.fullmatch(asked) and verb in self.document["paths"][path]:
                return self.document["paths"][path][verb]["operationId"], self.schema[path][verb]
        return None, None


def methods():
    """The public methods of the package's client that ask the service."""
    plumbing = {"get", "post"}
    listed = inspect.getmembers(retailcrm.v5, inspect.isfunction)
    return [name for name, _ in listed if not name.startswith("_") and name not in plumbing]


def outcome(client, method, arguments, recorder, answers):
    """What came of a call, in the words of the table."""
    given = [argument(answers) if callable(argument) else argument for argument in arguments]
    try:
        response = getattr(client, method)(*given)
    except requests.exceptions.JSONDecodeError:
        client.parameters = {}
        return NO_JSON
    answer = response.get_response()
    answers[method] = answer
    if response.is_successful() and answer.get("success") is True:
        return DONE
    errors = "; ".join(f"{name}: {text}" for name, text in (answer.get("errors") or {}).items())
    said = " ".join(filter(None, [str(answer.get("errorMsg")), errors]))
    return f"refused with {recorder.last.status_code}: {said}"


def is_right(got, expected):
    """A refusal is right by its status: its words are the service's."""
    return got.split(":")[0] == expected.split(":")[0]


def fill(account, recorder):
    """Makes all calls, whatever comes of them, for a sandbox with something in it."""
    client, answers = retailcrm.v5(account["url"], account["api_key"]), {}
    for method, arguments, _ in CALLS:
        try:
            outcome(client, method, arguments, recorder, answers)
        except (KeyError, IndexError):
            # It needs an answer that did not come.
            client.parameters = {}


def run(account):
    """All calls: rows of the table, and findings."""
    operations, answers = Operations(), {}
    client = retailcrm.v5(account["url"], account["api_key"])
    rows, found = [], []
    with Recorder() as recorder:
        for method, arguments, expected in CALLS:
            got = outcome(client, method, arguments, recorder, answers)
            response = recorder.last
            name, operation = operations.of(response.request)
            path = response.request.path_url.split("?")[0]
            shown = expected if is_right(got, expected) else got
            rows.append((method, f"`{response.request.method} {path}`", name or "none", shown))
            if not is_right(got, expected):
                found.append(f"pypi {method} {got}")
            if operation is not None:
                found.extend(violations(name, operation, response))
    return rows, found


def violations(name, operation, response):
    """Where an answer is not what the description allows."""
    try:
        operation.validate_response(response)
    except FailureGroup as group:
        return [line("retailcrm", name, failure, response) for failure in group.exceptions]
    except Failure as failure:
        return [line("retailcrm", name, failure, response)]
    return []


def table(rows):
    """The table as Markdown."""
    done = sum(1 for row in rows if row[3] == DONE)
    lines = [f"{len(rows)} methods: {done} done, {len(rows) - done} otherwise.\n\n"]
    lines.append("| method | request | operation | outcome |\n|---|---|---|---|\n")
    for method, request, operation, shown in sorted(rows):
        # An identifier that the sandbox draws is not the table's business.
        request = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "{uuid}", request)
        lines.append(f"| `{method}` | {request} | {operation} | {shown.replace('|', '/')} |\n")
    return "".join(lines)


def put(text, is_written):
    """Writes the table into the document, or tells whether it is there."""
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    fresh = before + BEGIN + text + END + after
    is_fresh = fresh == DOCUMENT.read_text(encoding="utf-8")
    if is_written:
        DOCUMENT.write_text(fresh, encoding="utf-8")
    return is_fresh or is_written


def main(args):
    faults = []
    called = [method for method, _, _ in CALLS]
    faults.extend(f"{method} is not called: add it to pypi_calls.py" for method in methods() if method not in called)
    with running() as sandbox:
        rows, found = run(sandbox["retailcrm"])
    known = Known()
    faults.extend(sorted({f"new: {finding}" for finding in found if not known.is_known(finding)}))
    unneeded = known.unneeded(found, {"pypi"})
    faults.extend(f"no longer found, to be removed from known.json: {entry}" for entry in unneeded)
    if not put(table(rows), "--write" in args):
        faults.append("docs/foreign.md is stale: cargo xtask foreign --write pypi")
    done = sum(1 for row in rows if row[3] == DONE)
    print(f"{len(rows)} methods of retailcrm {retailcrm_version()}: {done} done, {len(rows) - done} otherwise")
    print("\n".join(faults))
    return 1 if faults else 0


def retailcrm_version():
    from importlib.metadata import version

    return version("retailcrm")


if __name__ == "__main__":
    with within(60):
        sys.exit(main(sys.argv[1:]))
