//! The requests to each service.

use std::time::Duration;

use common_api::Sender;
use common_transport::{Error, RetryPolicy};
use shopwire::{Config, Shopwire};

use super::{
    answer::{Answer, fetch, texts},
    clock,
    report::{Report, State},
};
use crate::{
    args::Service,
    call::{self, Mask},
    failure::chain,
};

/// How long one request may take.
const TIME: Duration = Duration::from_secs(30);

/// Requests that RetailCRM takes in a second from one address on the Internet.
// R17
const RETAILCRM_LIMIT: u32 = 10;

/// Asks a service, and notes what it says.
pub(super) async fn ask(config: &Config, report: &mut Report) {
    let mut mask = Mask::default();
    mask.add(config);
    let config = config.clone();
    let config = config.client(|client| client.retry(RetryPolicy::none()).total_timeout(TIME));
    let sender =
        Shopwire::new(&config).and_then(|shopwire| call::sender(report.service, &shopwire));
    let sender = match sender {
        Ok(sender) => sender,
        Err(error) => return report.add("settings", State::Failed, mask.text(&chain(&error))),
    };
    let sender = sender.as_ref();
    report.url = Some(sender.client().base_url().to_string());
    match report.service {
        Service::Retailcrm => retailcrm(&config, sender, &mask, report).await,
        Service::Nicechat => nicechat(&config, sender, &mask, report).await,
        Service::Uvygoda => uvygoda(sender, &mask, report).await,
    }
}

async fn retailcrm(config: &Config, sender: &dyn Sender, mask: &Mask, report: &mut Report) {
    let versions = fetch(report.service, sender, "api.list_versions").await;
    let is_there = answers(report, mask, &versions, |answer| {
        let versions = texts(&answer.json, "versions").unwrap_or_default();
        format!("versions {}", versions.join(", "))
    });
    let key = match is_there {
        // Without an answer there is none about the key either.
        false => return,
        true => fetch(report.service, sender, "api.get_credentials").await,
    };
    match key {
        Err(error) => report.add("key", State::Failed, mask.text(&chain(&error))),
        Ok(answer) => {
            report.scopes = texts(&answer.json, "scopes");
            report.sites = texts(&answer.json, "sitesAvailable");
            scopes(report);
            site(config.retailcrm.site.as_deref(), report);
        }
    }
    report.limit = Some(RETAILCRM_LIMIT);
    let limit = format!(
        "{RETAILCRM_LIMIT} requests a second (40 for telephony), for all programs behind one address together"
    );
    report.add("limit", State::Good, limit);
}

fn scopes(report: &mut Report) {
    let scopes = report.scopes.clone().unwrap_or_default();
    let (state, text) = match scopes.len() {
        0 => (
            State::Warning,
            "the key is right, and the service names no scopes of it".to_owned(),
        ),
        count => (
            State::Good,
            format!("{count} scopes: {}", scopes.join(", ")),
        ),
    };
    report.add("key", state, text);
}

/// The shop of the settings is one that the key can reach.
fn site(site: Option<&str>, report: &mut Report) {
    let sites = report.sites.clone().unwrap_or_default();
    let all = sites.join(", ");
    let (state, text) = match site {
        Some(site) if sites.iter().any(|known| known == site) => {
            (State::Good, format!("{site}, of {all}"))
        }
        Some(site) if sites.is_empty() => (
            State::Warning,
            format!("{site}; the service does not tell the shops of the key"),
        ),
        Some(site) => (
            State::Failed,
            format!("the key cannot reach the shop {site}; it can reach {all}"),
        ),
        None if sites.len() > 1 => (
            State::Warning,
            format!("the key can reach several shops ({all}): some calls need the setting `site`"),
        ),
        None => (State::Good, format!("not set; the key can reach {all}")),
    };
    report.add("site", state, text);
}

async fn nicechat(config: &Config, sender: &dyn Sender, mask: &Mask, report: &mut Report) {
    let listed = fetch(report.service, sender, "categories.list").await;
    let is_refused = listed.as_ref().is_err_and(Error::is_auth);
    if !answers(report, mask, &listed, |_| {
        "the signature is accepted".to_owned()
    }) {
        if is_refused {
            let hint = "key, secret or the rules of the signature are wrong: `shopwire probe nicechat` finds out which \
                        rules the service follows, and prints them for the settings";
            report.add("signature", State::Failed, hint);
        }
        return;
    }
    let settings = &config.nicechat;
    let text = format!(
        "names of key and signature are right; the dialect is {}, which only a form that is written shows",
        settings.dialect
    );
    report.add("signature", State::Good, text);
    report.add("limit", State::Good, "the service documents none");
}

async fn uvygoda(sender: &dyn Sender, mask: &Mask, report: &mut Report) {
    let stages = fetch(report.service, sender, "getStages").await;
    if answers(report, mask, &stages, |_| {
        "the token is accepted".to_owned()
    }) {
        report.add("limit", State::Good, "the service documents none");
    }
}

/// Notes whether the service answers, and what its clock says. Returns whether it answers.
fn answers(
    report: &mut Report,
    mask: &Mask,
    answer: &Result<Answer, Error>,
    told: impl Fn(&Answer) -> String,
) -> bool {
    match answer {
        Ok(answer) => {
            let text = format!("in {} ms: {}", answer.took, told(answer));
            report.add("answers", State::Good, mask.text(&text));
            report.clock = answer.clock;
            let (state, text) = clock::told(answer.clock);
            report.add("clock", state, text);
            true
        }
        Err(error) => {
            report.add("answers", State::Failed, mask.text(&chain(error)));
            false
        }
    }
}
