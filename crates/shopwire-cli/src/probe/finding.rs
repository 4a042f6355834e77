//! What is known of a server when the search ends.

use nicechat_sign::{Dialect, Names, QueryRule};

/// What a server takes.
#[derive(Debug, Default)]
pub(super) struct Finding {
    /// The names whose headers it takes.
    pub(super) header: Option<Names>,
    /// The names whose parameters it takes.
    pub(super) parameter: Option<Names>,
    pub(super) rule: Option<QueryRule>,
    pub(super) dialect: Option<Dialect>,
    /// GETs sent.
    pub(super) requests: u32,
    /// Names that were refused, as `placement: key and signature`.
    pub(super) refused: Vec<String>,
    /// What there is to know besides.
    pub(super) notes: Vec<String>,
    /// Why the search ended before its end.
    pub(super) stopped: Option<String>,
}

impl Finding {
    /// Whether any request was let in by its signature.
    pub(super) fn works(&self) -> bool {
        self.header.is_some() || self.parameter.is_some()
    }

    /// Why nothing works, if nothing does.
    pub(super) fn failure(&self) -> Option<&str> {
        match &self.stopped {
            Some(why) if !self.works() => Some(why),
            _ => None,
        }
    }

    /// The settings to use, by their names in the environment.
    pub(super) fn configuration(&self) -> Vec<(&'static str, String)> {
        let mut settings = Vec::new();
        let mut set = |name, value: &str| settings.push((name, value.to_owned()));
        if let Some(dialect) = self.dialect {
            set("NICECHAT_DIALECT", dialect.as_str());
        }
        if let Some(rule) = self.rule {
            set("NICECHAT_QUERY_RULE", rule_text(rule));
        }
        if self.works() {
            let json = self.header.is_some();
            let encoding = if json {
                "json-with-headers"
            } else {
                "form-with-parameters"
            };
            set("NICECHAT_ENCODING", encoding);
        }
        if let Some(names) = &self.header {
            set("NICECHAT_KEY_HEADER", names.key_header_name());
            set("NICECHAT_SIGNATURE_HEADER", names.signature_header_name());
        }
        if let Some(names) = &self.parameter {
            set("NICECHAT_KEY_PARAMETER", names.key_parameter_name());
            let signature = names.signature_parameter_name();
            set("NICECHAT_SIGNATURE_PARAMETER", signature);
        }
        settings
    }
}

/// A rule as settings have it.
pub(super) fn rule_text(rule: QueryRule) -> &'static str {
    match rule {
        QueryRule::Signed => "signed",
        _ => "unsigned",
    }
}
