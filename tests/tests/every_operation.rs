//! Every operation of the three services, by its typed client, against the sandbox: each call succeeds, and its typed
//! answer, written again, is the answer that came, to the last null and empty list.
//!
//! The calls stand in `tests/scenarios`, one step a line: `call` names the operation, `with` holds its parameters by
//! their wire names, `keep` names what later steps need of the answer, by JSON pointer; `"{name}"` stands for it.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use common_api::{AnyOperation, AnyOutput, Decoding, OperationEntry};
use common_transport::{Error, Metadata, Operation, RateLimits};
use http::{Request, Response};
use serde_json::Value;
use shopwire::{nicechat, retailcrm, uvygoda};
use shopwire_sandbox::{Options, RateLimit, Sandbox};

// T3
// round trip: retailcrm
#[tokio::test]
async fn t3_every_operation_of_retailcrm_reads_its_answer() {
    let sandbox = sandbox().await;
    let server = sandbox.retailcrm();
    let client = retailcrm::Client::builder(server.url().parse().unwrap(), server.api_key())
        .limits(RateLimits::new())
        .decoding(STRICT)
        .build()
        .unwrap();
    server.confirm_by_sms(true);
    // Bytes do not travel in JSON, so this one is called by its own type.
    let upload = retailcrm::files::Upload::new("anything");
    let uploaded = client.call(upload).await.expect("a file");
    assert_eq!(uploaded.file.and_then(|file| file.id), Some(1));
    let others: Vec<OperationEntry> = retailcrm::operations()
        .iter()
        .filter(|entry| entry.metadata.name != "files.upload")
        .copied()
        .collect();
    let steps = include_str!("../scenarios/retailcrm.json");
    let call = async |operation| client.call(operation).await;
    play(steps, &others, [], call).await;
}

// T3
// round trip: nicechat
#[tokio::test]
async fn t3_every_operation_of_nicechat_reads_its_answer() {
    let sandbox = sandbox().await;
    let server = sandbox.nicechat();
    let credentials = nicechat::Credentials::new(server.api_key(), server.api_secret());
    let client = nicechat::Client::builder(credentials)
        .base_url(server.url().parse().unwrap())
        .decoding(STRICT)
        .build()
        .unwrap();
    let steps = include_str!("../scenarios/nicechat.json");
    let call = async |operation| client.call(operation).await;
    play(steps, nicechat::operations(), [], call).await;
}

// T3
// round trip: uvygoda
#[tokio::test]
async fn t3_every_operation_of_uvygoda_reads_its_answer() {
    let sandbox = sandbox().await;
    let server = sandbox.uvygoda();
    let client = uvygoda::Client::builder()
        .token(server.token())
        .base_url(server.url().parse().unwrap())
        .decoding(STRICT)
        .build()
        .unwrap();
    let steps = include_str!("../scenarios/uvygoda.json");
    let kept = [
        ("login", server.login().to_string()),
        ("password", server.password().to_string()),
    ];
    let call = async |operation| client.call(operation).await;
    play(steps, uvygoda::operations(), kept, call).await;
}

/// A part of an answer that is not of its type is an error, and not kept aside.
const STRICT: Decoding = Decoding::new().strict(true);

async fn sandbox() -> Sandbox {
    let options = Options::default().retailcrm(|it| it.rate_limit(RateLimit::Lifted));
    Sandbox::start(options).await.expect("a sandbox")
}

/// An operation that gives its answer as it came beside the typed one.
struct Both(AnyOperation);

impl Operation for Both {
    type Output = (AnyOutput, Bytes);

    fn metadata(&self) -> &'static Metadata {
        self.0.metadata()
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        self.0.request()
    }

    fn decode(&self, response: Response<Bytes>) -> Result<Self::Output, Error> {
        let body = response.body().clone();
        Ok((self.0.decode(response)?, body))
    }
}

/// Plays all steps, and tells at once of everything that is wrong; an operation that no step calls is wrong too.
async fn play<const N: usize>(
    steps: &str,
    entries: &[OperationEntry],
    kept: [(&str, String); N],
    call: impl AsyncFn(Both) -> Result<(AnyOutput, Bytes), Error>,
) {
    let steps: Vec<Value> = serde_json::from_str(steps).expect("steps");
    let kept = kept.map(|(name, value)| (name.to_owned(), value.into()));
    let mut kept = BTreeMap::from(kept);
    let mut left: BTreeSet<&str> = entries.iter().map(|entry| entry.metadata.name).collect();
    let mut wrong = Vec::new();
    for step in &steps {
        let name = step["call"].as_str().expect("a name");
        let entry = entries.iter().find(|entry| entry.metadata.name == name);
        let params = filled(&step["with"], &kept).to_string();
        let operation = entry.expect(name).operation(&params).expect(name);
        left.remove(name);
        match call(Both(operation)).await {
            Ok((answer, came)) => {
                wrong.extend(difference(&answer, &came).map(|what| format!("{name}: {what}")));
                keep(step, &came, &mut kept);
            }
            Err(error) => wrong.push(format!("{name}: {error}: {:?}", error.body_excerpt())),
        }
    }
    wrong.extend(left.iter().map(|name| format!("{name}: no step calls it")));
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The parameters with what earlier steps kept.
fn filled(params: &Value, kept: &BTreeMap<String, Value>) -> Value {
    match params {
        Value::String(text) => {
            let name = text
                .strip_prefix('{')
                .and_then(|text| text.strip_suffix('}'));
            name.map_or_else(|| params.clone(), |name| kept[name].clone())
        }
        Value::Object(members) => {
            let filled = members
                .iter()
                .map(|(name, value)| (name.clone(), filled(value, kept)));
            filled.collect()
        }
        Value::Array(items) => items.iter().map(|item| filled(item, kept)).collect(),
        other => other.clone(),
    }
}

fn keep(step: &Value, came: &Bytes, kept: &mut BTreeMap<String, Value>) {
    for (name, pointer) in step["keep"].as_object().into_iter().flatten() {
        let answer: Value = serde_json::from_slice(came).expect("JSON");
        let pointer = pointer.as_str().expect("a pointer");
        let value = answer.pointer(pointer).expect("the answer holds it");
        kept.insert(name.clone(), value.clone());
    }
}

/// What the typed answer, written again, has otherwise than the answer that came.
fn difference(answer: &AnyOutput, came: &Bytes) -> Option<String> {
    match answer {
        AnyOutput::Binary { bytes, .. } => (bytes != came).then(|| "other bytes".to_owned()),
        // An answer without a body reads as an empty object.
        AnyOutput::Json(written) if came.is_empty() => (written != "{}").then(|| written.clone()),
        AnyOutput::Json(written) => {
            let came: Value = serde_json::from_slice(came).expect("JSON");
            let written: Value = serde_json::from_str(written).expect("JSON");
            (written != came).then(|| format!("{written} instead of {came}"))
        }
        _ => Some("an answer of a kind that this test does not know".to_owned()),
    }
}
