"""The cases of the HTML standard's tokenizer (html5lib-tests) against the policies for Uvygoda's descriptions.

The standard's tokens of a case say what has to become of it: which tags and how much text stay, and whether the check
refuses it. This file derives that from the tokens, and never reads HTML itself.
"""

import json
import re
import subprocess
import sys
import tarfile
from collections import Counter

from limits import within
from sandbox import ROOT

ARCHIVE = ROOT / "target/foreign/html5lib-1.1.tar.gz"
CASES = re.compile(r"html5lib-1\.1/html5lib/tests/testdata/tokenizer/(\w+)\.test")

ALLOWED = {"p", "b", "i", "h1", "h2", "h3", "h4", "h5", "h6"}
# Elements that are dropped with their content.
OPAQUE = {"script", "style", "template", "iframe", "noscript"}
# Elements behind whose start tag a browser leaves the data state; the cases' tokens of the data state do not.
SWITCHING = {"textarea", "title", "plaintext", "script", "style", "iframe", "xmp", "noembed", "noframes", "noscript"}
# Errors for which the check refuses a text although its tokens are allowed.
REFUSED = {
    "eof-before-tag-name", "eof-in-tag", "eof-in-comment", "eof-in-doctype",
    "end-tag-with-attributes", "unexpected-null-character",
}
# The element that brings a tokenizer from the data state into another one.
ELEMENT = {
    "RCDATA state": "title", "RAWTEXT state": "xmp", "Script data state": "script", "PLAINTEXT state": "plaintext",
}
BARE_TAG = re.compile(r"</?(?:p|b|i|h[1-6])>")


def cases():
    """Every case of the package, with its file's name."""
    with tarfile.open(ARCHIVE) as archive:
        for member in sorted(archive.getmembers(), key=lambda member: member.name):
            if match := CASES.fullmatch(member.name):
                document = json.load(archive.extractfile(member))
                # The only file with another key is about coercion to XML, which changes no text of HTML.
                for case in document.get("tests", ()):
                    yield match[1], case


def unescaped(value):
    """`\\uHHHH` in texts, at any depth, as the characters they stand for."""
    if isinstance(value, str):
        return re.sub(r"\\u([0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), value)
    if isinstance(value, list):
        return [unescaped(item) for item in value]
    return value


def renamed(value, last, element):
    """The value with another name of the element that a case of it is in."""
    return json.loads(re.sub(last, element, json.dumps(value), flags=re.IGNORECASE))


def inputs(counts):
    """Each case in each of its initial states: name, text, the tokens of it or None, codes of its errors."""
    for file, case in cases():
        counts["cases"] += 1
        text, tokens = case["input"], case["output"]
        if case.get("doubleEscaped"):
            text, tokens = unescaped(text), unescaped(tokens)
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            counts["with lone surrogates, which no text of Rust holds: left out"] += 1
            continue
        errors = {error["code"] for error in case.get("errors", ())}
        for state in case.get("initialStates", ["Data state"]):
            name = f"{file}: {case['description']} ({state})"
            if state == "Data state":
                switches = any(token[0] == "StartTag" and token[1] in SWITCHING for token in tokens)
                yield name, text, None if switches else tokens, errors
            elif state == "CDATA section state":
                # Only foreign elements have such sections, and no foreign element is allowed.
                yield name, f"<svg><![CDATA[{text}", None, errors
            else:
                element = ELEMENT[state]
                here, found = text, tokens
                if last := case.get("lastStartTag"):
                    here, found = renamed(text, last, element), renamed(tokens, last, element)
                yield name, f"<{element}>{here}", [["StartTag", element, {}], *found], errors


def refused(tokens, errors):
    """Whether the check has to refuse a text with these tokens."""
    for kind, *rest in tokens:
        is_tag = kind in ("StartTag", "EndTag")
        if is_tag and rest[0] not in ALLOWED or kind == "StartTag" and rest[1] or kind in ("Comment", "DOCTYPE"):
            return True
    return bool(errors & REFUSED)


def cleaned(tokens):
    """The text that cleaning has to write for these tokens."""
    out, opaque, depth = [], None, 0
    for kind, *rest in tokens:
        if depth:
            if kind in ("StartTag", "EndTag") and rest[0] == opaque:
                depth += 1 if kind == "StartTag" else -1
        elif kind == "StartTag" and rest[0] in OPAQUE:
            opaque, depth = rest[0], 1
        elif kind in ("StartTag", "EndTag") and rest[0] in ALLOWED:
            out.append(f"<{'/' if kind == 'EndTag' else ''}{rest[0]}>")
        elif kind == "Character":
            text = rest[0].replace("\0", "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            out.append(text.replace("\xa0", "&nbsp;"))
    return "".join(out)


def applied(texts):
    """What the policies make of each text: the cleaned text, and whether the check refuses it."""
    program = ROOT / "target/debug/html_policy"
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run([program], input=lines, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def faults(text, tokens, errors, outcome, again):
    """What is wrong with the outcome for a text; `again` is the outcome for its cleaned text."""
    written, is_refused = outcome
    if not is_refused and written != text:
        yield f"passes the check and is rewritten to {written!r}"
    if is_refused and "<" in BARE_TAG.sub("", written):
        yield f"keeps more than bare tags: {written!r}"
    if again != [written, False]:
        yield f"cleaned to {written!r}, which is refused or cleaned again to {again!r}"
    if tokens is None:
        return
    if is_refused != refused(tokens, errors):
        yield f"refused: {is_refused}"
    if is_refused and written != cleaned(tokens):
        yield f"cleaned to {written!r} instead of {cleaned(tokens)!r}"


def main():
    counts = Counter()
    rows = list(inputs(counts))
    outcomes = applied(text for _, text, _, _ in rows)
    again = applied(written for written, _ in outcomes)
    if not rows or len(outcomes) != len(rows) or len(again) != len(rows):
        print(f"{len(rows)} texts, {len(outcomes)} and {len(again)} answers")
        return 1
    found = 0
    for (name, text, tokens, errors), outcome, second in zip(rows, outcomes, again):
        counts["texts, a case in one initial state each"] += 1
        counts["of them compared with the standard's tokens"] += tokens is not None
        counts["of them refused by the check"] += outcome[1]
        for fault in faults(text, tokens, errors, outcome, second):
            found += 1
            print(f"{name}: {text!r}: {fault}")
    for what, count in counts.items():
        print(f"{count:6} {what}")
    print(f"{found:6} faults")
    return 1 if found else 0


if __name__ == "__main__":
    with within(60):
        sys.exit(main())
