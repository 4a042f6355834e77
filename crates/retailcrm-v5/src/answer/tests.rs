//! Answers of each kind, through the operations that meet them.

use bytes::Bytes;
use common_transport::{Error, ErrorKind, Operation};
use http::Response;

use crate::{Batch, Refusal, customers, orders, web_analytics};

fn answer(status: u16, body: &str) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}

fn failure(status: u16, body: &str) -> Error {
    orders::Get::new("a-1")
        .decode(answer(status, body))
        .unwrap_err()
}

// RE5, F3, H6: a text refines a refusal. What may have landed was not refused, whatever its text speaks of.
#[test]
fn h6_a_text_never_takes_back_that_a_call_may_have_landed() {
    let create = orders::Create::new(orders::Order::default());
    for text in [
        "Class \\\"Order\\\" not found",
        "Table lock already exists",
        "Not found",
        "Access denied.",
    ] {
        for status in [302, 408, 444, 499, 500, 501, 502, 504] {
            let body = format!(r#"{{"success":false,"errorMsg":"{text}"}}"#);
            let bare = create
                .decode(answer(status, r#"{"success":false}"#))
                .unwrap_err();
            let told = create.decode(answer(status, &body)).unwrap_err();
            assert_eq!(
                (told.kind(), told.may_have_landed()),
                (bare.kind(), true),
                "{status} {text}"
            );
        }
        let named = format!(r#"{{"success":false,"errorMsg":"{text}","code":500}}"#);
        let named = create.decode(answer(200, &named)).unwrap_err();
        assert_eq!(
            (named.kind(), named.may_have_landed()),
            (ErrorKind::Service, true),
            "{text}"
        );
    }
    for (status, text, kind) in [
        (401, "Account not found", ErrorKind::Auth),
        (403, "API key not found", ErrorKind::AccessDenied),
        (403, "Order already exists", ErrorKind::AccessDenied),
        (409, "Lock not found", ErrorKind::Conflict),
    ] {
        let error = failure(
            status,
            &format!(r#"{{"success":false,"errorMsg":"{text}"}}"#),
        );
        assert_eq!(error.kind(), kind, "{status} {text}");
    }
}

// H6, F5: what a failed answer lists as done was done.
#[test]
fn h6_a_refusal_that_lists_effects_may_have_landed() {
    for (member, landed) in [
        (r#""uploadedOrders":[{"id":1,"externalId":"a"}]"#, true),
        (r#""uploadedOrders":[]"#, false),
        (r#""uploadedCustomers":{"0":{"id":1}}"#, true),
        (r#""processedOffersCount":3"#, true),
        (r#""processedOffersCount":0"#, false),
        (r#""id":5"#, true),
        (r#""id":null"#, false),
        (r#""failedOrders":[{"externalId":"b"}]"#, false),
    ] {
        for status in [200, 400, 422] {
            let body = format!(r#"{{"success":false,"errorMsg":"x",{member}}}"#);
            let upload = orders::Upload::new(vec![orders::Order::default()]);
            let error = upload.decode(answer(status, &body)).unwrap_err();
            assert_eq!(error.may_have_landed(), landed, "{status} {member}");
        }
    }
}

// F4
#[test]
fn f4_a_message_without_success_is_a_failure_whatever_it_says() {
    for body in [
        r#"{"errorMsg":"0"}"#,
        r#"{"errorMsg":"No"}"#,
        r#"{"errorMsg":"None"}"#,
        r#"{"errors":["bad"]}"#,
        r#"{"errors":{"field":"bad"},"errorMsg":""}"#,
    ] {
        let error = orders::Create::new(orders::Order::default()).decode(answer(200, body));
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Service, "{body}");
    }
    for body in [
        r#"{"errorMsg":""}"#,
        r#"{"errorMsg":null,"errors":[]}"#,
        r#"{"success":true,"errors":["warned"]}"#,
    ] {
        orders::Create::new(orders::Order::default())
            .decode(answer(200, body))
            .expect(body);
    }
}

// F4, F8, RE15
#[test]
fn f4_f8_a_refusal_or_a_page_is_no_file() {
    let download = |status: u16, media_type: &str, named: bool, body: &str| {
        let mut response = answer(status, body);
        response
            .headers_mut()
            .insert("content-type", media_type.parse().unwrap());
        if named {
            let name = "attachment; filename=a".parse().unwrap();
            response.headers_mut().insert("content-disposition", name);
        }
        crate::files::Download::new(5).decode(response)
    };
    let refusal = r#"{"success":false,"errorMsg":"Access denied."}"#;
    for media_type in [
        "text/html",
        "application/problem+json",
        "application/octet-stream",
        "application/json; charset=utf-8",
    ] {
        let error = download(200, media_type, false, refusal).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AccessDenied, "{media_type}");
    }
    for (media_type, body) in [
        ("application/octet-stream", r#"{"success":false}"#),
        ("application/octet-stream", r#"{"errorMsg":"x"}"#),
        ("application/octet-stream", "<html>saved page</html>"),
        ("application/octet-stream", "{ no json"),
        ("text/plain", "plain"),
    ] {
        let file = download(200, media_type, false, body).expect(body);
        assert_eq!(file.bytes, body);
    }
    assert_eq!(
        download(200, "text/html", true, "<html>").unwrap().bytes,
        "<html>"
    );
    assert_eq!(
        download(200, "application/json", true, refusal)
            .unwrap()
            .bytes,
        refusal
    );
    assert!(download(200, "text/html", false, "<html>Log in</html>").is_err());
    assert!(
        download(206, "application/octet-stream", false, "part")
            .unwrap_err()
            .is_decode()
    );
}

// RE5, R10
// RE5, R32
#[test]
fn re5_known_texts_tell_the_kind_in_any_spelling() {
    for (status, text, kind) in [
        (400, r#"\"apiKey\" is missing."#, ErrorKind::Auth),
        (403, r#"Wrong \"apiKey\" value."#, ErrorKind::Auth),
        (403, r#"Wrong \"apiKey\" value"#, ErrorKind::Auth),
        (400, "Access denied.", ErrorKind::AccessDenied),
        (400, "Account does not exist.", ErrorKind::NotFound),
        (400, "Errors in the entity format", ErrorKind::Validation),
        (400, "Validation error", ErrorKind::Validation),
        (400, "Not found", ErrorKind::NotFound),
        (404, "API method not found", ErrorKind::NotFound),
        (400, "Pack with id 5 not found", ErrorKind::NotFound),
        (
            400,
            "Order with externalId=a already exists.",
            ErrorKind::Conflict,
        ),
        (405, "Method Not Allowed", ErrorKind::NotFound),
        (400, "Error", ErrorKind::Validation),
        (500, "Internal Server Error", ErrorKind::Service),
        (460, "Orders are loaded with errors", ErrorKind::Partial),
    ] {
        let error = failure(
            status,
            &format!(r#"{{"success":false,"errorMsg":"{text}"}}"#),
        );
        assert_eq!(error.kind(), kind, "{status} {text}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    }
}

#[test]
fn re5_a_missing_parameter_is_named() {
    for text in [
        "Parameter 'order' is missing",
        "Parameter 'order' in 'orders' is missing.",
    ] {
        let error = failure(400, &format!(r#"{{"success":false,"errorMsg":"{text}"}}"#));
        assert!(
            error.is_validation() && error.field() == Some("order"),
            "{error:?}"
        );
    }
}

// RE5, RE11
#[test]
fn re5_errors_are_a_map_or_a_list() {
    let map = r#"{"success":false,"errorMsg":"Errors in the entity format","errors":{"firstName":"required","items":{"0":["x"]}}}"#;
    let error = failure(400, map);
    let fields: Vec<_> = error
        .service_error()
        .fields
        .iter()
        .map(|e| (&*e.field, &*e.message))
        .collect();
    assert_eq!(
        fields,
        [("firstName", "required"), ("items", r#"{"0":["x"]}"#)]
    );
    let json = r#"{"firstName":"required","items":{"0":["x"]}}"#;
    assert_eq!(error.service_error().errors_json.as_deref(), Some(json));

    let error = failure(
        400,
        r#"{"success":false,"errorMsg":"","errors":["first","second"]}"#,
    );
    assert_eq!(error.message(), "first");
    assert_eq!(error.service_error().fields.len(), 2);
}

#[test]
fn re6_a_web_page_means_that_the_account_does_not_exist() {
    for status in [404, 405] {
        let error = failure(status, "<!DOCTYPE html><html>no such account</html>");
        assert!(error.is_not_found(), "{error:?}");
        assert!(
            error.to_string().contains("account does not exist"),
            "{error}"
        );
        assert!(
            error
                .body_excerpt()
                .is_some_and(|text| text.contains("no such account"))
        );
    }
    assert_eq!(
        failure(502, "<html>Bad Gateway</html>").kind(),
        ErrorKind::Service
    );
    assert!(failure(200, "<html>hello</html>").is_decode());
}

// R20
#[test]
fn r20_over_the_limit_is_throttled_and_not_broken() {
    for (status, body) in [
        (503, "<h1>503 Service Temporarily Unavailable</h1>"),
        (503, r#"{"success":false,"errorMsg":"Rate limit exceeded"}"#),
        (503, ""),
        (429, "Too Many Requests"),
    ] {
        assert!(failure(status, body).is_throttled(), "{status} {body}");
    }
}

#[test]
fn r20_only_the_limiters_page_proves_that_nothing_was_processed() {
    for (status, body, landed, passes) in [
        (
            503,
            "<h1>503 Service Temporarily Unavailable</h1>",
            false,
            true,
        ),
        (429, "Too Many Requests", false, true),
        (
            503,
            r#"{"success":false,"errorMsg":"503 Service Temporarily Unavailable"}"#,
            true,
            true,
        ),
        (503, "", true, true),
        (503, "<html>Maintenance</html>", true, true),
        (429, "", true, true),
        (429, r#"{"success":false}"#, true, true),
        (502, "<h1>Bad Gateway</h1>", true, true),
        (400, r#"{"success":false}"#, false, false),
        (
            200,
            r#"{"success":false,"errorMsg":"Rate limit exceeded"}"#,
            true,
            true,
        ),
    ] {
        let create = orders::Create::new(orders::Order::default());
        let error = create.decode(answer(status, body)).unwrap_err();
        let said = (error.may_have_landed(), error.is_retryable());
        assert_eq!(said, (landed, passes), "{status} {body}");
    }
}

// RE7
#[test]
fn re7_a_partly_failed_upload_is_an_answer() {
    let body = r#"{"success":false,"uploadedOrders":[{"id":1,"externalId":"a"}],"failedOrders":[{"externalId":"b"}],"errorMsg":"Orders are loaded with errors","errors":["b: bad"]}"#;
    let upload = orders::Upload::new([]);
    let output = upload.decode(answer(460, body)).unwrap();
    assert!(output.is_partial());
    assert_eq!(output.uploaded_orders.as_deref().map(<[_]>::len), Some(1));
    assert_eq!(output.failed()[0].external_id.as_deref(), Some("b"));
    assert_eq!(output.message(), Some("Orders are loaded with errors"));
    assert_eq!(
        output.errors().map(ToString::to_string).as_deref(),
        Some(r#"["b: bad"]"#)
    );
    assert_eq!(common_model::to_json(&output), body);

    let whole = upload
        .decode(answer(200, r#"{"success":true,"uploadedOrders":[]}"#))
        .unwrap();
    assert!(!whole.is_partial() && whole.failed().is_empty());
}

// R25
#[test]
fn r25_success_false_is_a_failure_whatever_the_status_says() {
    let error = failure(200, r#"{"success":false,"errorMsg":"Not found"}"#);
    assert!(error.is_not_found(), "{error:?}");
    let late = failure(200, r#"{"errorMsg":"Not found","success":false}"#);
    assert!(late.is_not_found(), "{late:?}");
}

#[test]
fn re11_what_cannot_be_read_names_the_field_and_keeps_the_status() {
    let body = r#"{"success":true,"order":{"items":[{"quantity":"x"}]}}"#;
    let strict = crate::Decoding::new().strict(true);
    let error = strict.decode(&orders::Get::new("a-1"), answer(200, body));
    let error = error.unwrap_err();
    assert!(error.is_decode() && error.status().is_some(), "{error:?}");
    assert!(
        error.to_string().contains("order.items[0].quantity"),
        "{error}"
    );
    assert!(error.body_excerpt().is_some());
}

// F4
#[test]
fn f4_success_is_read_as_php_reads_it_in_any_order_and_the_last_one_counts() {
    for no in [
        "false",
        "0",
        "\"0\"",
        "\"\"",
        "\"false\"",
        "\"N\"",
        "\"no\"",
        "[]",
        "{}",
        "null",
        "\"0.0\"",
    ] {
        for body in [
            format!(r#"{{"success":{no},"errorMsg":"Not found"}}"#),
            format!(r#"{{"errorMsg":"Not found","orders":[{{"success":true}}],"success":{no}}}"#),
            format!(r#"{{"success":true,"errorMsg":"Not found","success":{no}}}"#),
            format!(r#"{{"success":true,"errorMsg":"Not found","s\u0075ccess":{no}}}"#),
        ] {
            let error = failure(200, &body);
            assert!(error.is_not_found(), "{body}: {error:?}");
            assert_eq!(error.message(), "Not found", "{body}");
        }
    }
    let without = failure(200, r#"{"errorMsg":"Account does not exist."}"#);
    assert!(without.is_not_found(), "{without:?}");
    for body in [
        r#"{"success":true,"errorMsg":"x","order":{"id":1}}"#,
        r#"{"success":false,"order":{"id":1},"success":true}"#,
        r#"{"success":1,"order":{"id":1}}"#,
        r#"{"success":"Y","order":{"id":1}}"#,
        r#"{"success":true,"order":{"id":1,"customFields":{"success":false}}}"#,
        r#"{"order":{"id":1}}"#,
        r#"{"errorMsg":null,"order":{"id":1}}"#,
    ] {
        let answer = orders::Get::new("a").decode(answer(200, body));
        assert!(answer.unwrap().order.is_some(), "{body}");
    }
}

// F5
#[test]
fn f5_what_a_failed_answer_says_beside_its_text_stays_with_the_error() {
    let others = r#""combinedTo":{"id":9,"externalId":"kept-9","site":"main"},"failedCustomers":[{"externalId":"c"}],"failedOrders":{"3":{"externalId":"o"}},"new":[1]"#;
    for status in [200, 301, 400, 404, 460, 500, 503, 777] {
        let body = format!(r#"{{"success":false,"errorMsg":"Not found","errors":["x"],{others}}}"#);
        let response = || answer(status, &body);
        let error = customers::Get::new("gone").decode(response()).unwrap_err();
        let refusal = Refusal::of(&error).expect("members");
        let kept = refusal.combined_to().expect("a survivor");
        assert_eq!(kept.id.map(|id| id.to_string()).as_deref(), Some("9"));
        assert_eq!(
            (kept.external_id.as_deref(), kept.site.as_deref()),
            (Some("kept-9"), Some("main"))
        );
        assert_eq!(
            refusal.failed_customers()[0].external_id.as_deref(),
            Some("c")
        );
        assert_eq!(refusal.failed_orders()[0].external_id.as_deref(), Some("o"));
        assert_eq!(
            refusal.get("new").map(ToString::to_string).as_deref(),
            Some("[1]")
        );
        assert_eq!(refusal.members().iter().count(), 4, "{status}");
        assert_eq!(error.body().unwrap(), body.as_bytes());
        let typed: Vec<web_analytics::Visit> = refusal.to("nothing").unwrap_or_default();
        assert!(typed.is_empty());
    }
    let page = failure(404, "<html>");
    assert!(Refusal::of(&page).is_none());
}

// F3, F5
#[test]
fn f3_json_that_is_no_envelope_is_classed_by_its_status_and_kept() {
    let error = failure(403, r#"{"detail":"blocked"}"#);
    assert_eq!(error.kind(), ErrorKind::AccessDenied);
    let detail = Refusal::of(&error).unwrap();
    assert_eq!(
        detail.get("detail").and_then(common_model::Value::as_str),
        Some("blocked")
    );
    for body in ["[1]", "\"no\"", "5", "oops", "{\"success\":fal"] {
        let error = failure(413, body);
        assert_eq!(error.kind(), ErrorKind::Validation, "{body}");
        assert_eq!(error.body_excerpt(), Some(body));
    }
}

// F11, H7
#[test]
fn f11_a_refusal_shows_its_first_field_and_nothing_twice() {
    let body = r#"{"success":false,"errorMsg":"Errors in the entity format","errors":{"firstName":["required","short"],"phone":"bad"}}"#;
    let shown = failure(400, body).to_string();
    assert_eq!(
        shown,
        "retailcrm orders.get: Errors in the entity format: firstName: required (HTTP 400)"
    );
    let body = r#"{"success":false,"errorMsg":"","errors":{"firstName":"required"}}"#;
    let shown = failure(400, body).to_string();
    assert_eq!(shown, "retailcrm orders.get: required (HTTP 400)");
}
