//! The result of a search.

use nicechat_sign::{Dialect, Names, QueryRule};

/// The rules that a server accepts.
#[derive(Debug, Default)]
pub(super) struct Finding {
    /// The accepted names of headers.
    pub(super) header: Option<Names>,
    /// The accepted names of parameters.
    pub(super) parameter: Option<Names>,
    pub(super) rule: Option<QueryRule>,
    pub(super) dialect: Option<Dialect>,
    /// Number of GETs sent.
    pub(super) requests: u32,
    /// Refused names, as `placement: key and signature`.
    pub(super) refused: Vec<String>,
    /// Further notes.
    pub(super) notes: Vec<String>,
    /// The reason that the search ended early.
    pub(super) stopped: Option<String>,
}

impl Finding {
    /// Whether any request was accepted by its signature.
    pub(super) fn works(&self) -> bool {
        self.header.is_some() || self.parameter.is_some()
    }

    /// The reason that no request was accepted.
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

/// The text of a rule in settings.
pub(super) fn rule_text(rule: QueryRule) -> &'static str {
    match rule {
        QueryRule::Signed => "signed",
        _ => "unsigned",
    }
}
