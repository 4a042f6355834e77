"""openapi-spec-validator on every description, and what trips other tools although it is valid."""

import json
import sys
from urllib.parse import unquote

from openapi_spec_validator import validate
from referencing.exceptions import Unresolvable

from limits import within
from sandbox import ADMIN, ROOT


def descriptions():
    return [*sorted(ROOT.glob("crates/*/openapi/*.json")), ADMIN]


def nodes(value, pointer=""):
    """Every value of a document with its place."""
    yield pointer, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from nodes(member, f"{pointer}/{key}")


def schema_type(schema, path):
    """The type of a schema, its references followed."""
    while "$ref" in schema:
        file, pointer = schema["$ref"].split("#")
        path = path.with_name(file) if file else path
        schema = json.loads(path.read_text(encoding="utf-8"))
        for key in pointer.split("/")[1:]:
            schema = schema[unquote(key).replace("~1", "/").replace("~0", "~")]
    return schema.get("type")


def traps(path, document):
    """References into paths, which few tools follow, and brackets (`deepObject`) for what is no object."""
    for pointer, node in nodes(document):
        if not isinstance(node, dict):
            continue
        reference = node.get("$ref")
        if isinstance(reference, str) and "#/components/" not in reference:
            yield f"{pointer}: {reference} leads to no component"
        if node.get("style") == "deepObject" and "schema" in node and schema_type(node["schema"], path) != "object":
            yield f"{pointer}: deepObject is for objects"
        for field, encoding in node.get("encoding", {}).items() if isinstance(node.get("encoding"), dict) else ():
            if encoding.get("style") == "deepObject":
                schema = node["schema"]["properties"][field]
                if schema_type(schema, path) != "object":
                    yield f"{pointer}/encoding/{field}: deepObject is for objects"


def faults(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    try:
        validate(document, base_uri=path.as_uri())
    except Unresolvable as error:
        yield str(error)
    except Exception as error:  # Its errors have no common base.
        yield f"{type(error).__name__}: {error}"
    yield from traps(path, document)


def main():
    found = 0
    for path in descriptions():
        for fault in faults(path):
            found += 1
            print(f"{path.relative_to(ROOT)}: {fault}")
    print(f"{len(descriptions())} descriptions, {found} faults")
    return 1 if found else 0


if __name__ == "__main__":
    with within(60):
        sys.exit(main())
