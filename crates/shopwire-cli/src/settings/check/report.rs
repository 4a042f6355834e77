//! The findings about a service.

use anstyle::Style;
use common_model::to_json;

use crate::{args::Service, call::service_name, color, settings::json_or_null};

/// The findings about one service.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) service: Service,
    pub(super) is_configured: bool,
    /// The address that was asked.
    pub(super) url: Option<String>,
    findings: Vec<Finding>,
    /// Scopes of the key, where the service tells them.
    pub(super) scopes: Option<Vec<String>>,
    /// Shops that the key can reach, where the service tells them.
    pub(super) sites: Option<Vec<String>>,
    /// The service's clock less this one, in seconds.
    pub(super) clock: Option<i64>,
    /// Maximum number of requests in a second, where the service has one.
    pub(super) limit: Option<u32>,
}

#[derive(Debug)]
struct Finding {
    name: &'static str,
    state: State,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Good,
    /// It works, and may not be what is meant.
    Warning,
    Failed,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Good => color::GOOD,
            Self::Warning => color::CAUTION,
            Self::Failed => color::BAD,
        }
    }
}

impl Report {
    pub(super) fn new(service: Service) -> Self {
        Self {
            service,
            is_configured: false,
            url: None,
            findings: Vec::new(),
            scopes: None,
            sites: None,
            clock: None,
            limit: None,
        }
    }

    pub(super) fn add(&mut self, name: &'static str, state: State, text: impl Into<String>) {
        let text = text.into();
        self.findings.push(Finding { name, state, text });
    }

    /// Whether nothing failed.
    pub(super) fn is_good(&self) -> bool {
        let mut findings = self.findings.iter();
        !findings.any(|finding| finding.state == State::Failed)
    }
}

/// Lines for people.
pub(super) fn text(reports: &[Report]) -> String {
    let mut out = String::new();
    for report in reports {
        let name = service_name(report.service);
        let url = report.url.as_deref().unwrap_or_default();
        let head = match report.is_configured {
            false => format!("{name}: no settings"),
            true => format!("{name}  {url}"),
        };
        out += head.trim_end();
        out.push('\n');
        for Finding { name, state, text } in &report.findings {
            // Further lines of a text stand below it.
            let text = text.replace('\n', "\n                       ");
            let state = color::on_stdout(state.style(), &format!("{:7}", state.name()));
            out += &format!("  {state}  {name:10}  {text}\n");
        }
    }
    out
}

/// One JSON object.
pub(super) fn json(reports: &[Report], is_good: bool) -> String {
    let services: Vec<String> = reports.iter().map(one).collect();
    format!("{{\"ok\":{is_good},\"services\":[{}]}}", services.join(","))
}

fn one(report: &Report) -> String {
    let findings = report.findings.iter().map(|finding| {
        format!(
            "{{\"name\":\"{}\",\"state\":\"{}\",\"text\":{}}}",
            finding.name,
            finding.state.name(),
            to_json(finding.text.as_str())
        )
    });
    let findings: Vec<String> = findings.collect();
    let list = |items: &Option<Vec<String>>| items.as_ref().map_or("null".to_owned(), to_json);
    let number =
        |number: Option<i64>| number.map_or("null".to_owned(), |number| number.to_string());
    format!(
        "{{\"service\":\"{}\",\"configured\":{},\"ok\":{},\"url\":{},\"checks\":[{}],\"scopes\":{},\"sites\":{},\
         \"clock_difference_s\":{},\"limit_per_second\":{}}}",
        service_name(report.service),
        report.is_configured,
        match report.is_configured {
            true => report.is_good().to_string(),
            false => "null".to_owned(),
        },
        json_or_null(report.url.as_deref()),
        findings.join(","),
        list(&report.scopes),
        list(&report.sites),
        number(report.clock),
        number(report.limit.map(i64::from)),
    )
}
