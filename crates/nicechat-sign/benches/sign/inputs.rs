//! Inputs to sign.

use nicechat_sign::{Form, Value};

pub(crate) const SECRET: &str = "JVFzW6y0K2mQp7Rt9XwB4nUukIThDa1c";
pub(crate) const PATH: &str = "/marketplaces/v1/products/";

pub(crate) enum Payload {
    Body(Vec<u8>),
    Form(Form),
}

pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) payload: Payload,
}

pub(crate) fn inputs() -> Vec<Input> {
    let body = |name, method, length| Input {
        name,
        method,
        payload: Payload::Body(json(length)),
    };
    let form = |name, fields| Input {
        name,
        method: "POST",
        payload: Payload::Form(form(fields)),
    };
    vec![
        body("get", "GET", 0),
        body("json 100", "POST", 100),
        body("json 1Ki", "POST", 1 << 10),
        body("json 1Mi", "POST", 1 << 20),
        form("form 5", 5),
        form("form 50", 50),
        form("form 500", 500),
    ]
}

fn json(length: usize) -> Vec<u8> {
    let text = r#"{"title":"Example-1","price":200,"in_stock":true},"#;
    text.bytes().cycle().take(length).collect()
}

/// Fields like those of a product, a third of them Cyrillic, unsorted.
fn form(fields: usize) -> Form {
    (0..fields)
        .map(|at| {
            let name = ["title", "price", "in_stock", "url", "info"][at % 5];
            let key = if fields > 5 {
                format!("{name}_{:03}", at * 37 % fields)
            } else {
                name.into()
            };
            let value: Value = match at % 5 {
                0 => "Товар для дома, белый, 12 шт. в коробке".into(),
                1 => Value::Int(19_990 + i64::try_from(at).unwrap_or_default()),
                2 => true.into(),
                3 => "https://example.com/p?id=1".into(),
                _ => "plain-text_value.1".into(),
            };
            (key, value)
        })
        .collect()
}
