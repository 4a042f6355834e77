//! Bonuses in portions, which become active, expire and are spent, the earliest expiry first. The balance of a
//! membership is the sum of its active portions.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::account::Account;
use crate::retailcrm::value::{self, Object, object};

/// The table of memberships.
pub(crate) const ACCOUNTS: &str = "loyalty-accounts";

/// The table of operations on bonuses, oldest first.
pub(crate) const OPERATIONS: &str = "bonus-operations";

/// The table of portions: `account`, `amount` that is left, `activationDate`, `expireDate`.
const PORTIONS: &str = "bonus-portions";

/// The stage of a portion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The portion is not active yet.
    Waiting,
    /// The portion can be spent.
    Active,
    /// The last day of the portion has passed.
    Expired,
}

impl Stage {
    fn of(portion: &Object, today: &str) -> Self {
        let date = |name: &str| value::member(portion, name);
        if date("activationDate").is_some_and(|from| *from > *today) {
            Self::Waiting
        } else if date("expireDate").is_some_and(|last| *last < *today) {
            Self::Expired
        } else {
            Self::Active
        }
    }
}

/// The cause of an operation.
#[derive(Debug, Default)]
pub(crate) struct Cause {
    /// `credit_manual`, `charge_for_order`, and so on.
    pub(crate) kind: &'static str,
    /// The order it was for, as operations show it.
    pub(crate) order: Option<Value>,
}

impl Account {
    /// Credits bonuses that can be spent from and until these days (`Y-m-d`).
    pub(crate) fn credit_bonuses(
        &mut self,
        id: i64,
        amount: Decimal,
        (from, until): (Option<String>, Option<String>),
        cause: Cause,
    ) {
        let mut portion = object(json!({"account": id, "amount": value::number(amount)}));
        portion.extend(from.map(|day| ("activationDate".to_owned(), day.into())));
        portion.extend(until.map(|day| ("expireDate".to_owned(), day.into())));
        let dates = value::pick(&portion, &["activationDate", "expireDate"]);
        self.records.table_mut(PORTIONS).insert(portion);
        self.note_operation(id, amount, dates, cause);
        self.settle_bonuses(id);
    }

    /// Charges bonuses. Returns false, and charges nothing, when the balance is too low.
    pub(crate) fn charge_bonuses(&mut self, id: i64, amount: Decimal, cause: Cause) -> bool {
        if self.settle_bonuses(id) < amount {
            return false;
        }
        let today = self.today();
        let mut active: Vec<Object> = self
            .portions(id)
            .filter(|portion| Stage::of(portion, &today) == Stage::Active)
            .cloned()
            .collect();
        // The earliest expiry is spent first; portions without an expiry come last.
        active.sort_by_key(|portion| {
            let last = value::member(portion, "expireDate");
            (last.is_none(), last)
        });
        let mut left = amount;
        for portion in active {
            let has = value::amount(&portion, "amount");
            let taken = has.min(left);
            self.set_portion(&portion, has - taken);
            left -= taken;
        }
        self.note_operation(id, -amount, Object::new(), cause);
        self.settle_bonuses(id);
        true
    }

    /// Expires old portions; writes and returns the balance.
    pub(crate) fn settle_bonuses(&mut self, id: i64) -> Decimal {
        let today = self.today();
        let stage = |portion: &&Object| Stage::of(portion, &today);
        let expired = self.portions(id).filter(|one| stage(one) == Stage::Expired);
        for portion in expired.cloned().collect::<Vec<_>>() {
            let burnt = value::amount(&portion, "amount");
            self.set_portion(&portion, Decimal::ZERO);
            let cause = Cause {
                kind: "burn",
                order: None,
            };
            self.note_operation(id, -burnt, Object::new(), cause);
        }
        let balance = self
            .portions(id)
            .filter(|one| stage(one) == Stage::Active)
            .map(|portion| value::amount(portion, "amount"))
            .sum();
        let accounts = self.records.table_mut(ACCOUNTS);
        accounts.update(id, |row| {
            row.insert("amount".into(), value::number(balance))
        });
        balance
    }

    /// The bonuses of a membership that wait (by the day they become active) or will burn (by their
    /// last day): day and amount, by growing day.
    pub(crate) fn bonus_days(&self, id: i64, stage: Stage) -> Vec<Object> {
        let today = self.today();
        let name = if stage == Stage::Waiting {
            "activationDate"
        } else {
            "expireDate"
        };
        let mut days = std::collections::BTreeMap::<String, Decimal>::new();
        for portion in self.portions(id) {
            if let (Some(day), true) = (
                value::member(portion, name),
                Stage::of(portion, &today) == stage,
            ) {
                *days.entry(day).or_default() += value::amount(portion, "amount");
            }
        }
        let shown = |(day, amount): (String, Decimal)| {
            object(json!({"date": day, "amount": value::number(amount)}))
        };
        days.into_iter().map(shown).collect()
    }

    /// The active membership of a person.
    pub(crate) fn membership(&self, customer: i64) -> Option<&Object> {
        let is_theirs = |row: &&Object| {
            row["customer"]["id"] == customer
                && row.get("active").and_then(value::flag) == Some(true)
        };
        self.records.table(ACCOUNTS).iter().find(is_theirs)
    }

    /// Returns the portions of a membership that are not spent.
    pub(super) fn portions(&self, id: i64) -> impl Iterator<Item = &Object> {
        let portions = self.records.table(PORTIONS).iter();
        portions.filter(move |portion| portion["account"] == id)
    }

    /// Sets the rest of a portion; an empty portion is removed.
    fn set_portion(&mut self, portion: &Object, left: Decimal) {
        let table = self.records.table_mut(PORTIONS);
        let id = portion
            .get("id")
            .and_then(value::integer)
            .unwrap_or_default();
        if left.is_zero() {
            table.remove(id);
        } else {
            table.update(id, |row| row.insert("amount".into(), value::number(left)));
        }
    }

    fn note_operation(&mut self, id: i64, amount: Decimal, bonus: Object, cause: Cause) {
        let accounts = self.records.table(ACCOUNTS);
        let loyalty = accounts.get(id).map(|row| row["loyalty"]["id"].clone());
        let mut operation = object(json!({
            "type": cause.kind, "createdAt": self.now(), "amount": value::number(amount),
            "loyaltyAccount": {"id": id}, "loyalty": {"id": loyalty},
        }));
        operation.extend(cause.order.map(|order| ("order".to_owned(), order)));
        let activation = value::pick(&bonus, &["activationDate"]);
        if !activation.is_empty() {
            operation.insert("bonus".into(), activation.into());
        }
        self.records.table_mut(OPERATIONS).insert(operation);
    }
}
