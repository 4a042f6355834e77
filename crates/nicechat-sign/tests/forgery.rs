//! N31: forgeries made from recorded signed requests are refused.

use bytes::Bytes;
use http::{Method, Request};
use nicechat_sign::{
    Credentials, Dialect, Form, Placement, Signature, Signer, Verified, Verifier, VerifyError,
};
use proptest::prelude::*;
use sha2::block_api::compress256;

const PATH: &str = "/marketplaces/v1/products/";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

fn account() -> Credentials {
    Credentials::new("key", "JVFzW6y0UukIThD")
}

fn signature(path: &str, body: &str, method: &str) -> String {
    Signer::new(account())
        .sign_body(path, body.as_bytes(), method)
        .to_string()
}

fn request(
    method: &str,
    path: &str,
    content_type: &str,
    body: &[u8],
    sign: &str,
) -> Request<Bytes> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("x-api-key", "key")
        .header("x-api-sign", sign);
    if !content_type.is_empty() {
        request = request.header("content-type", content_type);
    }
    request.body(Bytes::copy_from_slice(body)).unwrap()
}

fn verify(verifier: &Verifier, request: Request<Bytes>) -> Result<Verified, VerifyError> {
    let (parts, body) = request.into_parts();
    verifier.verify(&parts, &body, |_| Some(account()))
}

/// The status a request is refused with. The reason counts: a forgery that is refused for a slip of
/// the test's own shows nothing.
fn refused(verifier: &Verifier, request: Request<Bytes>) -> u16 {
    let rejection = verify(verifier, request).expect_err("a forgery is refused");
    rejection.status().as_u16()
}

/// A verifier that would take any dialect: what it refuses, each refuses.
fn lax() -> Verifier {
    Verifier::new().dialects(Dialect::ALL)
}

/// Path `/products/` with body `ID-1/` hashes as path `/products/ID-1/` without a body.
#[test]
fn n31_a_part_of_the_path_is_no_body() {
    let seen = signature("/marketplaces/v1/products/ID-1/", "", "DELETE");
    verify(
        &lax(),
        request("DELETE", "/marketplaces/v1/products/ID-1/", "", b"", &seen),
    )
    .unwrap();
    for (content_type, status) in [
        ("", 415),
        (FORM, 401),
        (JSON, 400),
        ("text/plain", 415),
        ("multipart/form-data; boundary=b", 400),
    ] {
        let forged = request("DELETE", PATH, content_type, b"ID-1/", &seen);
        assert_eq!(refused(&lax(), forged), status, "{content_type}");
    }
    // A path without its last slash could end anywhere: it is refused before its signature is looked at.
    for (path, status) in [
        ("/", 401),
        ("/marketplaces/v1/", 401),
        ("/marketplaces/v1/products", 400),
    ] {
        let rest = &"/marketplaces/v1/products/ID-1/"[path.len()..];
        let forged = request("DELETE", path, FORM, rest.as_bytes(), &seen);
        assert_eq!(refused(&lax(), forged), status, "{path}");
    }
}

#[test]
fn n31_a_part_of_the_body_is_no_path() {
    // A form of the python dialect may end with a slash.
    let seen = signature(PATH, "dir=a/b/", "POST");
    let honest = request("POST", PATH, FORM, b"dir=a%2Fb%2F", &seen);
    verify(&lax(), honest).unwrap();
    for (path, body) in [("dir=a/b/", ""), ("dir=a/", "b/"), ("dir=", "a/b/")] {
        let path = format!("{PATH}{path}");
        let forged = request("POST", &path, FORM, body.as_bytes(), &seen);
        assert_eq!(refused(&lax(), forged), 400, "{path}");
    }
    // And a field's name may not begin with what was the path.
    let seen = signature("/marketplaces/v1/products/ID-1/", "title=x", "PUT");
    let forged = request("PUT", PATH, FORM, b"ID-1%2Ftitle=x", &seen);
    assert_eq!(refused(&lax(), forged), 401);
}

#[test]
fn n31_json_and_python_forms_are_told_apart() {
    let body = r#"{"url":"/?a=b"}"#;
    let seen = signature(PATH, body, "POST");
    verify(&lax(), request("POST", PATH, JSON, body.as_bytes(), &seen)).unwrap();
    let forged = "%7B%22url%22%3A%22%2F%3Fa=b%22%7D";
    let forged = request("POST", PATH, FORM, forged.as_bytes(), &seen);
    assert_eq!(refused(&lax(), forged), 401);
    let seen = signature(PATH, "a=[1]", "POST");
    let forged = request("POST", PATH, JSON, b"a=[1]", &seen);
    assert_eq!(refused(&lax(), forged), 400);
}

/// Two payloads of the python dialect share a canonical form: the second is refused.
#[test]
fn n31_python_forms_that_collide_are_refused() {
    let python = Verifier::new().dialect(Dialect::Python);
    let seen = signature(PATH, "a=1&b=2", "POST");
    verify(&python, request("POST", PATH, FORM, b"b=2&a=1", &seen)).unwrap();
    for forged in ["a=1%26b%3D2", "a%3D1%26b=2"] {
        let refused = verify(
            &python,
            request("POST", PATH, FORM, forged.as_bytes(), &seen),
        );
        assert!(refused.unwrap_err().is_malformed(), "{forged}");
    }
}

/// A body that two handlers read differently: the signature of one reading is good for the other.
#[test]
fn n31_forms_with_two_readings_are_refused() {
    for (body, reading, status) in [
        ("id=1&id=2", "id=2", 400),
        ("id=1&id=2", "id=1", 400),
        ("id=1&id=2", "id=1&id=2", 400),
        ("a[]=1", "a%5B0%5D=1", 400),
        ("a[]=1", "a%5B%5D=1", 400),
        ("a=1&a[b]=2", "a%5Bb%5D=2", 401),
        ("a=%FF", "a=%FF", 400),
        ("_key=key&id=1", "id=1", 401),
    ] {
        for sign in [
            signature(PATH, reading, "POST"),
            signature(PATH, body, "POST"),
        ] {
            let forged = request("POST", PATH, FORM, body.as_bytes(), &sign);
            assert_eq!(refused(&lax(), forged), status, "{body} as {reading}");
        }
    }
}

#[test]
fn n31_json_must_parse_and_be_an_object_or_a_list() {
    for body in ["", "1", "\"a\"", "{", "{}x", "{'a':1}", "a=1", "\u{feff}{}"] {
        let sign = signature(PATH, body, "POST");
        let signed = request("POST", PATH, JSON, body.as_bytes(), &sign);
        if body.is_empty() {
            verify(&lax(), signed).expect("an empty body is none");
        } else {
            assert_eq!(refused(&lax(), signed), 400, "{body:?}");
        }
    }
    let sign = signature(PATH, "{}", "POST");
    for content_type in ["", "text/plain", "application/xml"] {
        let refused = verify(&lax(), request("POST", PATH, content_type, b"{}", &sign));
        assert_eq!(refused.unwrap_err().status(), 415);
    }
}

/// A body that says itself how it is to be decoded, so that the signed bytes are not what a handler
/// reads. It is refused with its right signature, and the rejection says what to mend.
// H12
#[test]
fn h12_bodies_that_declare_another_reading_are_refused_and_told_so() {
    let multipart = |headers: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n{headers}\r\n1\r\n--b--\r\n")
    };
    let plain = multipart("");
    let charset = "Charset is not supported, send UTF-8";
    let parameters = "Parameters of content type are ambiguous";
    for (content_type, body, status, said) in [
        ("application/json; charset=utf-16", "{}", 415, charset),
        (
            "application/json;charset=\"windows-1251\"",
            "[]",
            415,
            charset,
        ),
        (
            "application/x-www-form-urlencoded; charset=koi8-r",
            "a=1",
            415,
            charset,
        ),
        (FORM, "_charset_=windows-1251&a=1", 415, charset),
        (
            "multipart/form-data; boundary=b; charset=utf-7",
            &plain,
            415,
            charset,
        ),
        (
            "application/json; charset=utf-8; charset=utf-16",
            "{}",
            400,
            parameters,
        ),
        (
            "multipart/form-data; boundary=b; boundary=c",
            &plain,
            400,
            parameters,
        ),
        (
            "multipart/form-data; boundary=b; boundary=b",
            &plain,
            400,
            parameters,
        ),
    ] {
        let sign = signature(PATH, "a=1", "POST");
        let refused = verify(
            &lax(),
            request("POST", PATH, content_type, body.as_bytes(), &sign),
        );
        let refused = refused.unwrap_err();
        assert_eq!(
            (refused.status().as_u16(), refused.description()),
            (status, said)
        );
        assert_eq!(refused.is_unsupported(), status == 415, "{content_type}");
    }
    for (headers, status, said) in [
        ("Content-Type: text/plain; charset=utf-16\r\n", 415, charset),
        (
            "Content-Type: multipart/mixed; boundary=c\r\n",
            400,
            "Nested multipart is not supported",
        ),
        (
            "Content-Transfer-Encoding: base64\r\n",
            400,
            "Transfer encoding of a part is not supported",
        ),
        (
            "Content-Transfer-Encoding: quoted-printable\r\n",
            400,
            "Transfer encoding of a part is not supported",
        ),
    ] {
        let sign = signature(PATH, "a=1", "POST");
        let content_type = "multipart/form-data; boundary=b";
        let body = multipart(headers);
        let refused = verify(
            &lax(),
            request("POST", PATH, content_type, body.as_bytes(), &sign),
        );
        let refused = refused.unwrap_err();
        assert_eq!(
            (refused.status().as_u16(), refused.description()),
            (status, said)
        );
    }
    let sign = signature(PATH, "a=1", "POST");
    let body = multipart("Content-Type: text/plain; charset=utf-8\r\n");
    for content_type in [
        "multipart/form-data; boundary=b",
        "multipart/form-data; charset=UTF-8; boundary=\"b\"",
    ] {
        let honest = request("POST", PATH, content_type, body.as_bytes(), &sign);
        verify(&lax(), honest).unwrap();
    }
}

/// From the signature of a GET, without the secret, that of a longer message.
fn extend(seen: &Signature, seen_length: usize, suffix: &[u8]) -> (Vec<u8>, Signature) {
    let mut glue = vec![0x80];
    while (seen_length + glue.len()) % 64 != 56 {
        glue.push(0);
    }
    glue.extend_from_slice(&(seen_length as u64 * 8).to_be_bytes());
    let mut tail = suffix.to_vec();
    tail.push(0x80);
    while tail.len() % 64 != 56 {
        tail.push(0);
    }
    let total = seen_length + glue.len() + suffix.len();
    tail.extend_from_slice(&(total as u64 * 8).to_be_bytes());
    let mut state = [0_u32; 8];
    for (word, bytes) in state.iter_mut().zip(seen.as_bytes().chunks(4)) {
        *word = u32::from_be_bytes(bytes.try_into().unwrap());
    }
    for block in tail.chunks_exact(64) {
        compress256(&mut state, &[block.try_into().unwrap()]);
    }
    let mut digest = [0; 32];
    for (bytes, word) in digest.chunks_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    (glue, Signature::from_bytes(digest))
}

/// The attack is real: the extended signature is right for its bytes. No request holds such bytes.
#[test]
fn n31_length_extension_is_possible_and_refused() {
    let secret_length = "JVFzW6y0UukIThD".len();
    let seen: Signature = signature(PATH, "", "GET").parse().unwrap();
    for suffix in ["{\"price\":1}", "&price=1", "price=1"] {
        let signed_length = secret_length + PATH.len() + "GET".len();
        let with_method = format!("{suffix}POST");
        let (glue, forged) = extend(&seen, signed_length, with_method.as_bytes());
        let body = [b"GET", glue.as_slice(), suffix.as_bytes()].concat();
        let right = Signer::new(account()).sign_body(PATH, &body, "POST");
        assert_eq!(right, forged, "the forgery itself works");
        let encoded: String = body.iter().map(|byte| format!("%{byte:02X}")).collect();
        let plain = encoded.replace("%3D", "=").replace("%26", "&");
        for (content_type, body, status) in [
            (JSON, body.clone(), 400),
            (FORM, body.clone(), 400),
            ("", body.clone(), 415),
            ("text/plain", body.clone(), 415),
            (FORM, encoded.clone().into_bytes(), 400),
            (FORM, plain.into_bytes(), 400),
        ] {
            let forged = request("POST", PATH, content_type, &body, &forged.to_string());
            assert_eq!(refused(&lax(), forged), status, "{content_type:?} {suffix}");
        }
        // Nor does a path hold them.
        let path = format!("{PATH}GET%80{suffix}/");
        let forged = request("POST", &path, "", b"", &forged.to_string());
        assert_eq!(refused(&lax(), forged), 400, "{path}");
    }
}

#[test]
fn n31_bodies_and_methods_are_limited() {
    let small = Verifier::new().max_body(10).methods([Method::POST]);
    assert_eq!(small.body_limit(), 10);
    let exact = r#"["234567"]"#;
    let sign = signature(PATH, exact, "POST");
    verify(&small, request("POST", PATH, JSON, exact.as_bytes(), &sign)).unwrap();
    let longer = r#"["2345678"]"#;
    let sign = signature(PATH, longer, "POST");
    let refused = verify(
        &small,
        request("POST", PATH, JSON, longer.as_bytes(), &sign),
    )
    .unwrap_err();
    assert!(refused.is_too_large() && refused.status() == 413);
    let sign = signature(PATH, "", "GET");
    let refused = verify(&small, request("GET", PATH, "", b"", &sign)).unwrap_err();
    assert_eq!(refused.status(), 405);
}

#[test]
fn n31_unknown_paths_are_refused_whatever_their_signature() {
    let verifier = Verifier::new().paths(|path| path == PATH);
    verify(
        &verifier,
        request("GET", PATH, "", b"", &signature(PATH, "", "GET")),
    )
    .unwrap();
    let other = "/marketplaces/v1/orders/";
    let signed = signature(other, "", "GET");
    for sign in [&signed, "wrong"] {
        let refused = verify(&verifier, request("GET", other, "", b"", sign)).unwrap_err();
        assert_eq!(refused.status(), 404);
        assert!(!refused.is_malformed() && !refused.is_unauthorized());
        assert!(refused.to_string().contains("not known"));
    }
    verify(&Verifier::new(), request("GET", other, "", b"", &signed)).unwrap();
    assert!(format!("{verifier:?}").starts_with("Verifier { dialects: [Php]"));
}

/// N32: a missing, doubled, unknown and wrong signature give one and the same answer.
#[test]
fn n32_every_failure_of_authentication_looks_the_same() {
    let good = || request("POST", PATH, JSON, b"{}", &signature(PATH, "{}", "POST"));
    verify(&lax(), good()).unwrap();
    let mut bad = Vec::new();
    for name in ["x-api-key", "x-api-sign"] {
        let mut missing = good();
        missing.headers_mut().remove(name);
        bad.push(missing);
        let mut doubled = good();
        let value = doubled.headers()[name].clone();
        doubled.headers_mut().append(name, value);
        bad.push(doubled);
        let mut opaque = good();
        opaque
            .headers_mut()
            .insert(name, http::HeaderValue::from_bytes(b"\xff").unwrap());
        bad.push(opaque);
    }
    let right = signature(PATH, "{}", "POST");
    for sign in [
        "",
        "0",
        &right.to_uppercase(),
        &right[..63],
        &signature(PATH, "{}", "PUT"),
    ] {
        bad.push(request("POST", PATH, JSON, b"{}", sign));
    }
    for request in bad {
        let refused = verify(&lax(), request).unwrap_err();
        assert!(refused.is_unauthorized() && !refused.is_malformed() && !refused.is_too_large());
        assert_eq!(refused.status(), 401);
        assert!(
            refused
                .to_response()
                .body()
                .starts_with(br#"{"status":"error","code":401,"#)
        );
    }
    let (parts, body) = good().into_parts();
    let unknown = lax().verify(&parts, &body, |_| None).unwrap_err();
    assert!(unknown.is_unauthorized());
    let mixed = lax().verify(&parts, &body, |_| {
        Some(Credentials::new("other", "JVFzW6y0UukIThD"))
    });
    assert!(
        mixed.unwrap_err().is_unauthorized(),
        "an account that has another key"
    );
    let empty = Credentials::new("key", "");
    let mut request = good();
    Signer::new(empty.clone())
        .sign_request(&mut request)
        .unwrap();
    let (parts, body) = request.into_parts();
    let refused = lax().verify(&parts, &body, |_| Some(empty));
    assert!(
        refused.unwrap_err().is_unauthorized(),
        "nobody's secret is empty"
    );
}

/// Authentication in two places at once could be checked in one and used from the other.
#[test]
fn n31_credentials_in_two_places_are_refused() {
    let mut both = request("POST", PATH, FORM, b"a=1", &signature(PATH, "a=1", "POST"));
    verify(&lax(), both.clone()).unwrap();
    Signer::new(account())
        .sign_in_place(Placement::Parameters, &mut both)
        .unwrap();
    assert!(verify(&lax(), both).unwrap_err().is_unauthorized());
    let sign = signature(PATH, "", "POST");
    for body in [
        format!("_key=key&_sign={sign}&_sign={sign}"),
        format!("_key=key&_key=key&_sign={sign}"),
        format!("_sign={sign}"),
        "_key=key".into(),
    ] {
        let mut request = request("POST", PATH, FORM, body.as_bytes(), "");
        request.headers_mut().remove("x-api-key");
        request.headers_mut().remove("x-api-sign");
        assert!(
            verify(&lax(), request).unwrap_err().is_unauthorized(),
            "{body}"
        );
    }
}

fn payload() -> impl Strategy<Value = (&'static str, String)> {
    let text = "[A-Za-z0-9 ._Ж&=/]{0,12}";
    let form = prop::collection::btree_map("[a-z_]{1,6}", text, 0..5).prop_map(|fields| {
        let form: Form = fields.into_iter().collect();
        (FORM, nicechat_sign::wire(Dialect::Php, &form).unwrap())
    });
    let json = "[A-Za-z0-9 Ж]{0,12}".prop_map(|text| (JSON, format!("{{\"a\":\"{text}\"}}")));
    prop_oneof![form, json, Just(("", String::new()))]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Sign then verify accepts; any changed byte of the request is refused.
    #[test]
    fn n31_signed_requests_pass_and_changed_ones_do_not(
        (content_type, body) in payload(),
        id in "[A-Za-z0-9.-]{1,8}",
        method in prop::sample::select(vec!["GET", "POST", "PUT", "PATCH", "DELETE"]),
        at in any::<prop::sample::Index>(),
        flip in 0_u32..7,
    ) {
        let path = format!("{PATH}{id}/");
        let mut good = request(method, &path, content_type, body.as_bytes(), "");
        Signer::new(account()).sign_request(&mut good).unwrap();
        prop_assert!(verify(&Verifier::new(), good.clone()).is_ok());

        let flipped = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            let index = at.index(bytes.len());
            bytes[index] ^= 1 << flip;
            bytes
        };
        if !body.is_empty() {
            let mut changed = good.clone();
            *changed.body_mut() = flipped(&body).into();
            let same = content_type == FORM
                && Form::parse_urlencoded(changed.body()).ok() == Form::parse_urlencoded(body.as_bytes()).ok();
            if !same {
                // What still parses has another signature; the rest has no reading.
                let parses = match content_type {
                    FORM => Form::parse_urlencoded(changed.body()).is_ok(),
                    _ => serde_json::from_slice::<serde_json::Value>(changed.body()).is_ok(),
                };
                let status = refused(&Verifier::new(), changed);
                prop_assert!(status == if parses { 401 } else { 400 }, "{}", status);
            }
        }
        if let Ok(path) = String::from_utf8(flipped(&path)).unwrap_or_default().parse::<http::Uri>()
            && path.path() != good.uri().path()
        {
            let mut changed = good.clone();
            *changed.uri_mut() = path;
            prop_assert!(matches!(refused(&Verifier::new(), changed), 400 | 401));
        }
        let mut changed = good.clone();
        let sign = flipped(changed.headers()["x-api-sign"].to_str().unwrap());
        changed.headers_mut().insert("x-api-sign", http::HeaderValue::from_bytes(&sign).unwrap_or(http::HeaderValue::from_static("")));
        prop_assert_eq!(refused(&Verifier::new(), changed), 401);
        for other in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let mut changed = good.clone();
            *changed.method_mut() = other.parse().unwrap();
            if other == method {
                prop_assert!(verify(&Verifier::new(), changed).is_ok());
            } else {
                prop_assert_eq!(refused(&Verifier::new(), changed), 401);
            }
        }
    }

    /// No request makes the verifier panic. One that says nothing of its body's reading passes with
    /// the signature of its bytes, and each fails without: so the verifier was reached.
    #[test]
    fn n31_no_request_makes_the_verifier_panic(
        path in "/[ -~]{0,12}",
        body in prop::collection::vec(any::<u8>(), 0..64),
        content_type in prop::sample::select(vec!["", FORM, JSON, "multipart/form-data; boundary=b"]),
        method in prop::sample::select(vec!["GET", "POST", "DELETE"]),
    ) {
        if path.parse::<http::Uri>().is_ok() {
            let wrong = request(method, &path, content_type, &body, &"0".repeat(64));
            prop_assert!(matches!(refused(&lax(), wrong), 400 | 401 | 405 | 415));
            let mut signed = request(method, &path, content_type, &body, "");
            if Signer::new(account()).sign_request(&mut signed).is_ok() {
                let verified = verify(&lax(), signed);
                prop_assert!(!verified.is_err_and(|rejection| rejection.is_unauthorized()), "{path}");
            }
        }
    }
}
