use std::error::Error as _;

use common_model::{Encode, to_json};
use common_transport::Operation;

use super::*;
use crate::{categories, feeds, orders, products};

fn response(status: u16, body: &str) -> Response<Bytes> {
    let body = Bytes::copy_from_slice(body.as_bytes());
    Response::builder().status(status).body(body).unwrap()
}

fn error(operation: &impl Operation<Output: fmt::Debug>, status: u16, body: &str) -> Error {
    operation.decode(response(status, body)).unwrap_err()
}

/// Reads an answer and checks that writing it loses nothing.
fn read<O: Operation<Output: Encode>>(operation: &O, status: u16, body: &str) -> O::Output {
    let output = operation.decode(response(status, body)).unwrap();
    assert_eq!(to_json(&output), body);
    output
}

#[test]
fn n33_n39_n45_the_whole_envelope_comes_and_goes() {
    let body = r#"{"status":"ok","code":202,"description":"Modified","result":{"name":"x","is_enabled":true,"sort":5},"trace":"t"}"#;
    let answer = read(&categories::Update::new("1"), 202, body);
    let category = answer.result.as_ref().unwrap();
    assert_eq!(
        (category.id.as_ref(), category.name.as_deref()),
        (None, Some("x"))
    );
    assert!(category.extra.get("sort").is_some());
}

// H6
#[test]
fn h6_a_description_that_speaks_of_a_broken_server_marks_the_call() {
    let create = products::Create::default();
    for (body, landed) in [
        (
            r#"{"status":"error","description":"Internal server error"}"#,
            true,
        ),
        (
            r#"{"status":"error","description":"Internal error occurred","code":400}"#,
            true,
        ),
        (
            r#"{"status":"error","description":"Произошла внутренняя ошибка"}"#,
            true,
        ),
        (
            r#"{"status":"error","description":"Bad id","code":400}"#,
            false,
        ),
        (r#"{"status":"error","description":"Bad id"}"#, false),
    ] {
        for status in [200, 400] {
            let error = error(&create, status, body);
            assert_eq!(error.may_have_landed(), landed, "{status} {body}");
        }
    }
}

// F5
#[test]
fn f5_a_description_or_a_code_of_another_shape_is_kept() {
    let body = r#"{"status":"error","code":"E17","description":{"id":["required"]}}"#;
    let told = error(&products::Create::default(), 400, body);
    let fault = told.service_error();
    assert_eq!(fault.code.as_deref(), Some("E17"));
    assert_eq!(fault.errors_json.as_deref(), Some(r#"{"id":["required"]}"#));
    assert_eq!(fault.fields[0].field, "id");
    for body in [
        r#"{"status":"error","code":[5],"description":7}"#,
        r#"{"status":"error","code":1.5,"description":true,"errors":["a"]}"#,
    ] {
        let told = error(&products::Create::default(), 400, body);
        let others = told
            .service_error()
            .others_json
            .as_deref()
            .unwrap_or_default();
        let code = body
            .split("\"code\":")
            .nth(1)
            .unwrap()
            .split(',')
            .next()
            .unwrap();
        let description = body.split("\"description\":").nth(1).unwrap();
        let description = description.split([',', '}']).next().unwrap();
        assert!(others.contains(&format!("\"code\":{code}")), "{others}");
        assert!(
            others.contains(&format!("\"description\":{description}")),
            "{others}"
        );
    }
}

// N34, N35, N37, N86
#[test]
fn n34_n35_n37_code_and_text_may_differ_from_the_status() {
    for (status, code, text) in [
        (200, 201, "Created"),
        (202, 202, "Accepted"),
        (201, 200, "x"),
    ] {
        let body = format!(
            r#"{{"status":"ok","code":{code},"description":"{text}","result":{{"count":0,"next":null,"previous":null,"results":[]}}}}"#
        );
        assert_eq!(read(&products::List::new(), status, &body).code, Some(code));
    }
    let refused = error(
        &products::List::new(),
        400,
        r#"{"status":"error","code":777,"description":"x"}"#,
    );
    assert_eq!(refused.status(), Some(StatusCode::BAD_REQUEST));
    assert_eq!(refused.service_error().code.as_deref(), Some("777"));
}

#[test]
fn n36_n47_n56_a_delete_with_and_without_a_body() {
    let delete = products::Delete::new("1");
    let body = r#"{"status":"ok","code":204,"description":"Accepted"}"#;
    assert_eq!(read(&delete, 200, body).code, Some(204));
    for status in [200, 202, 204] {
        assert_eq!(to_json(&delete.decode(response(status, "")).unwrap()), "{}");
    }
    assert!(
        error(&products::List::new(), 200, "").is_decode(),
        "a list cannot be empty bytes"
    );
}

#[test]
fn n32_n49_n87_n88_n89_n90_n91_each_status_has_a_kind() {
    for (status, text, kind) in [
        (400, "Bad request", ErrorKind::Validation),
        (
            401,
            "Access token or signature is non-valid",
            ErrorKind::Auth,
        ),
        (404, "Object not found", ErrorKind::NotFound),
        (405, "Method not allowed", ErrorKind::AccessDenied),
        (
            412,
            "Object with this ID already exists",
            ErrorKind::Conflict,
        ),
        (500, "x", ErrorKind::Service),
        (503, "x", ErrorKind::Throttled),
    ] {
        let body = format!(r#"{{"status":"error","code":{status},"description":"{text}"}}"#);
        let create = products::Create::new("1");
        // The service may put its code into an answer of HTTP 200.
        for http in [status, 200] {
            let refused = error(&create, http, &body);
            assert_eq!(refused.kind(), kind, "{http} {text}");
            assert!(refused.is_retryable() || http < 500, "{http} {text}");
            assert_eq!(refused.service_error().message.as_deref(), Some(text));
            assert_eq!(refused.service_error().code, Some(status.to_string()));
            assert_eq!(refused.operation(), Some("products.create"));
        }
    }
    let odd =
        r#"{"status":"error","code":400,"description":"Access token or signature is non-valid"}"#;
    assert!(
        error(&products::List::new(), 400, odd).is_auth(),
        "N32: the text says it too"
    );
    let ok = r#"{"status":"ok","code":200,"description":"x"}"#;
    assert_eq!(
        error(&products::List::new(), 404, ok).kind(),
        ErrorKind::NotFound
    );
}

// A status that says no more than "wrong" leaves the word to the code; any other status is more exact than the code.
#[test]
fn n88_n90_a_code_beside_another_status() {
    for (http, code, kind) in [
        (400, 405, ErrorKind::AccessDenied),
        (400, 412, ErrorKind::Conflict),
        (404, 412, ErrorKind::NotFound),
        (404, 405, ErrorKind::NotFound),
    ] {
        let body = format!(r#"{{"status":"error","code":{code},"description":"x"}}"#);
        let refused = error(&products::Create::new("1"), http, &body);
        assert_eq!(refused.kind(), kind, "{http} {code}");
    }
}

#[test]
fn errors_beside_the_text_are_kept_as_they_came() {
    let body = r#"{"status":"error","code":400,"description":"x","errors":{"price":["a number"]}}"#;
    let refused = error(&products::Create::new("1"), 400, body);
    assert_eq!(
        refused.service_error().errors_json.as_deref(),
        Some(r#"{"price":["a number"]}"#)
    );
}

#[test]
fn n92_a_proxys_page_keeps_status_headers_and_the_first_kib() {
    let page = format!("<html>{}</html>", "x".repeat(2000));
    let mut answer = response(502, &page);
    answer
        .headers_mut()
        .insert("server", "proxy".parse().unwrap());
    answer
        .headers_mut()
        .insert("set-cookie", "session=1".parse().unwrap());
    let refused = products::Create::new("1").decode(answer).unwrap_err();
    assert_eq!(
        (refused.kind(), refused.status()),
        (ErrorKind::Service, Some(StatusCode::BAD_GATEWAY))
    );
    assert_eq!(refused.body_excerpt().unwrap().len(), 1024);
    let head = refused
        .source()
        .unwrap()
        .downcast_ref::<UnexpectedAnswer>()
        .unwrap();
    assert_eq!(head.headers["server"], "proxy");
    assert!(!head.headers.contains_key("set-cookie"));
    assert!(
        refused.may_have_landed(),
        "the create may have reached the service"
    );
    assert!(!error(&products::List::new(), 502, &page).may_have_landed());
}

#[test]
fn what_is_no_envelope_is_no_success() {
    for body in [
        "<html>",
        "[]",
        "{}",
        r#"{"result":{}}"#,
        r#"{"status":"maybe"}"#,
        r#"{"status":"ok""#,
    ] {
        let refused = error(&products::List::new(), 200, body);
        assert!(refused.is_decode(), "{body}");
        assert_eq!(refused.body_excerpt(), Some(body));
    }
}

#[test]
fn a_result_of_the_wrong_type_names_the_field() {
    let body = r#"{"status":"ok","code":200,"result":{"results":[{"price":"dear"}]}}"#;
    let strict = crate::Decoding::new().strict(true);
    let refused = strict.decode(&products::List::new(), response(200, body));
    let refused = refused.unwrap_err();
    assert!(refused.is_decode());
    assert_eq!(refused.field(), Some("result.results[0].price"));
    // F6: by default it does not lose the rest.
    let lenient = crate::Decoding::new();
    let read = lenient
        .decode(&products::List::new(), response(200, body))
        .unwrap();
    assert_eq!(read.odd[0].path, "result.results[0].price");
    assert_eq!(to_json(&read.value), body);
}

#[test]
fn n58_n59_n62_a_products_price_keeps_its_digits() {
    let body = r#"{"status":"ok","code":200,"description":"x","result":{"count":1,"next":null,"previous":null,"results":[{"id":"PQ1","category":null,"title":"t","price":10.00,"currency":"usd","description":"d","url":"http://example.com/p-1","image_url":"https://cdn.nice.chat/media/a.jpg","in_stock":true}]}}"#;
    let answer = read(&products::List::new(), 200, body);
    let product = &answer.result.as_ref().unwrap().results.as_ref().unwrap()[0];
    assert_eq!(product.price.unwrap().to_string(), "10.00");
    assert!(product.is_priced_in("USD") && !product.is_priced_in("cad"));
}

#[test]
fn n65_n66_n67_n68_n69_n70_n71_an_order_as_the_service_sends_it() {
    let body = r#"{"status":"ok","code":200,"description":"Accepted","result":{"count":1,"next":null,"previous":null,"results":[{"id":30,"deal":{"website":"example.com","num":"o-11/170521","agents":["admin@example.com"],"chat":71,"date":"2017-05-21 10:26:03.475537+00:00","products":[{"url":"http://example.com/product-1","price":111.0,"qty":1,"id":"1","title":"Example product-1"}]},"contacts":{"info":{"geoCountry":"Ukraine","geoCity":"Kyiv"},"billing_address":{},"client":{"chats":2,"name":"Order-test-guest","visits":3,"coming":"2017-05-21 10:23:24.295912+00:00","id":95,"latest":"2017-05-21 10:26:55.029384+00:00"},"shipping_address":{"First name":"Guest","Address":"Address row, 1","POST/ZIP":"11111"}}}]}}"#;
    let answer = orders::List::new().decode(response(200, body)).unwrap();
    let order = &answer.result.as_ref().unwrap().results.as_ref().unwrap()[0];
    let deal = order.deal.as_ref().unwrap();
    let line = &deal.products.as_ref().unwrap()[0];
    assert_eq!((order.id, line.id.as_deref()), (Some(30), Some("1")));
    assert_eq!((line.qty, line.currency.as_deref()), (Some(1), None));
    assert_eq!(line.price.unwrap().to_string(), "111.0");
    assert_eq!(deal.participants(), ["admin@example.com"]);
    let contacts = order.contacts.as_ref().unwrap();
    let address = contacts.shipping_address.as_ref().unwrap();
    assert_eq!(
        address
            .get("POST/ZIP")
            .and_then(common_model::Value::as_str),
        Some("11111")
    );
    assert!(contacts.billing_address.as_ref().unwrap().is_empty());
    let date = deal.date.as_ref().unwrap();
    assert_eq!(date.as_str(), "2017-05-21 10:26:03.475537+00:00");
    assert_eq!(date.offset_seconds(), Some(0));
    let client = contacts.client.as_ref().unwrap();
    assert_eq!(
        (client.id, client.visits, client.chats),
        (Some(95), Some(3), Some(2))
    );
    // Members are written in the description's order: compare as values.
    let written: common_model::Value = common_model::from_json(&to_json(&answer)).unwrap();
    let came: common_model::Value = common_model::from_json(body).unwrap();
    assert_eq!(written, came);
}

#[test]
fn n66_agents_under_either_name() {
    let deal: crate::orders::Deal =
        common_model::from_json(r#"{"agent":["a@example.com"]}"#).unwrap();
    assert_eq!(deal.participants(), ["a@example.com"]);
}

#[test]
fn n75_n77_n78_n79_feeds() {
    let push = feeds::Push::new("https://a.example/f", "yml");
    let body = r#"{"status":"ok","code":201,"description":"Created","result":{"token":"390bdd72-bf2b-4114-83c8-c6b6e868b773"}}"#;
    let answer = read(&push, 201, body);
    assert_eq!(answer.token(), Some("390bdd72-bf2b-4114-83c8-c6b6e868b773"));
    let result = feeds::FetchResult::new("t");
    let body = r#"{"status":"ok","code":200,"description":"Accepted","result":{"pushed":"2017-05-24T14:31:24.337680+00:00","updated":"2017-05-24T14:31:35.850520+00:00","state":"success","imported elements count":392}}"#;
    let answer = read(&result, 200, body).result.unwrap();
    assert_eq!(answer.imported_elements_count, Some(392));
    assert_eq!(answer.state, Some(feeds::FeedState::Success));
    let body = r#"{"status":"ok","code":200,"description":"x","result":{"state":"paused"}}"#;
    let answer = read(&result, 200, body).result.unwrap();
    assert_eq!(answer.state.unwrap().as_str(), "paused");
    assert_eq!(answer.imported_elements_count, None);
}

// F4
#[test]
fn f4_status_is_read_in_any_order_and_the_last_one_counts() {
    for body in [
        r#"{"status":"ok","code":404,"description":"Object not found","status":"error"}"#,
        r#"{"description":"Object not found","code":404,"status":"ERROR"}"#,
        r#"{"code":"404","description":"Object not found"}"#,
        r#"{"status":"ok","code":404,"description":"Object not found","status":false}"#,
        r#"{"status":0,"code":404,"description":"Object not found"}"#,
        r#"{"status":[],"code":404,"description":"Object not found"}"#,
    ] {
        let refused = error(&products::Create::new("1"), 200, body);
        assert_eq!(refused.kind(), ErrorKind::NotFound, "{body}");
        assert!(!refused.may_have_landed(), "{body}");
        assert_eq!(refused.message(), "Object not found", "{body}");
    }
    let ok = r#"{"status":"error","status":"ok","code":500}"#;
    assert!(products::List::new().decode(response(200, ok)).is_ok());
}

// H6
#[test]
fn h6_a_code_that_says_5xx_under_a_200_may_have_landed() {
    for code in [408, 429, 460, 500, 502, 503, 504] {
        let body = format!(r#"{{"status":"error","code":{code},"description":"x"}}"#);
        for status in [200, 202, 400] {
            let refused = error(&products::Create::new("1"), status, &body);
            assert!(refused.may_have_landed(), "{status} {code}");
            let read = error(&products::List::new(), status, &body);
            assert!(!read.may_have_landed(), "{status} {code}");
        }
    }
}

// F5
#[test]
fn f5_what_a_refusal_says_beside_the_usual_stays() {
    let body = r#"{"status":"error","code":400,"description":"x","errors":{"price":["a number","too low"]},"request_id":"r-1"}"#;
    let refused = error(&products::Create::new("1"), 400, body);
    let others = refused.service_error().others_json.as_deref();
    assert_eq!(others, Some(r#"{"request_id":"r-1"}"#));
    assert_eq!(refused.service_error().fields.len(), 2);
    assert!(
        refused.to_string().contains("x: price: a number"),
        "{refused}"
    );
    assert_eq!(refused.body().unwrap(), body.as_bytes());
}
