"""The sandbox as a child process, for scripts that speak to it over HTTP."""

import json
import os
import pathlib
import subprocess
from contextlib import contextmanager

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHOPWIRE = pathlib.Path(os.environ.get("SHOPWIRE", ROOT / "target/debug/shopwire"))
DESCRIPTIONS = ROOT / "crates/shopwire-sandbox/openapi"
ADMIN = ROOT / "crates/shopwire-sandbox/src/admin/openapi.json"
SERVICES = ("nicechat", "uvygoda", "retailcrm")
# The services' descriptions, and that of the sandbox's admin API.
DESCRIBED = (*SERVICES, "admin")


@contextmanager
def running():
    """Starts a sandbox of its own; gives the line it prints: addresses and credentials by service."""
    command = [SHOPWIRE, "sandbox", "--json", "--quiet", "--no-rate-limit"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()


def source(service):
    """The file with the bundled description of one service, or with that of the admin API."""
    return ADMIN if service == "admin" else DESCRIPTIONS / f"{service}.json"


def description(service):
    """The bundled description of one service."""
    return json.loads(source(service).read_text(encoding="utf-8"))
