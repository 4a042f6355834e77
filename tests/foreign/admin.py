"""schemathesis against the admin API of a running sandbox: no 5xx, and no answer that its description does not allow.

    python admin.py [OPERATION]

Values that name something (ids, entities, faults, times) are taken from what the sandbox has shown, so that requests
get past the first check. A debug build of the sandbox answers 500 where an answer differs from the description.
"""

import random
import sys
from collections import Counter

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks as openapi

from accounts import RetailCrm
from limits import within
from sandbox import description, running

SEED = 20261
EXAMPLES = {GenerationMode.POSITIVE: 40, GenerationMode.NEGATIVE: 20}
# Seconds for all operations.
LIMIT = 300
CHECKS = [
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
]
UNHURRIED = [HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.large_base_example]
CONFIG = {"generation": {"with-security-parameters": False, "allow-x00": False}}
# An endless answer; the black-box tests read it.
SKIPPED = {"stream_events"}


class Known:
    """What the sandbox has: values that a random one is replaced with."""

    def __init__(self, sandbox):
        self.url = sandbox["admin"]["url"]
        self.crm = sandbox["retailcrm"]
        self.rng = random.Random(SEED)

    def fill(self):
        """Data, requests, faults and a webhook."""
        plan = {"seed": 7, "retailcrm": {"orders": 5}, "nicechat": {"products": 3, "orders": 2}, "uvygoda": {"cards": 2}}
        requests.post(f"{self.url}/api/seed", json=plan).raise_for_status()
        for limit in (20, 21):
            requests.get(f"{self.crm['url']}/api/v5/orders?limit={limit}", auth=RetailCrm(self.crm))
        fault = {"service": "retailcrm", "kind": "latency", "latency": {"fixed_ms": 1}, "times": None, "operation": "costs.list"}
        requests.post(f"{self.url}/api/faults", json=[fault, fault]).raise_for_status()
        hook = {"service": "retailcrm", "event": "activity", "url": "http://127.0.0.1:1/", "body": {"clientId": "c"}}
        requests.post(f"{self.url}/api/webhooks", json=hook).raise_for_status()

    def steer(self, case):
        """Most random values in the path become known ones; what would take long becomes short."""
        operation = case.operation.definition.raw["operationId"]
        if self.rng.random() < 0.8:
            self.name(case, operation)
        if operation == "wait":
            case.query = {**(case.query or {}), "timeout_ms": 5}
        if operation == "seed" and isinstance(case.body, dict):
            for counts in case.body.values():
                if isinstance(counts, dict):
                    counts.update({name: count % 20 for name, count in counts.items() if isinstance(count, int)})
        if operation == "load_snapshot" and self.rng.random() < 0.5:
            case.body = requests.get(f"{self.url}/api/snapshot").json()

    def name(self, case, operation):
        path = case.path_parameters
        if "entity" in path:
            counts = requests.get(f"{self.url}/api/state").json()
            path["service"] = self.rng.choice(sorted(counts))
            path["entity"] = self.rng.choice(sorted(counts[path["service"]]))
        if "id" in path:
            path["id"] = self.rng.choice([1, 2, 3])
        if operation == "make_change" and isinstance(case.body, dict):
            case.body = {"entity": "order", "id": self.rng.choice([1, 2, 99]), "changes": case.body.get("changes", {})}


def fuzz(known, operation, mode, statuses, found):
    limits = settings(
        max_examples=EXAMPLES[mode], deadline=None, database=None, phases=[Phase.generate], suppress_health_check=UNHURRIED
    )

    def attempt(case):
        if mode is GenerationMode.POSITIVE:
            known.steer(case)
        response = case.call(base_url=known.url, timeout=30)
        statuses[response.status_code] += 1
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as group:
            found.extend((operation.label, failure, response) for failure in group.exceptions)
        except Failure as failure:
            found.append((operation.label, failure, response))

    try:
        seed(SEED)(limits(given(operation.as_strategy(generation_mode=mode))(attempt)))()
    except Unsatisfiable:
        # Nothing of this operation can be broken.
        pass


def main(chosen):
    document = description("admin")
    schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(CONFIG))
    statuses, found = Counter(), []
    with within(LIMIT), running() as sandbox:
        known = Known(sandbox)
        for result in schema.get_all_operations():
            operation = result.ok()
            name = operation.definition.raw["operationId"]
            if name in SKIPPED or (chosen and name not in chosen):
                continue
            known.fill()
            for mode in EXAMPLES:
                fuzz(known, operation, mode, statuses, found)
    for label, failure, response in found[:20]:
        request = response.request
        print(f"{label}: {type(failure).__name__}: {failure.message:.300}")
        print(f"    {request.method} {request.url} {request.body!r:.300}\n    {response.status_code} {response.text:.300}")
    shown = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    print(f"admin: {sum(statuses.values())} requests ({shown}), {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
