//! Secrets under their names, in requests.

use http::header;

use super::*;

fn request(uri: &str, content_type: &str, body: &'static str) -> Request<Bytes> {
    let request = Request::post(uri).header(header::CONTENT_TYPE, content_type);
    request.body(Bytes::from_static(body.as_bytes())).unwrap()
}

// C4, C5
#[test]
fn c5_secrets_under_a_name_are_masked_wherever_they_come_again() {
    let form = "application/x-www-form-urlencoded";
    let json = "application/json";
    for (uri, content_type, body) in [
        (
            "https://u:pw@a.example/x?apiKey=S3CRET%2F1&b=S3CRET/1",
            json,
            "{}",
        ),
        ("/x?_key=S3CRET&_sign=S3CRET", json, r#"{"said":"S3CRET"}"#),
        ("/S3CRET", form, "api_key=S3CRET&x=S3CRET"),
        (
            "/S3CRET",
            json,
            r#"{"a":[{"TOKEN":"S3CRET"}],"b":"S3CRET"}"#,
        ),
        ("/", json, r#"{"PASS":"S3CRET"}"#),
        ("/", form, "order=%7B%22password%22%3A%22S3CRET%22%7D"),
        (
            "/?a=S3CRET",
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"_sign\"\r\n\r\nS3CRET\r\n--b--\r\n",
        ),
    ] {
        let mut request = request(uri, content_type, body);
        let bearer = HeaderValue::from_static("Bearer H1DDEN");
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        request
            .headers_mut()
            .insert("x-seen", HeaderValue::from_static("H1DDEN"));
        let masked = Masked::of(&request);
        let shown = format!(
            "{} {:?} {}",
            masked.uri(request.uri()),
            masked.headers(request.headers()),
            String::from_utf8_lossy(&masked.bytes(request.body()))
        );
        assert!(
            !shown.contains("S3CRET") && !shown.contains("H1DDEN"),
            "{shown}"
        );
        assert!(!shown.contains("u:pw"), "{shown}");
        assert!(shown.contains(Mask::HIDDEN), "{shown}");
    }
}

#[test]
fn c5_headers_that_deliveries_leave_out_are_masked() {
    let masked = Masked::of(&request("/", "application/json", "{}"));
    for (name, is_hidden) in [
        ("x-session-id", true),
        ("authentication-info", true),
        ("access-key-id", true),
        ("www-authenticate", false),
        ("x-request-id", false),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static("S3CRET"));
        let shown = masked.headers(&headers);
        assert_eq!(shown[0].1 == Mask::HIDDEN, is_hidden, "{name}");
    }
}

#[test]
fn c5_ordinary_members_stay() {
    let body = r#"{"key":"delivery","design":"blue","tokens":5,"signs":"many"}"#;
    let request = request("/x?page=2&design=blue", "application/json", body);
    let masked = Masked::of(&request);
    assert_eq!(masked.bytes(body.as_bytes()), body.as_bytes());
    assert_eq!(masked.target(request.uri()), "/x?page=2&design=blue");
}

fn shown(uri: &str, content_type: &str, body: &'static [u8]) -> String {
    let request = Request::post(uri).header(header::CONTENT_TYPE, content_type);
    let request = request.body(Bytes::from_static(body)).unwrap();
    let masked = Masked::of(&request);
    let body = masked.bytes(request.body()).into_owned();
    format!(
        "{} {}",
        masked.uri(request.uri()),
        String::from_utf8_lossy(&body)
    )
}

// Clients repair such answers and use the token that they hold.
#[test]
fn c5_secrets_of_a_text_that_is_no_strict_json_are_masked() {
    for body in [
        &b"<br />\n<b>Warning</b>: x[\"a\"] {\"TOKEN\":\"S3CRET\",\"ttl\":5}"[..],
        b"{\"TOKEN\" :\n \"S3CRET\",}",
        b"{\"TOKEN\":\"S3CRET\",\"name\":\"cut",
        b"{\"TOKEN\":\"S3CRET\",\"name\":\"\xcf\xf0\xe8\xe2\xe5\xf2\"}",
        b"{\"TOKEN\":\"S\\u0033CRET\" /* x */, \"b\":\"S3CRET\"",
        b"{\"data\":\"{\\\"token\\\":\\\"S3CRET\\\"}\"}",
    ] {
        let shown = shown("/x", "application/json", body);
        assert!(!shown.contains("S3CRET"), "{shown}");
    }
}

#[test]
fn c5_secrets_that_are_numbers_are_masked() {
    for (content_type, body) in [
        (
            "application/json",
            &b"{\"password\":72649301,\"b\":\"72649301\"}"[..],
        ),
        ("application/json", b"[{\"token\":72649301}"),
    ] {
        let shown = shown("/x", content_type, body);
        assert!(!shown.contains("72649301"), "{shown}");
    }
}

#[test]
fn c5_secrets_in_nested_parameters_are_masked() {
    let form = "application/x-www-form-urlencoded";
    for (uri, body) in [
        ("/x?filter[token]=S3CRET&b=S3CRET", &b""[..]),
        ("/x?filter%5Btoken%5D=S3CRET", b""),
        ("/x", b"user[password]=S3CRET&b=S3CRET"),
        ("/x", b"user%5Btokens%5D%5B0%5D%5Bapi_key%5D=S3CRET"),
        ("/x", b"token[]=S3CRET"),
    ] {
        let shown = shown(uri, form, body);
        assert!(!shown.contains("S3CRET"), "{shown}");
    }
    assert_eq!(
        shown("/x?filter[key]=delivery", form, b"a[sign]=plus1"),
        "/x?filter[key]=delivery a[sign]=plus1"
    );
}
