//! The webhooks that are kept, bounded in bytes.

use std::collections::VecDeque;

use super::webhook::{Attempt, Webhook, WebhookState};
use crate::names::ServiceName;

/// Bytes that the log keeps. The newest webhook stays, however long it is.
pub(super) const KEPT: usize = 8 << 20;

/// How many attempts of one webhook are kept.
const ATTEMPTS: usize = 20;

/// The log. Its ids begin again when it is cleared; `generation` tells the old ones apart.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) generation: u64,
    last_id: u64,
    /// By id, ascending.
    kept: VecDeque<Webhook>,
    bytes: usize,
    /// How many attempts ended so, by service: delivered, failed, lost.
    counts: [[usize; 3]; 3],
}

/// Describes what ends a webhook's turn.
#[derive(Debug)]
pub(super) enum End {
    Tried(Attempt),
    Lost,
}

impl Log {
    /// Adds a webhook, gives it an id, and removes the oldest ones that do not fit any more.
    pub(super) fn add(&mut self, mut webhook: Webhook) -> u64 {
        self.last_id += 1;
        webhook.id = self.last_id;
        self.bytes += webhook.bytes();
        self.kept.push_back(webhook);
        self.trim();
        self.last_id
    }

    /// Ends the turn of a webhook. Returns it, unless it has left the log.
    pub(super) fn end(&mut self, service: ServiceName, id: u64, end: End) -> Option<Webhook> {
        let state = match &end {
            End::Tried(attempt) if attempt.is_successful() => WebhookState::Delivered,
            End::Tried(_) => WebhookState::Failed,
            End::Lost => WebhookState::Lost,
        };
        self.counts[row(service)][column(state)?] += 1;
        self.change(id, |webhook| {
            webhook.state = state;
            if let End::Tried(attempt) = end {
                webhook.attempts.push(attempt);
                let surplus = webhook.attempts.len().saturating_sub(ATTEMPTS);
                webhook.attempts.drain(..surplus);
            }
        })
    }

    /// Marks a webhook as waiting for another attempt.
    pub(super) fn retry(&mut self, id: u64) -> Option<Webhook> {
        self.change(id, |webhook| webhook.state = WebhookState::Pending)
    }

    pub(super) fn get(&self, id: u64) -> Option<&Webhook> {
        let place = self.kept.binary_search_by_key(&id, |webhook| webhook.id);
        self.kept.get(place.ok()?)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Webhook> {
        self.kept.iter()
    }

    pub(super) fn count(&self, service: ServiceName, end: WebhookState) -> usize {
        column(end).map_or(0, |column| self.counts[row(service)][column])
    }

    /// Forgets everything. Attempts that are still under way do not count any more.
    pub(super) fn clear(&mut self) {
        *self = Self {
            generation: self.generation + 1,
            ..Self::default()
        };
    }

    fn change(&mut self, id: u64, change: impl FnOnce(&mut Webhook)) -> Option<Webhook> {
        let place = self.kept.binary_search_by_key(&id, |webhook| webhook.id);
        let webhook = self.kept.get_mut(place.ok()?)?;
        self.bytes -= webhook.bytes();
        change(webhook);
        self.bytes += webhook.bytes();
        let changed = webhook.clone();
        self.trim();
        Some(changed)
    }

    fn trim(&mut self) {
        while self.bytes > KEPT && self.kept.len() > 1 {
            let Some(oldest) = self.kept.pop_front() else {
                break;
            };
            self.bytes -= oldest.bytes();
        }
    }
}

fn row(service: ServiceName) -> usize {
    match service {
        ServiceName::NiceChat => 0,
        ServiceName::Uvygoda => 1,
        ServiceName::RetailCrm => 2,
    }
}

fn column(end: WebhookState) -> Option<usize> {
    match end {
        WebhookState::Pending => None,
        WebhookState::Delivered => Some(0),
        WebhookState::Failed => Some(1),
        WebhookState::Lost => Some(2),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    fn webhook(body: &str) -> Webhook {
        Webhook {
            id: 0,
            service: ServiceName::Uvygoda,
            event: "raw".to_owned(),
            url: "http://127.0.0.1/".to_owned(),
            at: UNIX_EPOCH,
            content_type: "text/plain".to_owned(),
            body: body.into(),
            state: WebhookState::Pending,
            attempts: Vec::new(),
        }
    }

    fn tried(status: u16) -> End {
        End::Tried(Attempt {
            at: UNIX_EPOCH,
            status: Some(status),
            error: None,
            duration: Duration::ZERO,
        })
    }

    #[test]
    fn s5_the_log_is_bounded_in_bytes_and_its_counters_are_not() {
        let mut log = Log::default();
        let body = "x".repeat(4 << 10);
        for _ in 0..10_000 {
            let id = log.add(webhook(&body));
            assert!(log.end(ServiceName::Uvygoda, id, tried(200)).is_some());
        }
        let kept: usize = log.iter().map(Webhook::bytes).sum();
        assert_eq!(kept, log.bytes);
        assert!(kept <= KEPT && log.iter().count() > 1_500);
        assert!(log.get(1).is_none() && log.get(10_000).is_some());
        assert_eq!(
            log.count(ServiceName::Uvygoda, WebhookState::Delivered),
            10_000
        );
        // One that has left the log counts, but is not shown.
        assert!(log.end(ServiceName::Uvygoda, 1, tried(500)).is_none());
        assert_eq!(log.count(ServiceName::Uvygoda, WebhookState::Failed), 1);
        assert_eq!(log.count(ServiceName::NiceChat, WebhookState::Failed), 0);
        let id = log.add(webhook(&"x".repeat(KEPT + 1)));
        assert_eq!(log.iter().map(|one| one.id).collect::<Vec<_>>(), [id]);
    }

    #[test]
    fn s5_the_last_attempts_of_a_webhook_are_kept() {
        let mut log = Log::default();
        let id = log.add(webhook("x"));
        for status in 500..550 {
            log.retry(id);
            log.end(ServiceName::Uvygoda, id, tried(status));
        }
        let attempts = &log.get(id).expect("it is kept").attempts;
        let statuses: Vec<u16> = attempts.iter().filter_map(|one| one.status).collect();
        assert_eq!(statuses, (530..550).collect::<Vec<_>>());
        log.clear();
        assert_eq!((log.add(webhook("y")), log.generation), (1, 1));
    }
}
