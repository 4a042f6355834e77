//! Work after an answer, in each service: it ends when the time of the call does, and holds no thread of the runtime.
#![allow(
    clippy::disallowed_methods,
    reason = "the time that a thread is held is printed; no test waits for it"
)]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use common_api::{Decoding, OperationEntry, Sender};
use common_transport::{BoxError, Client, Error};
use http::{Request, Response};
use nicechat_api::{Credentials, Strictness};
use shopwire::{nicechat, retailcrm, uvygoda};
use tower::service_fn;

/// How long the bodies are: long enough to be read on another thread.
const LENGTH: usize = 300_000;

/// What is done to a body before an operation reads it.
type Prepare = fn(&mut Response<Bytes>);

struct Case {
    name: &'static str,
    entry: &'static OperationEntry,
    params: &'static str,
    status: u16,
    body: Vec<u8>,
    prepare: Prepare,
}

fn entry(operations: &'static [OperationEntry], name: &str) -> &'static OperationEntry {
    operations
        .iter()
        .find(|entry| entry.metadata.name == name)
        .unwrap_or_else(|| panic!("{name}"))
}

/// All kinds of work, on bodies of about so many bytes.
fn cases(length: usize) -> Vec<Case> {
    // A frame around what repeats.
    let text = |open: &str, unit: &str, close: &str| {
        format!("{open}{}{close}", unit.repeat(length / unit.len())).into_bytes()
    };
    let case = |name, entry, params, status, body| Case {
        name,
        entry,
        params,
        status,
        body,
        prepare: |_| {},
    };
    let nicechat = entry(nicechat::operations(), "products.list");
    let change = entry(nicechat::operations(), "products.create");
    let product = r#"{"id":"1"}"#;
    let uvygoda = entry(uvygoda::operations(), "getProductList");
    let filter = r#"{"FILTER":"ALL"}"#;
    let retailcrm = entry(retailcrm::operations(), "orders.list");
    let file = entry(retailcrm::operations(), "files.download");
    let lenient: Prepare = |response| Strictness::Lenient.attach(response, nicechat_api::repair);
    let noise: Prepare = |response| Strictness::Lenient.attach(response, uvygoda_rpc::repair);
    let russian: Prepare = |response| {
        let value = "application/json; charset=windows-1251".parse().unwrap();
        response.headers_mut().insert("content-type", value);
    };
    let json: Prepare = |response| {
        let value = "application/json".parse().unwrap();
        response.headers_mut().insert("content-type", value);
    };
    let page = |open: &str, close: &str| text(open, r#"{"id":"1","title":"x"},"#, close);
    vec![
        case(
            "nicechat: a page",
            nicechat,
            "{}",
            200,
            page(r#"{"status":"ok","result":{"results":["#, "{}]}}"),
        ),
        case(
            "nicechat: a refusal",
            change,
            product,
            400,
            text(r#"{"status":"error","description":""#, "\\n", r#""}"#),
        ),
        case(
            "nicechat: unknown members",
            change,
            product,
            400,
            text(r#"{"status":"error","x":["#, "0,", "0]}"),
        ),
        case(
            "nicechat: no end",
            nicechat,
            "{}",
            200,
            text(r#"{"status":"ok","result":["#, "[],", ""),
        ),
        Case {
            prepare: lenient,
            ..case(
                "nicechat: a sample",
                nicechat,
                "{}",
                200,
                page(r#""status":"ok","result":{"results":["#, "],},}"),
            )
        },
        Case {
            prepare: lenient,
            ..case(
                "nicechat: no sample",
                nicechat,
                "{}",
                200,
                text("\"", "a\"\n\"", ""),
            )
        },
        Case {
            prepare: russian,
            ..case(
                "nicechat: windows-1251",
                nicechat,
                "{}",
                200,
                page("{\"status\":\"ok\",\"x\":\"\u{1}", "")
                    .into_iter()
                    .chain([0xff])
                    .collect(),
            )
        },
        case(
            "uvygoda: a list",
            uvygoda,
            filter,
            200,
            text(
                r#"{"RESULT":true,"ITEMS":["#,
                r#"{"ID":"1","NAME":"x"},"#,
                r#"false],"ERROR":false}"#,
            ),
        ),
        case(
            "uvygoda: a refusal",
            uvygoda,
            filter,
            200,
            text(r#"{"RESULT":false,"ERROR":""#, "\\u0041", r#""}"#),
        ),
        case(
            "uvygoda: no end",
            uvygoda,
            filter,
            200,
            text(r#"{"RESULT":true,"ITEMS":["#, "[],", ""),
        ),
        Case {
            prepare: noise,
            ..case(
                "uvygoda: warnings",
                uvygoda,
                filter,
                200,
                text(
                    "",
                    "<b>Warning</b> {x}\n",
                    r#"{"RESULT":true,"ITEMS":[],"ERROR":false,}"#,
                ),
            )
        },
        Case {
            prepare: noise,
            ..case(
                "uvygoda: braces",
                uvygoda,
                filter,
                200,
                text("", "{\"a\":", ""),
            )
        },
        case(
            "retailcrm: a page",
            retailcrm,
            "{}",
            200,
            page(r#"{"success":true,"orders":["#, "{}]}"),
        ),
        case(
            "retailcrm: success stands last",
            retailcrm,
            "{}",
            200,
            page(r#"{"orders":["#, r#"{}],"success":true}"#),
        ),
        case(
            "retailcrm: a refusal",
            retailcrm,
            "{}",
            400,
            text(
                r#"{"success":false,"errorMsg":"no","errors":{"#,
                "\"a\":\"b\",",
                r#""a":"b"}}"#,
            ),
        ),
        case(
            "retailcrm: failure says success",
            retailcrm,
            "{}",
            200,
            text(r#"{"errorMsg":""#, "\\t", r#""}"#),
        ),
        Case {
            prepare: json,
            ..case(
                "retailcrm: a file",
                file,
                r#"{"id":1}"#,
                200,
                page("{\"a\":[", "0]}"),
            )
        },
    ]
}

impl Case {
    fn response(&self) -> Response<Bytes> {
        let body = Bytes::from(self.body.clone());
        let mut response = Response::builder().status(self.status).body(body).unwrap();
        (self.prepare)(&mut response);
        response
    }

    /// Reads it with a clock that says stop when it is asked for the `limit`-th time: what came of it, and how often
    /// the clock was asked.
    fn read(&self, limit: usize) -> (Option<Error>, usize) {
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        let mut response = self.response();
        let stop = Arc::new(move || counter.fetch_add(1, Relaxed) + 1 >= limit);
        Decoding::new().attach_until(&mut response, stop);
        let operation = self.entry.operation(self.params).unwrap();
        let error = Client::decode(&operation, response).err();
        (error, asked.load(Relaxed))
    }
}

// H2
#[test]
fn h2_all_work_on_an_answer_ends_at_the_word_of_one_clock() {
    for case in cases(LENGTH) {
        let (error, all) = case.read(usize::MAX);
        assert!(
            !error.is_some_and(|error| error.is_timeout()),
            "{}",
            case.name
        );
        // A look after each 16 KiB of each pass, or 20 KiB where escapes are long.
        assert!(
            all >= LENGTH / (20 * 1024),
            "{}: asked {all} times",
            case.name
        );
        for limit in 1..=all {
            let (error, asked) = case.read(limit);
            let error = error.unwrap_or_else(|| panic!("{}: {limit} of {all}", case.name));
            assert!(
                error.is_timeout(),
                "{}: {limit} of {all}: {error:?}",
                case.name
            );
            let lands = case.entry.metadata.name == "products.create";
            assert_eq!(error.may_have_landed(), lands, "{}", case.name);
            assert!(
                asked <= limit + 2,
                "{}: asked {asked} times, said stop at {limit}",
                case.name
            );
        }
    }
}

/// Calls with a service in place of the network, which notes when it has given its answer.
async fn call(case: &Case, given: Arc<Mutex<Option<Instant>>>) -> Result<(), Error> {
    let body = Bytes::from(case.body.clone());
    let (status, prepare) = (case.status, case.prepare);
    let service = service_fn(move |_: Request<Bytes>| {
        *given.lock().unwrap() = Some(Instant::now());
        let response = Response::builder().status(status).body(body.clone());
        let mut response = response.unwrap();
        prepare(&mut response);
        std::future::ready(Ok::<_, BoxError>(response))
    });
    let operation = case.entry.operation(case.params).unwrap();
    match case.entry.metadata.service {
        "nicechat" => {
            let builder = nicechat_api::Client::builder(Credentials::new("key-1", "secret-1"));
            let lenient = builder.strictness(Strictness::Lenient);
            let client = lenient
                .transport(move |transport| transport.service(service))
                .build()?;
            client.send(&operation).await.map(drop)
        }
        "uvygoda" => {
            let builder = uvygoda_rpc::Client::builder()
                .token("token-1")
                .strictness(Strictness::Lenient);
            let client = builder
                .transport(move |transport| transport.service(service))
                .build()?;
            client.send(&operation).await.map(drop)
        }
        _ => {
            let builder = retailcrm_v5::Client::builder(
                "https://demo.retailcrm.ru".parse().unwrap(),
                "key-1",
            );
            let client = builder
                .transport(move |transport| transport.service(service))
                .build()?;
            let client: &dyn Sender = &client;
            client.send(&operation).await.map(drop)
        }
    }
}

// H2: in default settings, on a runtime of one thread. The longest time for which the thread was held is printed;
// `BYTES=67108864` in the environment makes the bodies that long.
#[tokio::test]
async fn h2_other_tasks_of_the_only_thread_go_on_while_an_answer_is_read() {
    let bytes = std::env::var("BYTES").ok();
    let length = bytes.and_then(|bytes| bytes.parse().ok());
    for case in cases(length.unwrap_or(LENGTH)) {
        // The machine may give this thread no time while the other one reads; were the answer read on this thread,
        // no round would have turns.
        let mut most = 0;
        for _ in 0..10 {
            let given = Arc::new(Mutex::new(None));
            let seen = Arc::clone(&given);
            let ticker = tokio::spawn(async move {
                let (mut ticks, mut longest) = (0_usize, Duration::ZERO);
                let mut last = Instant::now();
                loop {
                    tokio::task::yield_now().await;
                    let now = Instant::now();
                    if seen.lock().unwrap().is_some() {
                        ticks += 1;
                        longest = longest.max(now - last);
                    }
                    last = now;
                    if Arc::strong_count(&seen) == 1 {
                        return (ticks, longest);
                    }
                }
            });
            drop(call(&case, given).await);
            let (ticks, longest) = ticker.await.unwrap();
            println!(
                "{}: {ticks} turns of the other task, {longest:?} at most between two",
                case.name
            );
            most = most.max(ticks);
            if most > 20 {
                break;
            }
        }
        assert!(most > 20, "{}: {most}", case.name);
    }
}
