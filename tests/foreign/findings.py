"""What a check has found, as one line of text; and the list of findings that are known.

A line names service, operation, status, place and fault, never a value, so that it is the same in every run.
"""

import json
import re

from schemathesis.openapi.checks import JsonSchemaError

from sandbox import ROOT

KNOWN = ROOT / "tests/foreign/known.json"


def line(service, operation, failure, response):
    """The finding's line."""
    if isinstance(failure, JsonSchemaError):
        what = f"{place(failure.instance_path)}: {fault(failure)}"
    elif response.status_code >= 500:
        what = error_of(response)
    else:
        what = re.sub(r"\s+", " ", f"{type(failure).__name__}: {failure.message}")
    return f"{service} {operation} {response.status_code} {what}"


def place(path):
    """`orders[].items[].id`: the path of a member, without the numbers of elements."""
    keys = ["[]" if isinstance(key, int) or str(key).isdigit() else f".{key}" for key in path]
    return "".join(keys).lstrip(".") or "the answer"


def fault(failure):
    keyword = str(failure.schema_path[-1]) if failure.schema_path else ""
    match keyword:
        case "type":
            return f"{json_type(failure.instance)} is not {failure.schema.get('type')}"
        case "required":
            return re.sub(r"\s+", " ", failure.validation_message)
        case "format":
            return f"no {failure.schema.get('format')}"
        case _:
            return keyword or failure.validation_message


def json_type(value):
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


def error_of(response):
    """What an answer of a broken server says."""
    try:
        return str(response.json()["errorMsg"])
    except (ValueError, KeyError, TypeError):
        return response.content[:80].decode("utf-8", "replace")


class Known:
    """The committed list: findings (`*` stands for any text), each with its reason and where it is to be mended."""

    def __init__(self):
        self.entries = json.loads(KNOWN.read_text(encoding="utf-8"))
        self.patterns = [pattern(entry["finding"]) for entry in self.entries]

    def is_known(self, finding):
        return any(known.fullmatch(finding) for known in self.patterns)

    def unneeded(self, findings, services):
        """Entries that nothing was found for, of the services that were tried."""
        pairs = zip(self.entries, self.patterns)
        tried = [pair for pair in pairs if pair[0]["finding"].split()[0] in services]
        return [entry["finding"] for entry, known in tried if not any(map(known.fullmatch, findings))]


def pattern(text):
    return re.compile(".*".join(map(re.escape, text.split("*"))))
