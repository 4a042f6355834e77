"""Makes generated requests plausible, so that they pass the door and reach what lies behind it.

A random text is no code of a status and no id of an order: nearly all of what a fuzzer makes of a large
description is refused at once. Here values that the account shows stand in for random ones, and of many optional
members a few are kept. The description alone says what is optional; nothing here knows a service.
"""

import json
import random
import re
from collections import defaultdict

KEEP = 4
PAGE_SIZES = (20, 50, 100)
DAY = "2026-01-15"


class Account:
    """Values that answers have shown, by the name of their member and by the path they were listed at."""

    def __init__(self, document):
        self.document = document
        self.by_name = defaultdict(list)
        self.by_path = defaultdict(lambda: defaultdict(list))

    def learn(self, path, answer):
        """Remembers what an answer holds."""
        for name, value in members(answer):
            if isinstance(value, (str, int)) and value != "" and value not in self.by_name[name][:20]:
                self.by_name[name].append(value)
                self.by_path[path.rstrip("/")][name].append(value)

    def of_path(self, template, name, rng):
        """A value for a parameter of a path: from the list at the path before it, else of that name."""
        listed = self.by_path.get(template.split("/{")[0], {})
        values = listed.get(name) or self.by_name.get(name) or self.by_name.get("code")
        return rng.choice(values) if values else None

    def of_name(self, name, like, rng):
        """A value seen under a name (`ids` and `customerId` count as `id`), of the type of `like`."""
        stem = name[:-1] if name.endswith("s") else name
        kind = (int, float) if isinstance(like, (int, float)) and not isinstance(like, bool) else type(like)
        # `customerId` and `SECTION_ID` end as the member is named that they refer to.
        last = re.sub(r".*?(id|code)$", r"\1", stem, flags=re.IGNORECASE)
        for known in (name, stem, last, last.lower()):
            values = [value for value in self.by_name.get(known, []) if isinstance(value, kind)]
            if values:
                return rng.choice(values)
        is_date = re.search(r"(?i)date|(At|From|To)$", name)
        return DAY if isinstance(like, str) and is_date else like

    def resolve(self, schema):
        """A schema, its reference followed."""
        while "$ref" in schema:
            for index, key in enumerate(schema["$ref"].split("/")):
                schema = self.document if index == 0 else schema[key.replace("~1", "/").replace("~0", "~")]
        return schema

    def thin(self, value, schema, rng, name="", depth=0):
        """The value with its required members and a few others, and with values of the account."""
        schema = self.resolve(schema)
        if isinstance(value, dict):
            known = schema.get("properties", {})
            needed = [key for key in value if key in schema.get("required", [])]
            rest = sorted(key for key in value if key not in needed and (key in known or not known))
            kept = needed + rng.sample(rest, min(len(rest), KEEP + 2 - depth if depth < 4 else 1))
            extra = schema.get("additionalProperties")
            other = extra if isinstance(extra, dict) else {}
            return {key: self.thin(value[key], known.get(key, other), rng, key, depth + 1) for key in kept}
        if isinstance(value, list):
            items = schema.get("items", {})
            return [self.thin(item, items, rng, name, depth + 1) for item in value[:2]]
        if "enum" in schema or "const" in schema or rng.random() < 0.15:
            return value
        return self.of_name(name, value, rng)


def members(value):
    """Every named member of an answer, at any depth, but of few elements of a list."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield name, member
            yield from members(member)
    elif isinstance(value, list):
        for item in value[:5]:
            yield from members(item)


def steer(case, node, account, rng):
    """Makes a generated case plausible, in place."""
    template = case.operation.path
    for name in case.path_parameters or {}:
        if rng.random() < 0.8 and (value := account.of_path(template, name, rng)) is not None:
            case.path_parameters[name] = value
    if case.query:
        case.query = thin_query(case.query, account, rng)
    if isinstance(case.body, dict):
        content = node["requestBody"]["content"].get(case.media_type, {})
        case.body = account.thin(case.body, content.get("schema", {}), rng)


def thin_query(query, account, rng):
    """One filter field or two, a page there is, values that the account shows."""
    filters = sorted({field_of(key) for key in query if key.startswith("filter[")})
    kept = rng.sample(filters, min(len(filters), 2))
    plausible = {}
    for key, value in query.items():
        if key == "limit":
            value = rng.choice(PAGE_SIZES)
        elif key == "page":
            value = rng.choice((1, 1, 2))
        elif key.startswith("filter["):
            if field_of(key) not in kept:
                continue
            value = account.of_name(field_of(key), value, rng)
        plausible[key] = value
    return plausible


def field_of(key):
    return key.split("[")[1].rstrip("]")


def as_described(case, node):
    """Writes the JSON fields of a form as JSON: schemathesis does not read `encoding.contentType`."""
    if not isinstance(case.body, dict):
        return
    content = node["requestBody"]["content"].get(case.media_type, {})
    for name, encoding in content.get("encoding", {}).items():
        if encoding.get("contentType") == "application/json" and name in case.body:
            case.body[name] = json.dumps(case.body[name])


def sample(account, name, schema, rng):
    """A value for one field of a filter."""
    schema = account.resolve(schema)
    for word in ("enum", "examples"):
        if schema.get(word):
            return schema[word][0]
    choices = schema.get("oneOf") or schema.get("anyOf")
    if choices:
        return sample(account, name, choices[0], rng)
    kind = schema.get("type", "string")
    match kind[0] if isinstance(kind, list) else kind:
        case "array":
            return [sample(account, name, schema.get("items", {}), rng)]
        case "object":
            fields = schema.get("properties") or {"a": schema.get("additionalProperties") or {}}
            field, of = next(iter(fields.items()))
            return {field: sample(account, field, of if isinstance(of, dict) else {}, rng)}
        case "boolean":
            return 1
        case "integer" | "number":
            return account.of_name(name, 1, rng)
        case _:
            return account.of_name(name, "a", rng)


def php(name, value):
    """A nested value as PHP's brackets."""
    if isinstance(value, dict):
        return {key: text for inner, of in value.items() for key, text in php(f"{name}[{inner}]", of).items()}
    if isinstance(value, list):
        return {key: text for index, of in enumerate(value) for key, text in php(f"{name}[{index}]", of).items()}
    return {name: value}


def randomness(*seed):
    return random.Random("/".join(map(str, seed)))
