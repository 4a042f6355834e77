//! The report of a search, for people and for scripts.

use std::fmt::Write as _;

use common_model::to_json;
use nicechat_sign::Names;

use super::{
    finding::{Finding, rule_text},
    search::MOST,
};

/// A JSON object; unknown values are null.
pub(super) fn json(finding: &Finding) -> String {
    let text = |text: Option<&str>| text.map_or("null".to_owned(), to_json);
    let header = |name: fn(&Names) -> &str| text(finding.header.as_ref().map(name));
    let parameter = |name: fn(&Names) -> &str| text(finding.parameter.as_ref().map(name));
    let settings: Vec<String> = finding
        .configuration()
        .iter()
        .map(|(name, value)| format!("{}:{}", to_json(*name), to_json(value)))
        .collect();
    format!(
        "{{\"dialect\":{},\"placements\":{{\"header\":{},\"parameter\":{}}},\
         \"names\":{{\"key_header\":{},\"signature_header\":{},\"key_parameter\":{},\"signature_parameter\":{}}},\
         \"query_rule\":{},\"requests\":{},\"configuration\":{{{}}}}}",
        text(finding.dialect.map(|dialect| dialect.as_str())),
        finding.header.is_some(),
        finding.parameter.is_some(),
        header(Names::key_header_name),
        header(Names::signature_header_name),
        parameter(Names::key_parameter_name),
        parameter(Names::signature_parameter_name),
        text(finding.rule.map(rule_text)),
        finding.requests,
        settings.join(","),
    )
}

/// Lines of text, and the settings for a file and for the environment.
pub(super) fn readable(finding: &Finding) -> String {
    let mut out = String::new();
    let mut line = |name: &str, text: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{name:<11}  {text}");
    };
    let both = |key: &str, signature: &str| format!("{key} and {signature}");
    let unknown = || "not known".to_owned();
    let none = || "none that was tried is taken".to_owned();
    let header = finding.header.as_ref();
    let header = header.map(|names| both(names.key_header_name(), names.signature_header_name()));
    let parameter = finding.parameter.as_ref();
    let parameter =
        parameter.map(|names| both(names.key_parameter_name(), names.signature_parameter_name()));
    line("headers", &header.unwrap_or_else(none));
    line("parameters", &parameter.unwrap_or_else(none));
    line("queries", finding.rule.map_or("not known", rule_text));
    let dialect = finding.dialect.map(|dialect| dialect.to_string());
    line("dialect", &dialect.unwrap_or_else(unknown));
    line(
        "requests",
        &format!("{} GETs, of at most {MOST}", finding.requests),
    );
    for refused in &finding.refused {
        line("refused", refused);
    }
    for note in &finding.notes {
        line("note", note);
    }
    out + &settings(finding)
}

fn settings(finding: &Finding) -> String {
    let settings = finding.configuration();
    if settings.is_empty() {
        return String::new();
    }
    let mut out = "\nFor the settings file, shopwire/shopwire.toml in your configuration folder or that of --config:\n[nicechat]\n".to_owned();
    for (name, value) in &settings {
        let key = name.trim_start_matches("NICECHAT_").to_ascii_lowercase();
        let _ = writeln!(out, "{key} = {}", to_json(value));
    }
    out.push_str("\nOr for the environment:\n");
    for (name, value) in &settings {
        let _ = writeln!(out, "export {name}={}", quoted(value));
    }
    out
}

/// The value quoted for a shell.
fn quoted(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    match value.bytes().all(is_plain) {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', r"'\''")),
    }
}
