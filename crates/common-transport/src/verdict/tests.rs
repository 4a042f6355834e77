//! The rows of the table, derived independently of it.

use super::*;
use crate::Metadata;
use ErrorKind::{
    AccessDenied, Auth, BodyLimit, Conflict, Connect, Decode, NotFound, Partial, Service,
    Throttled, Timeout, Transport, Validation,
};

const CLAIMS: [BodyClaim; 9] = [
    BodyClaim::Success,
    BodyClaim::Failure(None),
    BodyClaim::Failure(Some(404)),
    BodyClaim::Failure(Some(500)),
    BodyClaim::Failure(Some(777)),
    BodyClaim::Page,
    BodyClaim::LimiterPage,
    BodyClaim::Empty,
    BodyClaim::Foreign,
];

fn of(status: u16, claim: BodyClaim) -> Verdict {
    Verdict::of_answer(StatusCode::from_u16(status).unwrap(), claim)
}

/// Whether a server reports by the status that it has refused the call.
fn refuses(status: u16) -> bool {
    (400..500).contains(&status) && ![408, 429, 444, 460, 499].contains(&status)
}

// F3, H6
#[test]
fn h6_every_status_with_every_claim_may_have_landed_unless_it_is_refused() {
    for status in 100..=999 {
        for claim in CLAIMS {
            let refused = match claim {
                BodyClaim::Success => false,
                BodyClaim::Failure(None) if (200..300).contains(&status) => true,
                BodyClaim::Failure(Some(404)) => (200..300).contains(&status) || refuses(status),
                BodyClaim::Failure(Some(500)) => false,
                BodyClaim::LimiterPage => refuses(status) || status == 429 || status == 503,
                _ => refuses(status),
            };
            let verdict = of(status, claim);
            assert_eq!(verdict.may_have_landed, !refused, "{status} {claim:?}");
        }
    }
}

// F3
#[test]
fn f3_every_status_has_its_kind_whatever_came_in_place_of_the_envelope() {
    for status in 100..=999 {
        let kind = match status {
            200..=299 => Decode,
            401 => Auth,
            403 => AccessDenied,
            404 | 405 => NotFound,
            409 => Conflict,
            429 | 503 => Throttled,
            460 => Partial,
            400..=499 if status != 408 => Validation,
            _ => Service,
        };
        let passes = status == 408
            || status == 429
            || ((500..600).contains(&status) && status != 501 && status != 505);
        for claim in [
            BodyClaim::Page,
            BodyClaim::LimiterPage,
            BodyClaim::Empty,
            BodyClaim::Foreign,
        ] {
            let verdict = of(status, claim);
            assert_eq!(
                (verdict.kind, verdict.is_transient),
                (kind, passes),
                "{status}"
            );
        }
    }
}

// H6
#[test]
fn h6_a_status_in_the_envelope_counts_where_http_says_success_or_nothing_in_particular() {
    assert_eq!(
        of(200, BodyClaim::Failure(None)),
        Verdict::new(Service, false, false)
    );
    assert_eq!(
        of(200, BodyClaim::Failure(Some(503))),
        Verdict::new(Throttled, true, true)
    );
    assert_eq!(
        of(201, BodyClaim::Failure(Some(404))),
        Verdict::new(NotFound, false, false)
    );
    assert_eq!(
        of(200, BodyClaim::Failure(Some(777))),
        Verdict::new(Service, true, false)
    );
    assert_eq!(
        of(400, BodyClaim::Failure(Some(500))),
        Verdict::new(Service, true, true)
    );
    assert_eq!(
        of(400, BodyClaim::Failure(Some(777))),
        Verdict::new(Validation, false, false)
    );
    assert_eq!(
        of(404, BodyClaim::Failure(Some(500))),
        Verdict::new(NotFound, true, false)
    );
    assert_eq!(
        of(404, BodyClaim::Success),
        Verdict::new(NotFound, true, false)
    );
}

// H6
#[test]
fn h6_every_end_of_a_connection() {
    for (end, kind, landed, passes) in [
        (End::NoConnection, Connect, false, true),
        (End::Refused, Connect, false, false),
        (End::Unsent, Transport, false, true),
        (End::Unprocessed, Transport, false, true),
        (End::Lost, Transport, true, true),
        (End::CutOff, Transport, true, true),
        (End::BodyUnsent, Transport, false, false),
        (End::BodyBroke, Transport, true, false),
        (End::late(false), Timeout, false, true),
        (End::late(true), Timeout, true, true),
        (End::TooLarge, BodyLimit, true, false),
        (End::Foreign, Transport, true, true),
    ] {
        assert_eq!(end.verdict(), Verdict::new(kind, landed, passes), "{end:?}");
    }
}

// H6
#[test]
fn h6_a_repeat_never_doubles_an_effect() {
    for landed in [false, true] {
        for passes in [false, true] {
            let verdict = Verdict::new(Service, landed, passes);
            assert_eq!(verdict.may_repeat(Idempotency::Idempotent), passes);
            assert_eq!(
                verdict.may_repeat(Idempotency::NonIdempotent),
                passes && !landed
            );
        }
    }
}

// F3
#[test]
fn f3_bodies_are_told_apart() {
    for (body, claim) in [
        ("", BodyClaim::Empty),
        ("\u{feff} \r\n", BodyClaim::Empty),
        ("<!DOCTYPE html><p>", BodyClaim::Page),
        ("\u{feff}  <html>", BodyClaim::Page),
        ("<?xml version=\"1.0\"?><html>", BodyClaim::Page),
        ("<?xml version=\"1.0\"?><error/>", BodyClaim::Foreign),
        ("oops", BodyClaim::Foreign),
        ("{\"a\":1}", BodyClaim::Foreign),
        (
            "<h1>503 Service Temporarily Unavailable</h1>",
            BodyClaim::LimiterPage,
        ),
        ("<h1>429 Too Many Requests</h1>", BodyClaim::LimiterPage),
        ("Service Temporarily Unavailable", BodyClaim::LimiterPage),
        (
            "{\"errorMsg\":\"Service Temporarily Unavailable\"}",
            BodyClaim::Foreign,
        ),
        ("[\"too many requests\"]", BodyClaim::Foreign),
        ("<html>Maintenance, back soon</html>", BodyClaim::Page),
    ] {
        assert_eq!(BodyClaim::of_body(body.as_bytes()), claim, "{body}");
    }
    let late = format!("<p>{}</p>Too Many Requests", "x".repeat(1024));
    assert_eq!(BodyClaim::of_body(late.as_bytes()), BodyClaim::Page);
    assert_eq!(BodyClaim::LimiterPage.without_limiter(), BodyClaim::Page);
}

// F11
#[test]
fn f11_a_redirect_names_a_host_and_nothing_that_could_be_a_key() {
    for (location, host) in [
        (
            "https://new.example/api/v5/orders?apiKey=k-1",
            Some("https://new.example"),
        ),
        (
            "https://u:k-1@New.example:8443/#k-1",
            Some("https://new.example:8443"),
        ),
        ("//new.example/k-1", Some("https://new.example")),
        ("http://new.example", Some("http://new.example")),
        ("/login?k-1", None),
        ("k-1", None),
        ("https://", None),
        ("https:///k-1", None),
        ("mailto:k-1@new.example", None),
    ] {
        let mut headers = http::HeaderMap::new();
        headers.insert("location", location.parse().unwrap());
        assert_eq!(moved_to(&headers).as_deref(), host, "{location}");
    }
    assert_eq!(moved_to(&http::HeaderMap::new()), None);
}

// F11
#[test]
fn f11_reads_are_told_from_idempotent_writes() {
    use http::Method;
    let is_read =
        |method, idempotency| Metadata::new("demo", "x", method, "/", idempotency).is_read();
    assert!(is_read(Method::GET, Idempotency::Idempotent));
    assert!(is_read(Method::HEAD, Idempotency::Idempotent));
    assert!(!is_read(Method::GET, Idempotency::NonIdempotent));
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        assert!(!is_read(method, Idempotency::Idempotent));
    }
    let rpc = Metadata::new("demo", "x", Method::POST, "/", Idempotency::NonIdempotent).reads();
    assert!(rpc.is_read() && rpc.idempotency == Idempotency::Idempotent);
}
