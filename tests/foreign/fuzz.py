"""schemathesis against the sandbox: no 5xx, and no answer that its own description does not allow.

    python fuzz.py [SERVICE [GROUP]] [--show]

Each group of operations has a sandbox of its own and a fixed seed, so that a finding comes again when its group is
run alone; `--show` prints a request for each. Fails on a finding that `known.json` does not list, and on an entry of
it that nothing was found for.
"""

import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks as openapi

import pypi
import steer
from accounts import AUTH
from findings import Known, line
from limits import within
from sandbox import SERVICES, description, running

SEED = 20261
# Generated requests for a group, and the least for an operation: valid ones, and broken ones.
GROUP = {GenerationMode.POSITIVE: 150, GenerationMode.NEGATIVE: 50}
LEAST = {GenerationMode.POSITIVE: 6, GenerationMode.NEGATIVE: 2}
WORKERS = 2
# Seconds for a group.
LIMIT = 150
CHECKS = [
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_headers_conformance,
    openapi.response_schema_conformance,
]
UNHURRIED = [HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.large_base_example]
CONFIG = {"generation": {"with-security-parameters": False, "allow-x00": False, "allow-extra-parameters": False}}
DOCUMENTS = {service: description(service) for service in SERVICES}


class Group:
    """The operations of one tag, and what came of them."""

    def __init__(self, service, tag, account):
        document = DOCUMENTS[service]
        self.service, self.tag = service, tag
        self.sandbox, self.url = account, account["url"]
        self.session = requests.Session()
        self.auth = AUTH[service](account)
        self.account = steer.Account(document)
        schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(CONFIG))
        operations = [result.ok() for result in schema.get_all_operations()]
        self.all = [(operation, node_of(operation, document)) for operation in operations]
        self.statuses = Counter()
        self.found = defaultdict(list)

    def run(self):
        self.look_round()
        own = [(operation, node) for operation, node in self.all if group_of(node) == self.tag]
        for operation, node in own:
            self.sweep(operation, node)
            for mode, count in GROUP.items():
                self.fuzz(operation, node, mode, max(count // len(own), LEAST[mode]))
        return self.statuses, dict(self.found)

    def look_round(self):
        """Puts something into the account, and learns what it holds from the lists that need no parameter."""
        if self.service == "retailcrm":
            with pypi.Recorder() as recorder:
                pypi.fill(self.sandbox, recorder)
        for operation, node in self.all:
            if "{" in operation.path:
                continue
            body = example_of(node)
            if operation.method == "get" or body is not None:
                case = operation.Case(**({} if body is None else {"body": body, "media_type": "application/json"}))
                case.headers.update(constants_of(node))
                self.learn(operation, case.call(base_url=self.url, session=self.session, auth=self.auth))

    def learn(self, operation, response):
        if response.status_code < 300 and "json" in response.headers.get("content-type", [""])[0]:
            self.account.learn(operation.path, response.json())

    def sweep(self, operation, node):
        """Each field of a filter alone, in PHP's brackets."""
        for parameter in map(self.account.resolve, node.get("parameters", [])):
            if parameter.get("style") != "deepObject":
                continue
            fields = self.account.resolve(parameter["schema"]).get("properties", {})
            for name, schema in fields.items():
                rng = steer.randomness(SEED, operation.label, name)
                value = {name: steer.sample(self.account, name, schema, rng)}
                case = operation.Case(query=steer.php(parameter["name"], value))
                for parameter_in_path in operation.path_parameters:
                    known = self.account.of_path(operation.path, parameter_in_path.name, rng)
                    case.path_parameters[parameter_in_path.name] = known or 1
                self.send(case, node)

    def fuzz(self, operation, node, mode, count):
        rng = steer.randomness(SEED, operation.label, mode.value)
        limits = settings(
            max_examples=count, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=UNHURRIED
        )

        def attempt(case):
            if mode is GenerationMode.POSITIVE:
                steer.steer(case, node, self.account, rng)
            if mode is GenerationMode.POSITIVE or rng.random() < 0.8:
                steer.as_described(case, node)
            self.send(case, node)

        try:
            seed(SEED)(limits(given(operation.as_strategy(generation_mode=mode))(attempt)))()
        except Unsatisfiable:
            # Nothing of this operation can be broken: it has no parameters, or they take any text.
            pass

    def send(self, case, node):
        response = case.call(base_url=self.url, session=self.session, auth=self.auth)
        self.learn(case.operation, response)
        self.statuses[outcome_of(response)] += 1
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as group:
            self.note(node, group.exceptions, response)
        except Failure as failure:
            self.note(node, [failure], response)

    def note(self, node, failures, response):
        request = response.request
        for failure in failures:
            finding = line(self.service, node["operationId"], failure, response)
            answer = response.content.decode("utf-8", "replace")
            self.found[finding].append(f"{request.method} {request.url} {request.body!r:.600}\n    {answer:.400}")


def example_of(node):
    """The example of a JSON body; none where the description has none."""
    return node.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")


def constants_of(node):
    """Headers that have one value: the method that Uvygoda is asked for."""
    parameters = [parameter for parameter in node.get("parameters", []) if parameter.get("in") == "header"]
    return {parameter["name"]: parameter["schema"]["const"] for parameter in parameters}


def outcome_of(response):
    """The status; Uvygoda tells a refusal in the body of a 200."""
    is_refused = b'"RESULT":false' in response.content
    return f"{response.status_code} refused" if is_refused else str(response.status_code)


def node_of(operation, document):
    return document["paths"][operation.path][operation.method]


def group_of(node):
    return node["tags"][0]


def run_group(job):
    service, tag = job
    begun = time.monotonic()
    with within(LIMIT), running() as sandbox:
        statuses, found = Group(service, tag, sandbox[service]).run()
    return job, statuses, found, time.monotonic() - begun


def jobs(service=None, tag=None):
    """The groups to run, those with many operations first."""
    sizes = Counter()
    for name in [service] if service else SERVICES:
        for item in DOCUMENTS[name]["paths"].values():
            sizes.update((name, group_of(node)) for node in item.values() if "operationId" in node)
    return [job for job, _ in sizes.most_common() if tag in (None, job[1])]


def main(args):
    is_shown = "--show" in args
    chosen = [arg for arg in args if arg != "--show"]
    statuses, found, services = defaultdict(Counter), {}, set()
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("fork")) as pool:
        for (service, tag), counts, findings, seconds in pool.map(run_group, jobs(*chosen)):
            total = sum(counts.values())
            print(f"{service} {tag}: {total} requests, {len(findings)} findings, {seconds:.0f} s", flush=True)
            statuses[service] += counts
            found |= findings
            services.add(service)
    for service, counts in statuses.items():
        shown = ", ".join(f"{status}: {count}" for status, count in sorted(counts.items()))
        print(f"{service}: {sum(counts.values())} requests ({shown})")
    known = Known()
    new = sorted(finding for finding in found if not known.is_known(finding))
    for finding in sorted(found) if is_shown else new:
        print(f"{'' if finding in new else 'known: '}{finding} ({len(found[finding])} times)")
        print(f"    {found[finding][0]}")
    # One group cannot show that an entry is no longer needed.
    unneeded = known.unneeded(found, services) if len(chosen) < 2 else []
    for entry in unneeded:
        print(f"no longer found, to be removed from known.json: {entry}")
    print(f"{len(found)} findings: {len(found) - len(new)} known, {len(new)} new; {len(unneeded)} entries without one")
    return 1 if new or unneeded else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
