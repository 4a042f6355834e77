"""The examples of docs/sandbox.md, run as they stand there against a sandbox."""

import os
import re
import subprocess
import sys

import pytest
import yaml

from sandbox import ROOT, SHOPWIRE

GUIDE = (ROOT / "docs/sandbox.md").read_text(encoding="utf-8")
START = re.search(r"```sh\n(.*?)```", GUIDE, re.S)[1]
EXAMPLES = dict(re.findall(r"```(php|python|js|yaml)\n(.*?)```", GUIDE, re.S))


@pytest.fixture
def folder(tmp_path):
    """A folder with the files that the guide names, and the programs that it calls in the path."""
    for language, file in (("php", "product.php"), ("python", "order.py"), ("js", "stages.mjs")):
        assert file in EXAMPLES[language], "the example says its name"
        (tmp_path / file).write_text(EXAMPLES[language], encoding="utf-8")
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "shopwire").symlink_to(SHOPWIRE.resolve())
    # A wrapper: by a link, Python would look for packages elsewhere.
    (programs / "python3").write_text(f"#!/bin/sh\nexec {sys.executable} \"$@\"\n", encoding="utf-8")
    (programs / "python3").chmod(0o755)
    return tmp_path


def shell(folder, script):
    """Runs a script, and ends what it leaves in the background."""
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    ended = f"trap 'kill $(jobs -p)' EXIT\nset -e\n{script}"
    return subprocess.run(["bash", "-c", ended], cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("command, says", [("php product.php", "created ID-10"), ("python3 order.py", "created order 1"), ("node stages.mjs", "stages: ")])
def test_s2_an_example_of_the_guide_runs(folder, command, says):
    done = shell(folder, f"{START}\n{command}")
    assert done.returncode == 0, done.stderr
    assert says in done.stdout


def test_s2_the_steps_of_github_actions_run(folder):
    steps = yaml.safe_load(EXAMPLES["yaml"])["jobs"]["test"]["steps"]
    runs = {step["name"]: step["run"] for step in steps if "run" in step}
    assert runs["Install the sandbox"] == "cargo install --locked shopwire-cli"
    order = ["Start the sandbox", "Test", "What the services saw"]
    done = shell(folder, "\n".join(runs[name] for name in order))
    assert done.returncode == 0, done.stderr
    assert "created ID-10" in done.stdout and "created order 1" in done.stdout and "stages: " in done.stdout
    assert '"version":"1.2"' in (folder / "requests.har").read_text(encoding="utf-8").replace(" ", "")


def test_s2_the_guide_has_a_picture_of_each_mistake_that_is_tested():
    from pictures import MOST_BYTES, PICTURES, file_of
    from test_signature import MISTAKES

    linked = re.findall(r"\(guide/([\w-]+\.png)\)", GUIDE)
    assert set(linked) == {"signature.png", *(file_of(name) for name in MISTAKES)}
    for name in linked:
        picture = (PICTURES / name).read_bytes()
        assert picture.startswith(b"\x89PNG") and len(picture) < MOST_BYTES
