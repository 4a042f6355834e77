//! The ways to sign: the bound first, then ours, then others'.

use std::hint::black_box;
use std::io::Write as _;
use std::process::{Command, Stdio};

use nicechat_sign::{Credentials, Form, Signer, Value, canonical};
use sha2::{Digest as _, Sha256};

use crate::inputs::{Input, PATH, Payload, SECRET};
use crate::measure::Contestant;

pub(crate) fn contestants(input: &Input) -> Vec<Contestant<'_>> {
    let signer = Signer::new(Credentials::new("key", SECRET));
    let hashed = hashed(input);
    let mut all = vec![Contestant {
        name: "sha256 (bound)",
        work: Box::new(move || {
            let digest: [u8; 32] = Sha256::digest(black_box(&hashed)).into();
            black_box(digest);
        }),
    }];
    match &input.payload {
        Payload::Body(body) => {
            all.push(Contestant {
                name: "nicechat-sign",
                work: Box::new(move || {
                    let signature =
                        signer.sign_body(black_box(PATH), black_box(body), input.method);
                    black_box(signature.to_hex());
                }),
            });
            all.push(Contestant {
                name: "format! and digest",
                work: Box::new(move || {
                    let body = String::from_utf8_lossy(black_box(body));
                    let text = format!("{SECRET}{PATH}{body}{}", input.method);
                    black_box(hex(&Sha256::digest(text)));
                }),
            });
        }
        Payload::Form(form) => {
            all.push(Contestant {
                name: "nicechat-sign",
                work: Box::new(move || {
                    let signed = signer.sign_form(black_box(PATH), black_box(form), input.method);
                    black_box(signed.map(|it| (it.signature.to_hex(), it.body)).ok());
                }),
            });
            let pairs = pairs(form);
            all.push(Contestant {
                name: "form_urlencoded",
                work: Box::new({
                    let pairs = pairs.clone();
                    move || {
                        let mut pairs = pairs.clone();
                        pairs.sort();
                        let mut out = form_urlencoded::Serializer::new(String::new());
                        out.extend_pairs(&pairs);
                        finish(&out.finish(), input.method);
                    }
                }),
            });
            all.push(Contestant {
                name: "serde_urlencoded",
                work: Box::new(move || {
                    let mut pairs = pairs.clone();
                    pairs.sort();
                    finish(
                        &serde_urlencoded::to_string(&pairs).unwrap_or_default(),
                        input.method,
                    );
                }),
            });
        }
    }
    all
}

fn finish(body: &str, method: &str) {
    let text = format!("{SECRET}{PATH}{body}{method}");
    black_box(hex(&Sha256::digest(text)));
}

/// The usual way to print a digest.
fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hashed(input: &Input) -> Vec<u8> {
    let body = match &input.payload {
        Payload::Body(body) => body.clone(),
        Payload::Form(form) => canonical(nicechat_sign::Dialect::Php, form)
            .unwrap_or_default()
            .into_bytes(),
    };
    [
        SECRET.as_bytes(),
        PATH.as_bytes(),
        &body,
        input.method.as_bytes(),
    ]
    .concat()
}

fn pairs(form: &Form) -> Vec<(String, String)> {
    form.iter()
        .map(|(key, value)| {
            let value = match value {
                Value::Text(text) => text.clone(),
                Value::Int(value) => value.to_string(),
                _ => "1".into(),
            };
            (key.to_owned(), value)
        })
        .collect()
}

const PHP: &str = r#"
function make_sign($payload, $secret, $action, $method) {
    if (is_array($payload)) { ksort($payload); $payload = http_build_query($payload); }
    return hash('sha256', $secret.$action.$payload.$method);
}
$case = json_decode(stream_get_contents(STDIN), true);
$best = INF;
for ($round = 0; $round < 20; $round++) {
    $count = 0; $start = hrtime(true);
    do { make_sign($case['payload'], $case['secret'], $case['path'], $case['method']); $count++; }
    while (hrtime(true) - $start < 5000000);
    $best = min($best, (hrtime(true) - $start) / $count);
}
echo $best;
"#;

const PYTHON: &str = r#"
import hashlib, json, sys, time
case = json.load(sys.stdin)
def make_sign(payload, secret, action, method):
    if isinstance(payload, dict):
        payload = '&'.join('%s=%s' % (key, payload.get(key)) for key in sorted(payload.keys()))
    return hashlib.sha256((secret + action + payload + method).encode('utf-8')).hexdigest()
best = float('inf')
for _ in range(20):
    count, start = 0, time.perf_counter_ns()
    while time.perf_counter_ns() - start < 5000000:
        make_sign(case['payload'], case['secret'], case['path'], case['method'])
        count += 1
    best = min(best, (time.perf_counter_ns() - start) / count)
print(best)
"#;

/// The documented functions in their own languages, where these are installed.
pub(crate) fn interpreters(input: &Input) -> Vec<(&'static str, f64)> {
    let payload = match &input.payload {
        Payload::Body(body) => serde_json::Value::from(String::from_utf8_lossy(body)),
        Payload::Form(form) => {
            let pairs = pairs(form).into_iter();
            pairs
                .map(|(key, value)| (key, serde_json::Value::from(value)))
                .collect()
        }
    };
    let case = serde_json::json!({
        "payload": payload, "secret": SECRET, "path": PATH, "method": input.method,
    });
    let (php, python) = (["php", "-r", PHP], ["python3", "-c", PYTHON]);
    [("php", php), ("python", python)]
        .into_iter()
        .filter_map(|(name, command)| Some((name, ask(&command, &case.to_string())?)))
        .collect()
}

fn ask(command: &[&str; 3], case: &str) -> Option<f64> {
    let mut child = Command::new(command[0])
        .args(&command[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(case.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}
