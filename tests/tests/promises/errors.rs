//! One shape of error for the three services, and no secret in it or in a log.

use std::{error::Error as _, fmt::Write as _};

use common_transport::{Error, ErrorKind};
use http::Method;
use shopwire::{Shopwire, retailcrm::orders::Order, uvygoda::SectionFilter};
use shopwire_sandbox::{Fault, Options, RateLimit, ResetAt, Sandbox};
use shopwire_tests::{config, sandbox};

use crate::recorder::Recorder;

/// What an error says, in the order of the row.
#[derive(Debug, PartialEq)]
struct Shape {
    kind: ErrorKind,
    service: Option<&'static str>,
    operation: Option<&'static str>,
    status: Option<u16>,
    code: Option<String>,
    text: bool,
    fields: bool,
    retryable: bool,
    throttled: bool,
    may_have_landed: bool,
    attempts: u32,
    excerpt: bool,
}

fn shape(error: &Error) -> Shape {
    Shape {
        kind: error.kind(),
        service: error.service(),
        operation: error.operation(),
        status: error.status().map(|status| status.as_u16()),
        code: error.service_error().code.clone(),
        text: error.service_error().message.is_some(),
        fields: !error.service_error().fields.is_empty(),
        retryable: error.is_retryable(),
        throttled: error.is_throttled(),
        may_have_landed: error.may_have_landed(),
        attempts: error.attempts(),
        excerpt: error.body_excerpt().is_some(),
    }
}

fn lifted() -> Options {
    Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted))
}

/// A failure of each service: what it refuses, what it throttles, and what ends without an answer.
async fn failures(sandbox: &Sandbox, shopwire: &Shopwire) -> Vec<(&'static str, Error)> {
    let nicechat = shopwire.nicechat().expect("it is configured");
    let uvygoda = shopwire.uvygoda();
    let crm = shopwire.retailcrm().expect("it is configured");
    let mut failures = Vec::new();
    let mut add = |name, error: Error| failures.push((name, error));

    add(
        "nicechat refuses",
        nicechat
            .products()
            .delete("none")
            .await
            .expect_err("unknown"),
    );
    let info = uvygoda.products().info(0).await;
    add("uvygoda refuses", info.expect_err("unknown"));
    let bad = Order::new().external_id("x").status("no-such-status");
    add(
        "retailcrm refuses",
        crm.orders().create(bad).await.expect_err("refused"),
    );

    sandbox
        .nicechat()
        .faults()
        .push(Fault::unavailable().on(Method::POST, "/").times(9));
    add(
        "nicechat throttles",
        nicechat.products().create("t").await.expect_err("503"),
    );
    sandbox
        .uvygoda()
        .faults()
        .push(Fault::unavailable().times(9));
    let stages = uvygoda.orders().stages().await;
    add("uvygoda throttles", stages.expect_err("503"));
    sandbox
        .retailcrm()
        .faults()
        .push(Fault::unavailable().times(9));
    add(
        "retailcrm throttles",
        crm.orders().get("a").await.expect_err("503"),
    );

    for faults in [sandbox.nicechat().faults(), sandbox.retailcrm().faults()] {
        faults.clear();
        faults.push(Fault::reset(ResetAt::AfterCommit));
    }
    add(
        "nicechat breaks off",
        nicechat.products().create("r").await.expect_err("reset"),
    );
    let new = Order::new().external_id("r");
    add(
        "retailcrm breaks off",
        crm.orders().create(new).await.expect_err("reset"),
    );
    failures
}

// X6
#[tokio::test(start_paused = true)]
async fn x6_every_member_of_an_error_is_told_by_each_service() {
    let (sandbox, shopwire) = sandbox(lifted()).await;
    let failures = failures(&sandbox, &shopwire).await;
    let refused = |kind, service, operation, status, code: Option<&str>| Shape {
        kind,
        service: Some(service),
        operation: Some(operation),
        status: Some(status),
        code: code.map(str::to_owned),
        text: true,
        fields: false,
        retryable: false,
        throttled: false,
        may_have_landed: false,
        attempts: 1,
        excerpt: true,
    };
    let throttled = |service, operation, attempts, may_have_landed| Shape {
        text: false,
        retryable: true,
        throttled: true,
        attempts,
        may_have_landed,
        ..refused(ErrorKind::Throttled, service, operation, 503, None)
    };
    let broken = |service, operation| Shape {
        status: None,
        text: false,
        retryable: true,
        may_have_landed: true,
        excerpt: false,
        ..refused(ErrorKind::Transport, service, operation, 0, None)
    };
    let expected = [
        refused(
            ErrorKind::NotFound,
            "nicechat",
            "products.delete",
            404,
            Some("404"),
        ),
        refused(ErrorKind::Service, "uvygoda", "getProductInfo", 200, None),
        Shape {
            fields: true,
            ..refused(
                ErrorKind::Validation,
                "retailcrm",
                "orders.create",
                400,
                None,
            )
        },
        throttled("nicechat", "products.create", 1, true),
        throttled("uvygoda", "getStages", 4, false),
        throttled("retailcrm", "orders.get", 4, false),
        broken("nicechat", "products.create"),
        broken("retailcrm", "orders.create"),
    ];
    assert_eq!(failures.len(), expected.len());
    for ((name, error), expected) in failures.iter().zip(expected) {
        assert_eq!(shape(error), expected, "{name}: {error:?}");
    }
}

// X7
#[tokio::test(start_paused = true)]
async fn x7_no_secret_in_errors_chains_spans_and_events_of_any_client() {
    // With one subscriber alone, tracing asks the thread that comes by first, be it another test's; with two, each.
    let _second = tracing::Dispatch::new(Recorder::default());
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let (sandbox, shopwire) = sandbox(lifted()).await;
    let mut shown = format!("{:?} {shopwire:?}", config(&sandbox));
    for (_, error) in failures(&sandbox, &shopwire).await {
        let _ = write!(
            shown,
            "{error} {error:?} {error:#?} {:?}",
            error.service_error()
        );
        let mut source = error.source();
        while let Some(error) = source {
            let _ = write!(shown, " {error} {error:?}");
            source = error.source();
        }
    }
    // And what succeeds.
    let nicechat = shopwire.nicechat().expect("it is configured");
    nicechat.products().list().await.expect("a list");
    shopwire
        .retailcrm()
        .expect("it is configured")
        .api()
        .get_credentials()
        .await
        .expect("them");
    sandbox.uvygoda().faults().clear();
    let uvygoda = shopwire.uvygoda();
    uvygoda
        .catalog()
        .sections(SectionFilter::All)
        .await
        .expect("sections");
    let (login, password) = (sandbox.uvygoda().login(), sandbox.uvygoda().password());
    let old = sandbox.uvygoda().token();
    uvygoda
        .access()
        .token(login, password.as_str())
        .await
        .expect("a token");

    let log = recorder.text();
    for operation in ["products.create", "orders.create", "getStages", "getToken"] {
        assert!(log.contains(operation), "{operation} is told of");
    }
    let secrets = [
        sandbox.nicechat().api_key(),
        sandbox.nicechat().api_secret(),
        old,
        sandbox.uvygoda().token(),
        password,
        sandbox.retailcrm().api_key(),
    ];
    for (number, secret) in secrets.iter().enumerate() {
        assert!(!shown.contains(secret.as_str()), "secret {number} is shown");
        assert!(!log.contains(secret.as_str()), "secret {number} is logged");
    }
}
