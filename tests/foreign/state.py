"""Which operations of the sandbox change and show an account, and which answer the same whatever happened: state.json.

    python state.py [--write]

A scenario is played in a fresh sandbox. Before and after each of its writes all its reads are made. A write is stateful
when some read shows it; a read is stateful when it did not answer the same every time, and fixed otherwise. What never
succeeded is told apart. docs/coverage.md shows the outcome.
"""

import json
import re
import sys
from collections import defaultdict

import requests

import pypi
import state_calls
from accounts import AUTH
from limits import within
from sandbox import ROOT, SERVICES, description, running

OUTCOME = ROOT / "tests/foreign/state.json"
# What differs in every answer, and says nothing of the account.
PASSING = re.compile(rb'"generatedAt":"[^"]*",?')


class Operations:
    """The description's operations, found by what was asked."""

    def __init__(self, service):
        self.paths = description(service)["paths"]
        # A literal path wins over one with parameters.
        self.templates = sorted(self.paths, key=lambda path: path.count("{"))

    def name(self, request):
        asked = request.path_url.split("?")[0]
        procedure = request.headers.get("method")
        for template in self.templates:
            path, _, behind = template.partition("#")
            pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path))
            is_meant = re.fullmatch(pattern, asked) and behind in ("", procedure)
            if is_meant and request.method.lower() in self.paths[template]:
                return self.paths[template][request.method.lower()]["operationId"]
        return None

    def ids(self):
        items = (node for item in self.paths.values() for node in item.values())
        return [node["operationId"] for node in items if "operationId" in node]


def known(value, play):
    return value(play) if callable(value) else value


class Play:
    """One scenario in one sandbox."""

    def __init__(self, service, account):
        self.account, self.url, self.auth = account, account["url"], AUTH[service](account)
        self.operations = Operations(service)
        self.session = requests.Session()
        self.reads, self.answers, self.last = {}, defaultdict(set), {}
        self.succeeded, self.stateful, self.writes = set(), set(), set()

    def send(self, step):
        """Sends a step; gives the operation, whether it succeeded, and the answer."""
        method, path, options = step
        # What is known only while it is played is a function of the play.
        path, options = known(path, self), {key: known(value, self) for key, value in options.items()}
        request = requests.Request(method, self.url + path, auth=self.auth, **options)
        request = self.session.prepare_request(request)
        response = self.session.send(request)
        name = self.operations.name(request)
        is_done = response.ok and b'"RESULT":false' not in response.content
        if is_done:
            self.succeeded.add(name)
            self.last[name] = response
        return name, is_done, PASSING.sub(b"", response.content)

    def look(self):
        """All reads; what they answer."""
        seen = {}
        for key, step in self.reads.items():
            _, _, answer = self.send(step)
            seen[key] = answer
            self.answers[key].add(answer)
        return seen

    def run(self, reads, writes, ends):
        self.reads = {repr(step): step for step in reads}
        before = self.look()
        for step in writes:
            name, is_done, _ = self.send(step)
            self.writes.add(name)
            after = self.look()
            if is_done and after != before:
                self.stateful.add(name)
            before = after
        self.judge_reads()
        for step in ends:
            self.writes.add(self.send(step)[0])

    def judge_reads(self):
        for key, step in self.reads.items():
            if len(self.answers[key]) > 1:
                self.stateful.add(self.send(step)[0])

    def outcome(self):
        return {name: self.word(name) for name in sorted(self.operations.ids())}

    def word(self, name):
        if name in self.stateful:
            return "stateful"
        if name not in self.succeeded:
            return "no success seen"
        return "no read shows it" if name in self.writes else "fixed"


def retailcrm(account):
    """What the PyPI client asks, and what it lacks: reads without their parameters, and writes."""
    with pypi.Recorder() as recorder:
        pypi.fill(account, recorder)
    reads = [("GET", path, {}) for path, item in description("retailcrm")["paths"].items() if "get" in item and "{" not in path]
    writes = []
    for request in recorder.requests:
        path = request.path_url.split("?")[0]
        if request.method == "GET":
            reads.append(("GET", path, {}))
        else:
            headers = {"Content-Type": request.headers.get("Content-Type")}
            writes.append(("POST", path, {"data": request.body, "headers": headers}))
    return reads + state_calls.RETAILCRM_READS, writes + state_calls.RETAILCRM_WRITES, []


def play(service):
    if service == "retailcrm":
        with running() as sandbox:
            scenario = retailcrm(sandbox[service])
    else:
        scenario = state_calls.SCENARIOS[service]
    with running() as sandbox:
        play = Play(service, sandbox[service])
        play.run(*scenario)
        return play.outcome()


def main(args):
    fresh = {service: play(service) for service in SERVICES}
    for service, words in fresh.items():
        counts = {word: list(words.values()).count(word) for word in sorted(set(words.values()))}
        print(f"{service}: " + ", ".join(f"{count} {word}" for word, count in counts.items()))
    text = json.dumps(fresh, indent=2) + "\n"
    if "--write" in args:
        OUTCOME.write_text(text, encoding="utf-8")
    if not OUTCOME.exists() or OUTCOME.read_text(encoding="utf-8") != text:
        print("state.json is stale: cargo xtask foreign --write state; then cargo xtask coverage")
        return 1
    return 0


if __name__ == "__main__":
    with within(120):
        sys.exit(main(sys.argv[1:]))
