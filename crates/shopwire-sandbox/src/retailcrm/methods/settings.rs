//! Features, settings, statistics.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;

/// The sandbox has every feature.
pub(crate) fn check_features(_: &mut Account, call: &Call) -> Outcome {
    let features = call.scalars("features")?;
    if features.is_empty() {
        return Err(Failure::missing("features"));
    }
    let shown: Vec<Value> = features
        .iter()
        .map(|code| json!({"code": code, "available": true}))
        .collect();
    Ok(Answer::ok(json!({"features": shown})))
}

pub(crate) fn get(_: &mut Account, _: &Call) -> Outcome {
    let setting = |value: &str| json!({"value": value, "updated_at": "2024-01-01 00:00:00"});
    let work_times: Vec<Value> = ["Mo", "Tu", "We", "Th", "Fr"]
        .iter()
        .map(|day| json!({"day_type": day, "start_time": "09:00", "end_time": "18:00", "lunch_start_time": "13:00", "lunch_end_time": "14:00"}))
        .collect();
    Ok(Answer::ok(json!({"settings": {
        "default_currency": setting("RUB"), "system_language": setting("RU"), "timezone": setting("UTC"),
        "work_times": work_times, "non_working_days": [{"start_date": "01.01", "end_date": "08.01"}],
    }})))
}

/// Time before the service computes the statistics anew.
const STATISTICS_PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// Statistics are of the moment, so there is nothing to compute; a second call too soon is refused.
pub(crate) fn update_statistics(account: &mut Account, _: &Call) -> Outcome {
    let now = account.clock.timestamp();
    let last = account.statistics_updated.replace(now);
    if let Some(last) = last.filter(|last| now.duration_since(*last) < STATISTICS_PAUSE) {
        account.statistics_updated = Some(last);
        let text = "Statistics can be updated once in 60 seconds";
        return Err(Failure::bad_request(text));
    }
    Ok(Answer::ok(json!({})))
}
