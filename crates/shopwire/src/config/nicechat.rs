//! Settings of NiceChat's signature and encoding: converts their texts to types.
//!
//! The service's document contradicts itself, so a server may follow any reading of it.
//! `shopwire probe nicechat` prints the settings that a live server accepts.

use common_transport::Error;
use nicechat_api::{Dialect, Encoding};
use nicechat_sign::{Names, QueryRule};

/// The encodings by their names in settings, the default first.
const ENCODINGS: [(&str, Encoding); 5] = [
    ("json-with-headers", Encoding::JsonWithHeaders),
    ("form-with-headers", Encoding::FormWithHeaders),
    ("form-with-parameters", Encoding::FormWithParameters),
    ("multipart-with-headers", Encoding::MultipartWithHeaders),
    (
        "multipart-with-parameters",
        Encoding::MultipartWithParameters,
    ),
];

type Text<'a> = &'a dyn Fn(&str) -> Option<String>;

/// `NICECHAT_DIALECT`
pub(super) fn dialect(text: Text<'_>) -> Result<Dialect, Error> {
    let name = "NICECHAT_DIALECT";
    text(name).map_or(Ok(Dialect::default()), |text| {
        text.parse()
            .map_err(|_| Error::invalid_input(name, "expected php, php81, python or prose"))
    })
}

/// `NICECHAT_QUERY_RULE`
pub(super) fn query_rule(text: Text<'_>) -> Result<QueryRule, Error> {
    let name = "NICECHAT_QUERY_RULE";
    match text(name).as_deref() {
        None => Ok(QueryRule::default()),
        Some("unsigned") => Ok(QueryRule::Unsigned),
        Some("signed") => Ok(QueryRule::Signed),
        Some(_) => Err(Error::invalid_input(name, "expected unsigned or signed")),
    }
}

/// `NICECHAT_ENCODING`
pub(super) fn encoding(text: Text<'_>) -> Result<Encoding, Error> {
    let name = "NICECHAT_ENCODING";
    let Some(text) = text(name) else {
        return Ok(Encoding::default());
    };
    let row = ENCODINGS.iter().find(|row| row.0 == text);
    row.map(|row| row.1).ok_or_else(|| {
        let names: Vec<&str> = ENCODINGS.iter().map(|row| row.0).collect();
        Error::invalid_input(name, format!("expected one of {}", names.join(", ")))
    })
}

/// `NICECHAT_KEY_HEADER`, `NICECHAT_SIGNATURE_HEADER`, `NICECHAT_KEY_PARAMETER`, `NICECHAT_SIGNATURE_PARAMETER`
pub(super) fn names(text: Text<'_>) -> Result<Names, Error> {
    let mut names = Names::new();
    if let Some(name) = header(text, "NICECHAT_KEY_HEADER")? {
        names = names.key_header(name);
    }
    if let Some(name) = header(text, "NICECHAT_SIGNATURE_HEADER")? {
        names = names.signature_header(name);
    }
    if let Some(name) = text("NICECHAT_KEY_PARAMETER") {
        names = names.key_parameter(name);
    }
    if let Some(name) = text("NICECHAT_SIGNATURE_PARAMETER") {
        names = names.signature_parameter(name);
    }
    let same_header = names
        .key_header_name()
        .eq_ignore_ascii_case(names.signature_header_name());
    let same_parameter = names.key_parameter_name() == names.signature_parameter_name();
    for (same, name) in [
        (same_header, "NICECHAT_SIGNATURE_HEADER"),
        (same_parameter, "NICECHAT_SIGNATURE_PARAMETER"),
    ] {
        if same {
            return Err(Error::invalid_input(name, "it is the name of the key too"));
        }
    }
    Ok(names)
}

/// Headers that describe the message and its connection. The HTTP client sets them.
const OF_THE_MESSAGE: [&str; 11] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The name of a header: a token in the sense of HTTP.
fn header(text: Text<'_>, name: &str) -> Result<Option<String>, Error> {
    let is_taken = |text: &String| {
        OF_THE_MESSAGE
            .iter()
            .any(|taken| text.eq_ignore_ascii_case(taken))
    };
    let is_token = |text: &String| {
        let is_mark = |byte: u8| b"!#$%&'*+-.^_`|~".contains(&byte);
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || is_mark(byte))
    };
    match text(name) {
        Some(text) if !is_token(&text) => Err(Error::invalid_input(
            name,
            "it cannot be the name of a header",
        )),
        Some(text) if is_taken(&text) => Err(Error::invalid_input(
            name,
            format!("the HTTP client itself sets {text}"),
        )),
        valid => Ok(valid),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Config, Error};
    use nicechat_api::{Dialect, Encoding};
    use nicechat_sign::{Names, QueryRule};

    fn config(settings: &[(&str, &str)]) -> Result<Config, Error> {
        Config::from_lookup(|name| {
            let row = settings.iter().find(|row| row.0 == name);
            row.map(|row| row.1.to_owned())
        })
    }

    // N9, N10, N22, N27
    #[test]
    fn n22_without_settings_the_documents_samples_count() {
        let nicechat = config(&[]).expect("nothing is wrong").nicechat;
        assert_eq!(nicechat.dialect, Dialect::Php);
        assert_eq!(nicechat.names, Names::new());
        assert_eq!(nicechat.query_rule, QueryRule::Unsigned);
        assert_eq!(nicechat.encoding, Encoding::JsonWithHeaders);
    }

    // N9, N10, N22, N27, N93
    #[test]
    fn n27_each_setting_is_read() {
        let nicechat = config(&[
            ("NICECHAT_DIALECT", "python"),
            ("NICECHAT_QUERY_RULE", "signed"),
            ("NICECHAT_ENCODING", "form-with-parameters"),
            ("NICECHAT_KEY_HEADER", "X-Key"),
            ("NICECHAT_SIGNATURE_HEADER", "_sing"),
            ("NICECHAT_KEY_PARAMETER", "key"),
            ("NICECHAT_SIGNATURE_PARAMETER", "_sing"),
        ]);
        let nicechat = nicechat.expect("all of them are valid").nicechat;
        let names = Names::new()
            .key_header("X-Key")
            .signature_header("_sing")
            .key_parameter("key")
            .signature_parameter("_sing");
        assert_eq!(nicechat.dialect, Dialect::Python);
        assert_eq!(nicechat.names, names);
        assert_eq!(nicechat.query_rule, QueryRule::Signed);
        assert_eq!(nicechat.encoding, Encoding::FormWithParameters);
        for (text, encoding) in super::ENCODINGS {
            let read = config(&[("NICECHAT_ENCODING", text)]).expect("it is valid");
            assert_eq!(read.nicechat.encoding, encoding);
        }
    }

    #[test]
    fn n9_a_setting_that_cannot_be_is_refused_by_its_name() {
        for (name, text) in [
            ("NICECHAT_DIALECT", "PHP"),
            ("NICECHAT_QUERY_RULE", "yes"),
            ("NICECHAT_ENCODING", "json-with-parameters"),
            ("NICECHAT_KEY_HEADER", "X API Key"),
            ("NICECHAT_KEY_HEADER", "Content-Length"),
            ("NICECHAT_SIGNATURE_HEADER", "transfer-encoding"),
            ("NICECHAT_SIGNATURE_HEADER", "x-api-key"),
            ("NICECHAT_SIGNATURE_PARAMETER", "_key"),
        ] {
            let error = config(&[(name, text)]).expect_err("it is refused");
            assert!(
                error.is_invalid_input() && error.to_string().contains(name),
                "{error}"
            );
        }
    }
}
