"""Foreign generators read the bundled descriptions, and their output compiles: no error, and no warning.

    python generate.py SCRATCH     SCRATCH holds node_modules; the output goes there too
"""

import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sandbox import DESCRIBED, source

LIMIT = 120
STRICT = ["--noEmit", "--strict", "--skipLibCheck", "false", "--module", "esnext", "--moduleResolution", "bundler"]
STRICT += ["--target", "es2022", "--lib", "es2022,dom,dom.iterable"]


def openapi_typescript(scratch, service, source):
    output = scratch / f"{service}.d.ts"
    yield [scratch / "node_modules/.bin/openapi-typescript", source, "-o", output]
    yield [scratch / "node_modules/.bin/tsc", *STRICT, output]


def hey_api(scratch, service, source):
    output = scratch / f"hey-{service}"
    yield [scratch / "node_modules/.bin/openapi-ts", "-i", source, "-o", output, "--no-log-file"]
    yield [scratch / "node_modules/.bin/tsc", *STRICT, output / "index.ts"]


def datamodel_codegen(scratch, service, source):
    output = scratch / f"{service}_models.py"
    options = ["--input-file-type", "openapi", "--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin"]
    scopes = ["--openapi-scopes", "schemas", "paths", "parameters", "webhooks"]
    generator = [sys.executable, "-m", "datamodel_code_generator"]
    yield [*generator, "--input", source, "--output", output, *options, *scopes]
    yield [sys.executable, "-W", "error", "-c", f"import {output.stem}"]


def complaint(command, scratch):
    """What a command says that it should not; none when it is content."""
    done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, timeout=LIMIT)
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr).strip()
    is_content = done.returncode == 0 and not re.search(r"(?i)warn|error|deprecat|invalid|unsupported", said)
    return None if is_content else said or f"ended with {done.returncode}"


def attempt(job):
    scratch, tool, service = job
    for command in tool(scratch, service, source(service)):
        if said := complaint(command, scratch):
            return f"{tool.__name__} {service}: {Path(command[0]).name}: {said[:2000]}"
    return None


def main(scratch):
    for leftover in [*scratch.glob("hey-*"), *scratch.glob("*.d.ts"), *scratch.glob("*_models.py")]:
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    tools = (openapi_typescript, hey_api, datamodel_codegen)
    jobs = [(scratch, tool, service) for service in reversed(DESCRIBED) for tool in tools]
    with ThreadPoolExecutor(2) as pool:
        complaints = [said for said in pool.map(attempt, jobs) if said]
    print("\n".join([*complaints, f"{len(jobs)} runs of generators, {len(complaints)} complaints"]))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
