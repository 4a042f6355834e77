//! Counts and ages as text for Prometheus.

use std::fmt::{Display, Write as _};

use shopwire::durable::{AccountTotals, Totals};

use super::receivers::Receivers;
use crate::time;

/// All metrics. `totals` is `None` if the store cannot be read.
pub(super) fn shown(receivers: &Receivers, totals: Option<&Totals>) -> String {
    let mut text = Text::default();
    deliveries(&mut text, receivers);
    text.kind("shopwire_store_up", "gauge");
    text.value("shopwire_store_up", &[], u8::from(totals.is_some()));
    if let Some(totals) = totals {
        inbox(&mut text, totals);
        outbox(&mut text, totals);
        store(&mut text, totals);
    }
    text.0
}

/// The deliveries since the start.
fn deliveries(text: &mut Text, receivers: &Receivers) {
    let all: Vec<_> = receivers
        .all()
        .iter()
        .map(|receiver| (receiver.source.as_str(), receiver.counts()))
        .collect();
    let name = "shopwire_webhook_deliveries_stored_total";
    text.kind(name, "counter");
    for (source, counts) in &all {
        text.value(name, &[("source", source)], counts.taken);
    }
    let name = "shopwire_webhook_deliveries_rejected_total";
    text.kind(name, "counter");
    for (source, counts) in &all {
        for (reason, count) in counts.reasons() {
            let labels = [("source", *source), ("reason", reason.name())];
            text.value(name, &labels, count);
        }
    }
    let name = "shopwire_webhook_deliveries_in_flight";
    text.kind(name, "gauge");
    for (source, counts) in &all {
        text.value(name, &[("source", source)], counts.in_flight);
    }
}

fn inbox(text: &mut Text, totals: &Totals) {
    let now = time::now();
    text.kind("shopwire_inbox_pending", "gauge");
    for source in &totals.sources {
        let labels = [("source", &*source.source)];
        text.value("shopwire_inbox_pending", &labels, source.pending);
    }
    text.kind("shopwire_inbox_dead", "gauge");
    for source in &totals.sources {
        let labels = [("source", &*source.source)];
        text.value("shopwire_inbox_dead", &labels, source.dead);
    }
    let name = "shopwire_inbox_oldest_pending_seconds";
    text.kind(name, "gauge");
    for source in &totals.sources {
        let age = source
            .oldest_pending
            .map_or(0.0, |oldest| now.since(oldest).as_secs_f64());
        text.value(name, &[("source", &*source.source)], age);
    }
}

fn outbox(text: &mut Text, totals: &Totals) {
    type Count = fn(&AccountTotals) -> u64;
    let states: [(&str, Count); 4] = [
        ("shopwire_outbox_open", |account| account.open),
        ("shopwire_outbox_unknown", |account| account.unknown),
        ("shopwire_outbox_parked", |account| account.parked),
        ("shopwire_outbox_doubled", |account| account.doubled),
    ];
    for (name, count) in states {
        text.kind(name, "gauge");
        for account in &totals.accounts {
            text.value(name, &[("account", &*account.account)], count(account));
        }
    }
}

fn store(text: &mut Text, totals: &Totals) {
    if let Some(bytes) = totals.log_bytes {
        text.kind("shopwire_store_log_bytes", "gauge");
        text.value("shopwire_store_log_bytes", &[], bytes);
    }
    if let Some(age) = totals.oldest_snapshot {
        text.kind("shopwire_store_oldest_snapshot_seconds", "gauge");
        text.value(
            "shopwire_store_oldest_snapshot_seconds",
            &[],
            age.as_secs_f64(),
        );
    }
    if let Some(restored) = totals.restored_at {
        text.kind("shopwire_store_restored_seconds", "gauge");
        let age = time::now().since(restored).as_secs_f64();
        text.value("shopwire_store_restored_seconds", &[], age);
    }
}

/// Lines of the text format.
#[derive(Default)]
struct Text(String);

impl Text {
    fn kind(&mut self, name: &str, kind: &str) {
        // Writing to a `String` does not fail.
        let _ = writeln!(self.0, "# TYPE {name} {kind}");
    }

    fn value(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.0.push_str(name);
        for (at, (label, text)) in labels.iter().enumerate() {
            let open = if at == 0 { '{' } else { ',' };
            let _ = write!(self.0, "{open}{label}=\"{}\"", escaped(text));
        }
        let close = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.0, "{close} {value}");
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    // D6
    #[test]
    fn d6_labels_are_escaped() {
        let mut text = Text::default();
        text.kind("a", "gauge");
        text.value("a", &[], 1);
        text.value("a", &[("x", "1"), ("y", "\"\\\n")], 0.5);
        assert_eq!(
            text.0,
            "# TYPE a gauge\na 1\na{x=\"1\",y=\"\\\"\\\\\\n\"} 0.5\n"
        );
    }
}
