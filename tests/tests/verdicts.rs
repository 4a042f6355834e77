//! Every status with every body, for every service: by `Operation::decode` alone and through the client. The rules are
//! written here a second time, from what HTTP and the services say, and not read from the table.

use bytes::Bytes;
use common_api::{AnyOperation, Sender};
use common_transport::{
    BaseUrl, BoxError, Error, ErrorKind, Operation, RateClass, RateLimits, RetryPolicy,
};
use http::{Request, Response};
use tower::service_fn;

/// What an operation may do.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Nature {
    Read,
    Write,
}

/// What the body of an answer is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum What {
    Success,
    Refusal,
    /// The envelope says 5xx.
    Broken,
    Page,
    LimiterPage,
    Empty,
    Foreign,
    /// A refusal in windows-1251.
    Russian,
}

const BODIES: [What; 8] = [
    What::Success,
    What::Refusal,
    What::Broken,
    What::Page,
    What::LimiterPage,
    What::Empty,
    What::Foreign,
    What::Russian,
];

/// `Заказ не найден` in windows-1251.
const NOT_FOUND: &[u8] = b"\xc7\xe0\xea\xe0\xe7 \xed\xe5 \xed\xe0\xe9\xe4\xe5\xed";

#[derive(Debug, Clone, Copy, PartialEq)]
enum Service {
    NiceChat,
    Uvygoda,
    RetailCrm,
}

impl Service {
    const ALL: [Self; 3] = [Self::NiceChat, Self::Uvygoda, Self::RetailCrm];

    /// Operations with parameters, and what they may do.
    fn operations(self) -> Vec<(AnyOperation, Nature)> {
        let (table, rows): (_, &[(&str, &str, Nature)]) = match self {
            Self::NiceChat => (
                nicechat_api::operations(),
                &[
                    ("products.list", "{}", Nature::Read),
                    (
                        "products.create",
                        r#"{"id":"1","title":"t","price":1,"currency":"usd","description":"d","url":"https://a.example/","image_url":"https://a.example/1.jpg","in_stock":true}"#,
                        Nature::Write,
                    ),
                    ("products.update", r#"{"id":"1"}"#, Nature::Write),
                ],
            ),
            Self::Uvygoda => (
                uvygoda_rpc::operations(),
                &[
                    ("getStages", "{}", Nature::Read),
                    ("getProductInfo", r#"{"ID":1}"#, Nature::Read),
                    ("sendProductPublish", r#"{"ID":1}"#, Nature::Write),
                    (
                        "setWebHook",
                        r#"{"URL":"https://a.example/"}"#,
                        Nature::Write,
                    ),
                ],
            ),
            Self::RetailCrm => (
                retailcrm_v5::operations(),
                &[
                    ("orders.get", r#"{"externalId":"1"}"#, Nature::Read),
                    ("orders.create", r#"{"order":{}}"#, Nature::Write),
                    (
                        "references.edit_unit",
                        r#"{"code":"pc","unit":{}}"#,
                        Nature::Write,
                    ),
                    ("statistics.update", "{}", Nature::Write),
                ],
            ),
        };
        let operation = |(name, params, nature): &(&str, &str, Nature)| {
            let entry = table
                .iter()
                .find(|entry| entry.metadata.name == *name)
                .expect(name);
            (entry.operation(params).expect(name), *nature)
        };
        rows.iter().map(operation).collect()
    }

    fn body(self, what: What) -> Vec<u8> {
        let refusal = |text: &[u8], code: u16| match self {
            Self::NiceChat => {
                let head = format!(r#"{{"status":"error","code":{code},"description":""#);
                [head.as_bytes(), text, b"\",\"hint\":5}"].concat()
            }
            Self::Uvygoda => [b"{\"RESULT\":false,\"hint\":5,\"ERROR\":\"", text, b"\"}"].concat(),
            Self::RetailCrm => [
                b"{\"errorMsg\":\"",
                text,
                b"\",\"hint\":5,\"success\":\"N\"}",
            ]
            .concat(),
        };
        match (what, self) {
            (What::Success, Self::NiceChat) => br#"{"status":"ok","code":200}"#.to_vec(),
            (What::Success, Self::Uvygoda) => br#"{"RESULT":true,"ERROR":false}"#.to_vec(),
            (What::Success, Self::RetailCrm) => br#"{"success":true}"#.to_vec(),
            (What::Refusal, _) => refusal("нет".as_bytes(), 400),
            (What::Broken, _) => refusal(b"Internal Server Error", 500),
            (What::Russian, _) => refusal(NOT_FOUND, 400),
            (What::Page, _) => b"<!DOCTYPE html><html><body>nginx</body></html>".to_vec(),
            (What::LimiterPage, _) => b"<h1>503 Service Temporarily Unavailable</h1>".to_vec(),
            (What::Empty, _) => Vec::new(),
            (What::Foreign, _) => b"upstream connect error".to_vec(),
        }
    }

    fn answer(self, status: u16, what: What) -> Response<Bytes> {
        let response = Response::builder().status(status);
        let response = match what {
            What::Russian => response.header("content-type", "application/json"),
            _ => response,
        };
        response.body(self.body(what).into()).expect("a status")
    }
}

fn is_refusing(status: u16) -> bool {
    (400..500).contains(&status) && ![408, 429, 444, 460, 499].contains(&status)
}

fn may_have_landed(service: Service, nature: Nature, status: u16, what: What) -> bool {
    let is_success = (200..300).contains(&status);
    nature == Nature::Write
        && match what {
            What::Success | What::Broken => true,
            What::Refusal | What::Russian => !is_success && !is_refusing(status),
            What::LimiterPage if matches!(status, 429 | 503) => service != Service::RetailCrm,
            _ => !is_refusing(status),
        }
}

/// What came in place of the envelope is classed by its status.
fn kind_without_envelope(status: u16) -> ErrorKind {
    match status {
        200..=299 => ErrorKind::Decode,
        401 => ErrorKind::Auth,
        403 => ErrorKind::AccessDenied,
        404 | 405 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        429 | 503 => ErrorKind::Throttled,
        460 => ErrorKind::Partial,
        408 => ErrorKind::Service,
        400..=499 => ErrorKind::Validation,
        _ => ErrorKind::Service,
    }
}

fn is_success(status: u16, what: What) -> bool {
    (200..300).contains(&status) && what == What::Success
}

/// What holds of an error, however it came about.
fn check(service: Service, nature: Nature, status: u16, what: What, error: &Error) {
    let case = format!("{service:?} {nature:?} {status} {what:?}: {error:?}");
    let expected = may_have_landed(service, nature, status, what);
    assert_eq!(error.may_have_landed(), expected, "{case}");
    let has_envelope = matches!(
        what,
        What::Success | What::Refusal | What::Broken | What::Russian
    );
    if !has_envelope {
        assert_eq!(error.kind(), kind_without_envelope(status), "{case}");
    }
    let text = error.to_string();
    assert_eq!(text.contains("landed"), expected, "{case}");
    if what == What::Russian && !(300..400).contains(&status) {
        assert_eq!(
            error.service_error().message.as_deref(),
            Some("Заказ не найден"),
            "{case}"
        );
    }
    if has_envelope && what != What::Success {
        assert_eq!(
            error.service_error().others_json.as_deref(),
            Some(r#"{"hint":5}"#),
            "{case}"
        );
    }
    if !matches!(what, What::Page | What::LimiterPage) {
        assert!(!text.contains("web page"), "{case}");
    }
    let is_unknown_account =
        service == Service::RetailCrm && matches!(status, 404 | 405) && matches!(what, What::Page);
    assert_eq!(
        text.contains("account does not exist"),
        is_unknown_account,
        "{case}"
    );
    assert_eq!(
        error.body().map(|body| &body[..]),
        Some(&service.body(what)[..]),
        "{case}"
    );
    let mut source = std::error::Error::source(error);
    let mut said = vec![text];
    while let Some(cause) = source {
        let text = cause.to_string();
        assert!(
            said.iter().all(|said| !said.contains(&text)),
            "{case}: twice {text}"
        );
        said.push(text);
        source = cause.source();
    }
}

// F3, F5, F11, H6, H7
#[test]
fn h7_every_status_and_body_by_decode_alone() {
    for service in Service::ALL {
        for (operation, nature) in service.operations() {
            for status in 100..=999 {
                for what in BODIES {
                    match operation.decode(service.answer(status, what)) {
                        Ok(_) => assert!(is_success(status, what) || may_be_empty(status, what)),
                        Err(error) => check(service, nature, status, what, &error),
                    }
                }
            }
        }
    }
}

/// A 204 has no body.
fn may_be_empty(status: u16, what: What) -> bool {
    status == 204 && what == What::Empty
}

/// The typed client of a service over answers that are always the same.
fn sender(service: Service, status: u16, what: What) -> Box<dyn Sender> {
    let answers = service_fn(move |_: Request<Bytes>| {
        std::future::ready(Ok::<_, BoxError>(service.answer(status, what)))
    });
    let once = |builder: common_transport::ClientBuilder| {
        let limits = RateLimits::new().class(RateClass::DEFAULT, 1_000_000);
        builder
            .service(answers)
            .retry(RetryPolicy::none())
            .limits(limits)
    };
    let url: BaseUrl = "https://demo.example".parse().expect("a URL");
    match service {
        Service::NiceChat => {
            let credentials = nicechat_api::Credentials::new("key-1", "secret-1");
            let builder = nicechat_api::Client::builder(credentials).base_url(url);
            Box::new(builder.transport(once).build().expect("a client"))
        }
        Service::Uvygoda => {
            let builder = uvygoda_rpc::Client::builder()
                .base_url(url)
                .token("token-1");
            Box::new(builder.transport(once).build().expect("a client"))
        }
        Service::RetailCrm => {
            let builder = retailcrm_v5::Client::builder(url, "key-1").transport(once);
            Box::new(builder.build().expect("a client"))
        }
    }
}

// H6, H7: one in seven of the statuses, and all that have a row of their own.
#[tokio::test(flavor = "current_thread", start_paused = true)]
async fn h7_the_client_says_what_decode_says() {
    let rows = [
        101, 301, 304, 400, 401, 403, 404, 405, 408, 409, 412, 413, 414, 429, 444, 460, 499, 500,
        501, 502, 503, 504, 505, 599, 600, 999,
    ];
    for service in Service::ALL {
        for status in (100..=999).step_by(7).chain(rows) {
            for what in BODIES {
                let sender = sender(service, status, what);
                for (operation, nature) in service.operations() {
                    let bare = operation.decode(service.answer(status, what)).err();
                    let sent = (*sender).send(&operation).await.err();
                    let said =
                        |error: &Error| (error.kind(), error.may_have_landed(), error.to_string());
                    let case = format!("{service:?} {nature:?} {status} {what:?}");
                    assert_eq!(sent.as_ref().map(said), bare.as_ref().map(said), "{case}");
                    if let Some(error) = sent {
                        assert_eq!(error.attempts(), 1, "{case}");
                        check(service, nature, status, what, &error);
                    }
                }
            }
        }
    }
}

// F11
#[test]
fn f11_a_redirect_says_where_the_account_moved_and_no_key() {
    for service in Service::ALL {
        for (operation, nature) in service.operations() {
            for status in [300, 301, 302, 303, 307, 308] {
                let mut answer = service.answer(status, What::Page);
                let location = "https://u:k-1@new.example:8443/k-1?apiKey=k-1#k-1";
                answer
                    .headers_mut()
                    .insert("location", location.parse().expect("a value"));
                let error = operation.decode(answer).expect_err("no success");
                let text = error.to_string();
                assert!(text.contains("https://new.example:8443"), "{text}");
                assert!(!text.contains("k-1"), "{text}");
                assert_eq!(error.may_have_landed(), nature == Nature::Write, "{text}");
            }
        }
    }
}

// F11, H6: every operation of every service that is a GET, or a read by its name.
#[test]
fn f11_no_read_of_any_service_says_that_it_may_have_landed() {
    let mut reads = 0;
    for entry in [
        nicechat_api::operations(),
        uvygoda_rpc::operations(),
        retailcrm_v5::operations(),
    ]
    .concat()
    {
        let metadata = entry.metadata;
        let is_get = metadata.method == http::Method::GET && metadata.name != "statistics.update";
        let is_rpc_read = metadata.service == "uvygoda"
            && metadata.name.starts_with("get")
            && metadata.name != "getToken";
        assert_eq!(
            metadata.is_read(),
            is_get || is_rpc_read,
            "{}",
            metadata.name
        );
        let lost = Error::ended(common_transport::verdict::End::Lost, "lost");
        let told = lost.with_operation(metadata).may_have_landed();
        assert_eq!(told, !metadata.is_read(), "{}", metadata.name);
        reads += usize::from(metadata.is_read());
    }
    assert!(reads > 80, "{reads}");
}
