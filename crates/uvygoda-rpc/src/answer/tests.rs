use std::error::Error as _;

use common_transport::Operation;

use bytes::Bytes;
use http::Response;

use super::*;
use crate::{Strictness, access, catalog, orders, products, repair, webhooks};

fn response(status: u16, body: &str) -> Response<Bytes> {
    let body = Bytes::copy_from_slice(body.as_bytes());
    Response::builder().status(status).body(body).unwrap()
}

fn again<O: Operation>(operation: &O, body: &str) -> String
where
    O::Output: common_model::Encode,
{
    common_model::to_json(&operation.decode(response(200, body)).unwrap())
}

fn stages(status: u16, body: &str) -> Error {
    orders::Stages::new()
        .decode(response(status, body))
        .unwrap_err()
}

#[test]
fn u7_u8_u11_failure_is_by_result_also_with_http_200() {
    let error = stages(
        200,
        r#"{"RESULT":false,"STAGES":false,"ERROR":"Информация об ошибке"}"#,
    );
    assert!(error.is_service() && !error.may_have_landed(), "{error}");
    assert_eq!(
        error.service_error().message.as_deref(),
        Some("Информация об ошибке")
    );
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert_eq!(error.operation(), Some("getStages"));
}

// F3
#[test]
fn f3_a_body_that_is_no_answer_of_the_service_keeps_what_it_claims() {
    for (body, claim) in [
        ("", BodyClaim::Empty),
        ("<html><body>Вход</body></html>", BodyClaim::Page),
        (r#"{"RESULT":"maybe"}"#, BodyClaim::Foreign),
    ] {
        let error = stages(200, body);
        let verdict = Verdict::of_answer(StatusCode::OK, claim);
        let kind = match claim {
            BodyClaim::Foreign => Verdict::UNREADABLE.kind,
            _ => verdict.kind,
        };
        assert_eq!(error.kind(), kind, "{body}");
        let breaks = error.to_string().contains("breaks the service's protocol");
        assert_eq!(breaks, claim == BodyClaim::Foreign, "{error}");
    }
}

// U8, U9
#[test]
fn u9_a_success_that_takes_itself_back_is_a_protocol_error() {
    let card = |body: &str| products::Add::default().decode(response(200, body));
    for said in [
        r#"["Не указан раздел"]"#,
        r#"{"code":5}"#,
        "true",
        "1",
        "\"x\"",
    ] {
        let error = card(&format!(
            r#"{{"RESULT":true,"ERROR":{said},"PRODUCT_ID":5}}"#
        ))
        .unwrap_err();
        let source = error.source().and_then(|source| source.downcast_ref());
        assert_eq!(source, Some(&ProtocolError::SuccessWithError), "{said}");
        assert!(error.is_decode() && error.may_have_landed(), "{said}");
    }
    for said in ["false", "null", "[]", "{}", "\"\"", "0"] {
        card(&format!(
            r#"{{"RESULT":true,"ERROR":{said},"PRODUCT_ID":5}}"#
        ))
        .expect(said);
    }
    for member in ["PRODUCT_ID", "TOKEN", "URL", "MODERATION", "UPDATE"] {
        let error = card(&format!(
            r#"{{"RESULT":true,"ERROR":false,"{member}":false}}"#
        ));
        let error = error.unwrap_err();
        let source = error.source().and_then(|source| source.downcast_ref());
        assert_eq!(
            source,
            Some(&ProtocolError::SuccessWithoutPayload),
            "{member}"
        );
    }
}

// H6
#[test]
fn h6_a_text_or_a_code_that_speaks_of_a_broken_server_marks_the_call() {
    for (body, landed) in [
        (
            r#"{"RESULT":false,"ERROR":"Произошла внутренняя ошибка"}"#,
            true,
        ),
        (r#"{"RESULT":false,"ERROR":"Ошибка сервера"}"#, true),
        (
            r#"{"RESULT":false,"ERROR":"Что-то не так","CODE":500}"#,
            true,
        ),
        (
            r#"{"RESULT":false,"ERROR":"Что-то не так","CODE":5}"#,
            false,
        ),
        (r#"{"RESULT":false,"ERROR":"Не указан раздел"}"#, false),
    ] {
        let error = products::Add::default()
            .decode(response(200, body))
            .unwrap_err();
        assert_eq!(error.may_have_landed(), landed, "{body}");
    }
}

#[test]
fn u9_odd_mixes_are_protocol_errors_with_the_body() {
    for (body, expected) in [
        (
            r#"{"RESULT":true,"STAGES":[],"ERROR":"x"}"#,
            ProtocolError::SuccessWithError,
        ),
        (
            r#"{"STAGES":[],"ERROR":false}"#,
            ProtocolError::ResultMissing,
        ),
        (
            r#"{"RESULT":"true","STAGES":[],"ERROR":false}"#,
            ProtocolError::ResultNotBoolean,
        ),
        (
            r#"{"RESULT":1,"STAGES":[],"ERROR":false}"#,
            ProtocolError::ResultNotBoolean,
        ),
        (r#"{"RESULT":null}"#, ProtocolError::ResultNotBoolean),
        (
            r#"{"RESULT":false,"STAGES":false,"ERROR":false}"#,
            ProtocolError::FailureWithoutText,
        ),
        (r#"[]"#, ProtocolError::NoObject),
        ("<html>Битрикс</html>", ProtocolError::NoObject),
        (r#"{"RESULT":true"#, ProtocolError::NoObject),
        ("", ProtocolError::NoObject),
    ] {
        let error = stages(200, body);
        assert!(error.is_decode(), "{body}: {error}");
        let source = error.source().unwrap().downcast_ref::<ProtocolError>();
        assert_eq!(source, Some(&expected), "{body}");
        assert_eq!(error.body_excerpt(), Some(body));
    }
}

#[test]
fn u12_the_known_text_is_an_auth_error_and_stays() {
    let token = access::Token::new("a", "b");
    let body = r#"{"RESULT":false,"TOKEN":false,"ERROR":"Неверный логин или пароль"}"#;
    let error = token.decode(response(200, body)).unwrap_err();
    assert!(error.is_auth(), "{error}");
    assert_eq!(
        error.service_error().message.as_deref(),
        Some("Неверный логин или пароль")
    );
}

#[test]
fn u54_the_known_texts_are_cyrillic_throughout() {
    for (text, _) in KNOWN_ERRORS {
        assert!(
            !text.contains(|c: char| c.is_ascii_alphabetic()),
            "a Latin look-alike in {text}"
        );
    }
}

#[test]
fn u51_a_byte_order_mark_is_no_trouble_and_html_is_told() {
    let body = "\u{feff}{\"RESULT\":true,\"STAGES\":[],\"ERROR\":false}";
    orders::Stages::new().decode(response(200, body)).unwrap();
    let error = stages(502, "<html>Bad Gateway</html>");
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.body_excerpt(), Some("<html>Bad Gateway</html>"));
    assert!(
        error.is_retryable() && !error.may_have_landed(),
        "a read has no effect"
    );
}

#[test]
fn u53_an_unreadable_answer_to_an_effect_may_have_landed() {
    let publish = products::Publish::new(1);
    for (status, body) in [
        (502, "<html>"),
        (200, "<b>Warning</b>"),
        (200, r#"{"RESULT":1}"#),
    ] {
        assert!(
            publish
                .decode(response(status, body))
                .unwrap_err()
                .may_have_landed()
        );
    }
    let refused = r#"{"RESULT":false,"MODERATION":false,"ERROR":"нет"}"#;
    assert!(
        !publish
            .decode(response(200, refused))
            .unwrap_err()
            .may_have_landed()
    );
}

#[test]
fn statuses_without_an_envelope_have_kinds() {
    for (status, kind) in [
        (401, ErrorKind::Auth),
        (403, ErrorKind::AccessDenied),
        (404, ErrorKind::NotFound),
        (503, ErrorKind::Throttled),
        (301, ErrorKind::Service),
    ] {
        assert_eq!(stages(status, "").kind(), kind, "{status}");
    }
    let error = stages(
        403,
        r#"{"RESULT":false,"STAGES":false,"ERROR":"нет доступа"}"#,
    );
    assert_eq!(error.kind(), ErrorKind::AccessDenied);
    assert_eq!(
        error.service_error().message.as_deref(),
        Some("нет доступа")
    );
}

#[test]
fn u15_u16_keyed_lists_are_read_and_written_as_they_came() {
    let body = r#"{"RESULT":true,"STAGES":{"0":{"ID":123,"NAME":"Новый, не оплачен"},"1":{"ID":124,"NAME":"Оплачен"}},"ERROR":false}"#;
    let answer = orders::Stages::new().decode(response(200, body)).unwrap();
    let names: Vec<_> = answer
        .stages
        .iter()
        .flat_map(|stages| stages.iter())
        .collect();
    assert_eq!(names.len(), 2);
    assert_eq!(names[1].name.as_deref(), Some("Оплачен"));
    assert_eq!(common_model::to_json(&answer), body);
    let body = r#"{"RESULT":true,"PROPERTIES":[{"ID":123,"NAME":"Имя"}],"ERROR":false}"#;
    assert_eq!(again(&orders::OrderProperties::new(), body), body);
}

#[test]
fn u17_both_spellings_of_success_are_taken() {
    let set = webhooks::Set::new("https://shop.example/hook");
    for (word, known) in [("SUCCES", true), ("SUCCESS", true), ("OK", false)] {
        let body = format!(r#"{{"RESULT":true,"URL":"{word}","ERROR":false}}"#);
        let answer = set.decode(response(200, &body)).unwrap();
        assert_eq!(answer.url.as_ref().unwrap().is_success(), known, "{word}");
        assert_eq!(common_model::to_json(&answer), body);
    }
}

#[test]
fn u26_u48_u49_u50_sections_in_every_shape_of_php() {
    let all = catalog::Sections::new(crate::SectionFilter::All);
    for body in [
        r#"{"RESULT":true,"SECTIONS":{"1":{"ID":1,"NAME":"Имя","LVL":1,"PARENT_ID":false},"123":{"ID":"123","NAME":"Имя","LVL":"2","PARENT_ID":"1"}},"ERROR":false}"#,
        r#"{"RESULT":true,"SECTIONS":[{"ID":1,"NAME":"Имя","LVL":1,"PARENT_ID":false}],"ERROR":false}"#,
        r#"{"RESULT":true,"SECTIONS":[],"ERROR":false}"#,
        r#"{"RESULT":true,"SECTIONS":false,"ERROR":false}"#,
    ] {
        assert_eq!(again(&all, body), body);
    }
    let body = r#"{"RESULT":true,"SECTIONS":{"5":{"ID":"5","PARENT_ID":"1"}},"ERROR":false}"#;
    let answer = all.decode(response(200, body)).unwrap();
    let section = answer
        .sections
        .as_ref()
        .and_then(|all| all.iter().next())
        .unwrap();
    assert_eq!((section.id, section.parent_id), (Some(5), Some(1)));
}

#[test]
fn u28_u29_u30_properties_of_a_section_keep_unknown_types_and_fields() {
    let body = r#"{"RESULT":true,"PROPERTIES":{"1":{"ID":1,"NAME":"Имя","REQUIRED":true,"VALUES":false,"TYPE":"STRING"},"123":{"ID":123,"NAME":"Имя","REQUIRED":false,"TYPE":"COLOUR","VALUES":{"1":{"ID":1,"VALUE":"Имя"}},"HINT":"новое"}},"ERROR":false}"#;
    let operation = catalog::SectionProperties::new(123);
    let answer = operation.decode(response(200, body)).unwrap();
    let properties = answer.properties.as_ref().unwrap();
    let colour = &properties[1];
    assert_eq!(colour.type_.as_ref().unwrap().as_str(), "COLOUR");
    assert!(colour.extra.get("HINT").is_some());
    assert_eq!(
        properties.iter().next().unwrap().type_,
        Some(crate::shared::PropertyType::String)
    );
    let written = common_model::to_json(&answer);
    for part in [
        r#""TYPE":"COLOUR""#,
        r#""HINT":"новое""#,
        r#""VALUES":false"#,
    ] {
        assert!(written.contains(part), "{written}");
    }
}

#[test]
fn u32_u34_u35_cards_keep_what_is_not_documented() {
    let body = r#"{"RESULT":true,"ITEMS":{"1":{"ID":1,"NAME":"Имя","STAGE":"MODERATION","VALUES":false,"SECTION_ID":123,"URL":"https://uvygoda.ru/catalog/path"},"2":{"ID":2,"STAGE":"ARCHIVE"}},"ERROR":false}"#;
    let list = products::List::new(crate::products::ProductFilter::All);
    let answer = list.decode(response(200, body)).unwrap();
    let stages: Vec<_> = answer.items.iter().flat_map(|items| items.iter()).collect();
    assert_eq!(stages[0].stage, Some(crate::products::Stage::Moderation));
    assert_eq!(stages[1].stage.as_ref().unwrap().as_str(), "ARCHIVE");
    assert_eq!(common_model::to_json(&answer), body);

    let body = r#"{"RESULT":true,"ITEM":{"1":{"ID":1,"NAME":"Имя","STAGE":"PUBLIC","SECTION_ID":123,"PROPERTIES":{"1":{"ID":1,"REQUIRED":true,"TYPE":"STRING"}},"PRICE":177.50,"STOCK":4}},"ERROR":false}"#;
    let answer = products::Info::new(1).decode(response(200, body)).unwrap();
    let card = answer
        .item
        .as_ref()
        .and_then(|item| item.iter().next())
        .unwrap();
    assert!(card.extra.get("PRICE").is_some() && card.properties.is_some());
    assert_eq!(common_model::to_json(&answer), body);
}

#[test]
fn u43_u44_u45_writes_answer_with_an_id_or_a_word() {
    let body = r#"{"RESULT":true,"PRODUCT_ID":123,"ERROR":false}"#;
    let created: crate::products::AddProductAnswer = common_model::from_json(body).unwrap();
    assert_eq!(created.product_id, Some(123));
    let body = r#"{"RESULT":true,"MODERATION":"SUCCESS","ERROR":false}"#;
    assert_eq!(again(&products::Publish::new(1), body), body);
    let body = r#"{"RESULT":true,"UPDATE":"SUCCESS","ERROR":false}"#;
    assert_eq!(again(&products::Update::new(1), body), body);
}

#[test]
fn a_payload_of_the_wrong_type_names_the_field() {
    let body = r#"{"RESULT":true,"SECTIONS":{"1":{"ID":"x"}},"ERROR":false}"#;
    let sections = catalog::Sections::new(crate::SectionFilter::All);
    let strict = crate::Decoding::new().strict(true);
    let error = strict.decode(&sections, response(200, body)).unwrap_err();
    assert!(error.is_decode());
    assert!(error.field().unwrap().contains("ID"), "{error}");
    assert_eq!(error.body_excerpt(), Some(body));
}

// F4, U9
#[test]
fn f4_result_and_error_are_read_in_any_order_and_the_last_one_counts() {
    for body in [
        r#"{"ERROR":"нет","STAGES":false,"RESULT":false}"#,
        r#"{"RESULT":true,"ERROR":false,"RESULT":false,"ERROR":"нет"}"#,
    ] {
        let error = stages(200, body);
        assert_eq!((error.kind(), error.message()), (ErrorKind::Service, "нет"));
    }
    let body = r#"{"RESULT":false,"ERROR":"нет","RESULT":true,"ERROR":false,"STAGES":[]}"#;
    assert!(orders::Stages::new().decode(response(200, body)).is_ok());
    let body = r#"{"RESULT":false,"ERROR":"нет","ERROR":false}"#;
    assert!(stages(200, body).is_decode(), "U9 stays");
}

// H6, F11
#[test]
fn h6_writes_are_marked_also_where_a_repeat_is_harmless_and_reads_never() {
    let set = webhooks::Set::new("https://shop.example/hook");
    for (status, body) in [
        (
            200,
            r#"{"RESULT":false,"ERROR":"Внутренняя ошибка сервера"}"#,
        ),
        (200, r#"{"RESULT":1}"#),
        (200, ""),
        (302, ""),
        (504, "<html>"),
    ] {
        let error = set.decode(response(status, body)).unwrap_err();
        assert!(error.may_have_landed(), "{status} {body}");
        assert!(!stages(status, body).may_have_landed(), "{status} {body}");
    }
}

#[test]
fn u10_u51_only_when_asked_and_never_for_html_alone() {
    let noisy = Bytes::from_static(b"<br>{\"RESULT\":true,}");
    let apply = |strictness: Strictness, body: &Bytes| {
        strictness
            .apply(Response::new(body.clone()), repair)
            .into_body()
    };
    assert_eq!(apply(Strictness::Strict, &noisy), noisy);
    assert_eq!(apply(Strictness::Lenient, &noisy), "{\"RESULT\":true }");
    for hopeless in [&b"<html>"[..], b"\xff{}", b""] {
        let body = Bytes::copy_from_slice(hopeless);
        assert_eq!(apply(Strictness::Lenient, &body), body);
    }
}
