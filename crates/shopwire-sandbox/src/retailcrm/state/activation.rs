//! The activation of a loyalty membership: at once, or after an SMS check.

use serde_json::{Value, json};

use super::account::Account;
use super::loyalty::ACCOUNTS;
use super::sms::{LIFETIME, Sms};
use crate::clock::later;
use crate::retailcrm::value::{self, object};

impl Account {
    /// Sends a code for the activation of a membership and gives the check as the API shows it.
    pub(crate) fn send_sms(&mut self, membership: i64) -> Value {
        let check = self.random.uuid();
        let expires = later(self.clock.timestamp(), LIFETIME);
        let shown = object(json!({
            "createdAt": self.now(), "expiredAt": value::at(expires),
            "checkId": check, "actionType": "verify_customer",
        }));
        let sms = Sms {
            shown: shown.clone(),
            expires,
            membership,
        };
        let accounts = self.records.table_mut(ACCOUNTS);
        accounts.update(membership, |row| {
            row.insert("lastCheckId".into(), check.as_str().into())
        });
        self.sms.insert(check, sms);
        Value::Object(shown)
    }

    /// Marks a check as passed, activates what it was sent for, and gives it as the API shows it.
    pub(crate) fn pass_sms(&mut self, check: &str) -> Option<Value> {
        let now = self.now();
        let sms = self.sms.get_mut(check)?;
        sms.shown
            .entry("verifiedAt")
            .or_insert_with(|| now.as_str().into());
        let (shown, membership) = (sms.shown.clone(), sms.membership);
        self.activate_membership(membership);
        let accounts = self.records.table_mut(ACCOUNTS);
        accounts.update(membership, |row| {
            row.entry("confirmedPhoneAt").or_insert_with(|| now.into());
        });
        Some(Value::Object(shown))
    }

    /// Lets a membership work.
    pub(crate) fn activate_membership(&mut self, id: i64) {
        let now = self.now();
        self.records.table_mut(ACCOUNTS).update(id, |row| {
            row.insert("active".into(), true.into());
            row.insert("status".into(), "activated".into());
            row.entry("activatedAt").or_insert_with(|| now.into());
        });
    }
}
