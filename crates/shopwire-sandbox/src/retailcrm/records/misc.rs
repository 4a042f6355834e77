//! Features, settings, statistics, notifications, web analytics.

use serde_json::{Value, json};

use crate::retailcrm::account::Account;
use crate::retailcrm::answer::{Answer, Failure, Outcome, object};
use crate::retailcrm::batch;
use crate::retailcrm::call::Call;
use crate::retailcrm::route::Route;
use crate::retailcrm::value;

pub(super) const ROUTES: &[Route] = &[
    Route::get(
        "features.check",
        "/api/v5/features/check",
        "",
        check_features,
    ),
    Route::get("settings.get", "/api/v5/settings", "settings", settings),
    Route::get(
        "statistics.update",
        "/api/v5/statistic/update",
        "statistic",
        |_, _| Ok(Answer::ok(json!({}))),
    ),
    Route::post(
        "notifications.send",
        "/api/v5/notifications/send",
        "notification",
        notify,
    ),
    Route::post(
        "web_analytics.upload_client_ids",
        "/api/v5/web-analytics/client-ids/upload",
        "analytics",
        |account, call| upload(account, call, "clientIds", "failedClientIds", "value"),
    ),
    Route::post(
        "web_analytics.upload_sources",
        "/api/v5/web-analytics/sources/upload",
        "analytics",
        |account, call| upload(account, call, "sources", "failedSources", "source"),
    ),
    Route::post(
        "web_analytics.upload_visits",
        "/api/v5/web-analytics/visits/upload",
        "analytics",
        |account, call| upload(account, call, "visits", "failedVisits", "createdAt"),
    ),
];

/// The sandbox has every feature.
fn check_features(_: &mut Account, call: &Call) -> Outcome {
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

fn settings(_: &mut Account, _: &Call) -> Outcome {
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

fn notify(account: &mut Account, call: &Call) -> Outcome {
    let notification = call.object("notification")?;
    if value::member(&notification, "message").is_none() {
        return Err(Failure::field("message", "This value should not be blank."));
    }
    match value::member(&notification, "type").as_deref() {
        Some("api.error" | "api.info") => {}
        _ => {
            return Err(Failure::field(
                "type",
                "The value you selected is not a valid choice.",
            ));
        }
    }
    account
        .records
        .table_mut("notifications")
        .insert(notification);
    Ok(Answer::ok(json!({})))
}

/// Elements without the member that matters fail; the others are kept.
fn upload(
    account: &mut Account,
    call: &Call,
    field: &'static str,
    failed: &str,
    needed: &str,
) -> Outcome {
    let elements = call.batch(field, batch::MOST)?;
    let (good, bad): (Vec<Value>, Vec<Value>) = elements
        .into_iter()
        .partition(|element| element.get(needed).and_then(value::text).is_some());
    let table = account.records.table_mut(field);
    for element in good {
        table.insert(object(element));
    }
    if bad.is_empty() {
        return Ok(Answer::ok(json!({ failed: bad })));
    }
    Err(Failure::bad_request("ClientIds are loaded with errors").with(failed, bad.into()))
}
