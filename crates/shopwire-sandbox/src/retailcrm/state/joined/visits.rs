//! Visits of the site: by the customer that a visit names, or by a client id that was tied to one.

use serde_json::Value;

use super::resolve::id_of;
use crate::retailcrm::state::account::Account;
use crate::retailcrm::state::party::Party;
use crate::retailcrm::value::{self, Object};

/// A person counts as online so many minutes after the last visit ended.
const LINGERING: i64 = 15;

/// The times of a customer's visits.
#[derive(Debug, Default)]
pub(super) struct Visits {
    pub(super) first: Option<String>,
    pub(super) last: Option<String>,
    pub(super) online: bool,
}

impl Account {
    /// The visits of a customer.
    pub(super) fn visits_of(&self, party: Party, id: i64) -> Visits {
        let is_theirs = |row: &&Object| {
            self.customer_meant(row.get("customer"))
                .is_some_and(|(kind, row)| kind == party && id_of(row) == id)
        };
        let clients: Vec<&Value> = self
            .records
            .table("clientIds")
            .iter()
            .filter(is_theirs)
            .filter_map(|row| row.get("value"))
            .collect();
        let has_client =
            |row: &&Object| row.get("clientId").is_some_and(|id| clients.contains(&id));
        let mut visits = Visits::default();
        let now = self.now();
        let all = self.records.table("visits").iter();
        for visit in all.filter(|row| is_theirs(row) || has_client(row)) {
            let Some(began) = value::member(visit, "createdAt") else {
                continue;
            };
            visits.online |= is_recent(&began, visit, &now);
            if visits.first.as_ref().is_none_or(|first| began < *first) {
                visits.first = Some(began.clone());
            }
            if visits.last.as_ref().is_none_or(|last| began > *last) {
                visits.last = Some(began);
            }
        }
        visits
    }
}

/// Whether the visit is going on, or ended just now.
fn is_recent(began: &str, visit: &Object, now: &str) -> bool {
    let length = visit.get("visitLength").and_then(value::integer);
    let seconds = length.unwrap_or(0).saturating_add(LINGERING * 60);
    value::later(began, seconds).is_some_and(|until| until.as_str() >= now)
}
