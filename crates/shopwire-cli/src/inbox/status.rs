//! `inbox status`: counts and ages.

use common_model::{Value as Json, to_json};
use shopwire::durable::{AccountTotals, Inbox, SourceTotals, Totals};

use super::{Form, at, line, object, or_null};
use crate::{failure::Failure, output, time::Shown};

pub(super) async fn run(inbox: &Inbox, form: Form) -> Result<(), Failure> {
    let totals = inbox.totals().await;
    let totals = totals.map_err(|error| Failure::of_store(&error))?;
    if form.is_json {
        return output::json_line(&to_json(&json(&totals)));
    }
    for source in &totals.sources {
        output::line(&readable(source))?;
    }
    for account in &totals.accounts {
        output::line(&effects(account))?;
    }
    if let Some(age) = totals.oldest_snapshot {
        output::line(&format!(
            "a snapshot has been open for {} s and holds the store back",
            age.as_secs()
        ))?;
    }
    if totals.sources.is_empty() {
        output::line("no event was received yet")?;
    }
    if let Some(restored) = totals.restored_at {
        output::warning(&format!(
            "the store was noticed to be a restored backup at {}: later events are not in it",
            Shown(restored)
        ));
    }
    Ok(())
}

fn json(totals: &Totals) -> common_model::Map<Json> {
    let sources = totals.sources.iter().map(|source| {
        Json::Object(object([
            ("source", Json::from(&source.source)),
            ("pending", count(source.pending)),
            ("dead", count(source.dead)),
            ("oldest_pending", or_null(source.oldest_pending, at)),
            (
                "last_failure",
                or_null(source.last_failure.as_ref(), Json::from),
            ),
        ]))
    });
    let accounts = totals.accounts.iter().map(|account| {
        Json::Object(object([
            ("account", Json::from(&account.account)),
            ("open", count(account.open)),
            ("unknown", count(account.unknown)),
            ("parked", count(account.parked)),
            ("doubled", count(account.doubled)),
        ]))
    });
    object([
        ("sources", Json::from(sources.collect::<Vec<_>>())),
        ("accounts", Json::from(accounts.collect::<Vec<_>>())),
        ("log_bytes", or_null(totals.log_bytes, count)),
        (
            "oldest_snapshot_seconds",
            or_null(totals.oldest_snapshot, |age| count(age.as_secs())),
        ),
        ("restored_at", or_null(totals.restored_at, at)),
    ])
}

fn readable(source: &SourceTotals) -> String {
    let mut text = format!(
        "{}  {} pending, {} dead",
        line(&source.source),
        source.pending,
        source.dead
    );
    if let Some(oldest) = source.oldest_pending {
        text += &format!(", the oldest since {}", Shown(oldest));
    }
    if let Some(reason) = &source.last_failure {
        text += &format!("; last failure: {}", line(reason));
    }
    text
}

fn effects(account: &AccountTotals) -> String {
    format!(
        "effects at {}: {} open, {} unknown, {} parked, {} doubled",
        line(&account.account),
        account.open,
        account.unknown,
        account.parked,
        account.doubled
    )
}

fn count(number: u64) -> Json {
    Json::from(i64::try_from(number).unwrap_or(i64::MAX))
}
