//! The RFM segment of a customer: a grade from 0 to 2 for each of three measures.
//!
//! The service computes its borders from the account; here they are fixed.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::retailcrm::value::{self, Object};

/// Sums of orders from which the grade of `monetary` is 1 and 2.
const MONETARY: [i64; 2] = [5_000, 20_000];

/// Counts of orders from which the grade of `frequency` is 1 and 2.
const FREQUENCY: [i64; 2] = [2, 4];

/// Days since the last order up to which the grade of `recency` is 1 and 2.
const RECENCY: [i64; 2] = [90, 30];

const DAY: i64 = 86_400;

/// The grades as the filter writes them: `monetary[2]`, `recency[1]`, `frequency[0]`.
pub(super) fn grades(customer: &Object, last_order: Option<&str>, now: &str) -> Value {
    let reached = |amount: Decimal, borders: [i64; 2]| {
        let is_reached = |border: &&i64| amount >= Decimal::from(**border);
        borders.iter().filter(is_reached).count()
    };
    let is_within = |days: &&i64| {
        last_order
            .and_then(|last| value::later(last, **days * DAY))
            .is_some_and(|end| end.as_str() >= now)
    };
    let monetary = reached(value::amount(customer, "totalSumm"), MONETARY);
    let frequency = reached(value::amount(customer, "ordersCount"), FREQUENCY);
    let recency = RECENCY.iter().filter(is_within).count();
    json!([
        format!("monetary[{monetary}]"),
        format!("recency[{recency}]"),
        format!("frequency[{frequency}]"),
    ])
}
