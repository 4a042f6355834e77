//! Every parameter and every field of a filter or an entity, of every operation of the three services, in every
//! spelling that is accepted: what arrives is compared with what the descriptions say must arrive.
//!
//! The descriptions are read as JSON, the requests as bytes: neither goes through the code that is tested.

mod arrived;
mod description;
mod meaning;
mod recorder;
mod spelling;

use common_api::{AnyOperation, OperationEntry};
use common_transport::{RateLimits, RetryPolicy};
use description::{Operation, Place, Service};
use recorder::Recorder;
use shopwire::{nicechat, retailcrm, uvygoda};
use shopwire_sandbox::{Options, RateLimit, Sandbox};
use spelling::Spelling;

/// How much was sent.
#[derive(Debug, Default)]
struct Sent {
    operations: usize,
    fields: usize,
    spellings: usize,
    requests: usize,
}

// F7
#[tokio::test]
async fn f7_every_parameter_of_retailcrm_arrives_in_every_spelling() {
    let recorder = Recorder::start(r#"{"success":true}"#).await;
    let client = retailcrm::Client::builder(recorder.url().parse().unwrap(), "key")
        .limits(RateLimits::new())
        .transport(|stack| stack.retry(RetryPolicy::none()))
        .build()
        .unwrap();
    let send = async |call: AnyOperation| drop(client.call(call).await);
    let sent = sweep("retailcrm", retailcrm::operations(), &recorder, send).await;
    println!("retailcrm: {sent:?}");
    assert_eq!(sent.operations, retailcrm::operations().len());
    assert!(sent.fields > 4_000 && sent.spellings > 15_000, "{sent:?}");
}

// F7
#[tokio::test]
async fn f7_every_parameter_of_nicechat_arrives_in_every_spelling() {
    let recorder = Recorder::start("{}").await;
    let client = nicechat::Client::builder(nicechat::Credentials::new("key", "secret"))
        .base_url(recorder.url().parse().unwrap())
        .transport(|stack| stack.retry(RetryPolicy::none()))
        .build()
        .unwrap();
    let send = async |call: AnyOperation| drop(client.call(call).await);
    let sent = sweep("nicechat", nicechat::operations(), &recorder, send).await;
    println!("nicechat: {sent:?}");
    assert_eq!(sent.operations, 13);
}

// F7
#[tokio::test]
async fn f7_every_parameter_of_uvygoda_arrives_in_every_spelling() {
    let recorder = Recorder::start(r#"{"RESULT":true,"ERROR":false}"#).await;
    let client = uvygoda::Client::builder()
        .token("token")
        .base_url(recorder.url().parse().unwrap())
        .transport(|stack| stack.retry(RetryPolicy::none()))
        .build()
        .unwrap();
    let send = async |call: AnyOperation| drop(client.call(call).await);
    let sent = sweep("uvygoda", uvygoda::operations(), &recorder, send).await;
    println!("uvygoda: {sent:?}");
    assert_eq!(sent.operations, 11);
}

/// Sends all operations of a service. Each request holds all parameters, each in its next spelling, until every
/// parameter has had all of its own.
async fn sweep(
    service: &str,
    entries: &[OperationEntry],
    recorder: &Recorder,
    send: impl AsyncFn(AnyOperation),
) -> Sent {
    let service = Service::read(service);
    let mut sent = Sent::default();
    let mut wrong = Vec::new();
    for operation in service.operations() {
        let entry = entry(entries, &operation);
        let parameters: Vec<Vec<Spelling>> = operation
            .parameters
            .iter()
            .map(|parameter| spelling::all(&service, &parameter.schema))
            .collect();
        sent.operations += 1;
        sent.fields += spelling::fields(&service, &operation);
        sent.spellings += parameters
            .iter()
            .flatten()
            .map(|one| one.count)
            .sum::<usize>();
        let rounds = parameters.iter().map(Vec::len).max().unwrap_or(1);
        for round in 0..rounds {
            let chosen: Vec<&Spelling> = parameters
                .iter()
                .map(|spellings| &spellings[round % spellings.len()])
                .collect();
            let given = given(&operation, &chosen);
            let call = match entry.operation(&given) {
                Ok(call) => call,
                Err(error) => {
                    wrong.push(format!("{}: refused: {error}", operation.name));
                    continue;
                }
            };
            send(call).await;
            sent.requests += 1;
            let Some(request) = recorder.take() else {
                wrong.push(format!("{}: nothing arrived", operation.name));
                continue;
            };
            let meanings: Vec<_> = chosen.iter().map(|spelling| &spelling.meaning).collect();
            for difference in arrived::compare(&operation, &meanings, &request) {
                wrong.push(format!("{}: {difference}", operation.name));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differences, the first:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(25)].join("\n")
    );
    sent
}

fn entry<'e>(entries: &'e [OperationEntry], operation: &Operation) -> &'e OperationEntry {
    let found = entries
        .iter()
        .find(|entry| entry.metadata.name == operation.name);
    found.unwrap_or_else(|| panic!("{} is described and not there", operation.name))
}

/// The parameters as one JSON object; bytes do not travel in it.
fn given(operation: &Operation, chosen: &[&Spelling]) -> String {
    let members: Vec<String> = operation
        .parameters
        .iter()
        .zip(chosen)
        .map(|(parameter, spelling)| format!("{:?}:{}", parameter.name, spelling.given))
        .collect();
    format!("{{{}}}", members.join(","))
}

// F7: the service's stand-in takes every field of every filter in every spelling.
#[tokio::test]
async fn f7_the_sandbox_refuses_no_spelling_of_a_filter() {
    let sandbox =
        Sandbox::start(Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted)))
            .await
            .expect("ports on loopback");
    let url = sandbox.retailcrm().url().parse().unwrap();
    let client = retailcrm::Client::builder(url, sandbox.retailcrm().api_key())
        .limits(RateLimits::new())
        .transport(|stack| stack.retry(RetryPolicy::none()))
        .build()
        .unwrap();
    let service = Service::read("retailcrm");
    let (mut fields, mut requests, mut refused) = (0, 0, Vec::new());
    for operation in service.operations() {
        let Some(filter) = operation.parameter("filter") else {
            continue;
        };
        let entry = entry(retailcrm::operations(), &operation);
        for (name, schema) in service.properties(&filter.schema) {
            fields += 1;
            for spelling in spelling::of_filter(&service, &name, &schema) {
                let params = needed(&operation, &format!("{{{name:?}:{}}}", spelling.given));
                let call = entry.operation(&params).expect("the client takes it");
                requests += 1;
                let status = match client.call(call).await {
                    Ok(_) => continue,
                    Err(error) => error.status().map(|status| status.as_u16()),
                };
                let what = format!("{} filter[{name}]={}", operation.name, spelling.given);
                match status {
                    // There is no such customer, or programme: the filter was read before.
                    Some(404) => {}
                    _ => refused.push(format!("{status:?} {what}")),
                }
            }
        }
    }
    println!("{fields} fields, {requests} requests");
    assert!(fields > 450, "{fields}");
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// The filter beside what the path needs.
fn needed(operation: &Operation, filter: &str) -> String {
    let path = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.place == Place::Path)
        .map(|parameter| format!("{:?}:1,", parameter.name));
    format!("{{{}\"filter\":{filter}}}", path.collect::<String>())
}
