//! Telephony: call events, uploaded calls, the manager of a phone.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::batch;
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::value;
use crate::retailcrm::value::{Object, object};

pub(crate) fn send_event(account: &mut Account, call: &Call) -> Outcome {
    let event = call.object("event")?;
    one_of(&event, "type", &["in", "out", "hangup"])?;
    if value::member(&event, "phone").is_none() {
        return Err(Failure::field("phone", "This value should not be blank."));
    }
    if value::member(&event, "type").as_deref() == Some("hangup") {
        one_of(
            &event,
            "hangupStatus",
            &["answered", "busy", "cancel", "failed", "no answered"],
        )?;
    }
    let users = account.records.table("users");
    let unknown = |id: &&Value| value::integer(id).is_none_or(|id| users.get(id).is_none());
    let given = event.get("userIds").and_then(Value::as_array);
    let not_exist_users: Vec<Value> = given
        .into_iter()
        .flatten()
        .filter(unknown)
        .cloned()
        .collect();
    if let Some(site) = event.get("site").filter(|site| !site.is_null()) {
        account.check_code("site", "sites", "site", site)?;
    }
    let codes = event.get("codes").and_then(Value::as_array);
    let known = manager_codes(account);
    let is_unknown = |code: &&Value| value::text(code).is_none_or(|code| !known.contains(&code));
    let codes: Vec<Value> = codes
        .into_iter()
        .flatten()
        .filter(is_unknown)
        .cloned()
        .collect();
    account.telephony.events.push(event);
    Ok(Answer::ok(
        json!({"notExistCodes": codes, "notExistUsers": not_exist_users}),
    ))
}

/// The codes of managers that the account's telephony modules have set up.
fn manager_codes(account: &Account) -> Vec<String> {
    let modules = account.records.keyed.iter();
    let modules = modules.filter(|(key, _)| key.starts_with("module/"));
    let path = "integrations.telephony.additionalCodes.code";
    modules
        .flat_map(|(_, module)| value::all_at(module, path))
        .filter_map(value::text)
        .collect()
}

/// Calls with a known external id are counted as duplicates.
pub(crate) fn upload(account: &mut Account, call: &Call) -> Outcome {
    let calls = call.batch("calls", batch::MOST)?;
    let mut fresh = Vec::new();
    let mut duplicates = Vec::new();
    for (index, one) in calls.into_iter().enumerate() {
        let one = object(one);
        check(&one)
            .and_then(
                |()| match one.get("userId").filter(|user| !user.is_null()) {
                    Some(user) => Ok(account.check_user("userId", user)?),
                    None => Ok(()),
                },
            )
            .map_err(|failure| Failure::field(&format!("calls[{index}]"), failure.summary()))?;
        let external = value::member(&one, "externalId");
        let known =
            |other: &Object| external.is_some() && value::member(other, "externalId") == external;
        if account.telephony.calls.iter().chain(&fresh).any(known) {
            duplicates.extend(external);
        } else {
            fresh.push(one);
        }
    }
    let count = fresh.len();
    account.telephony.calls.extend(fresh);
    Ok(Answer::ok(
        json!({"processedCallsCount": count, "duplicateCalls": duplicates}),
    ))
}

fn check(one: &Object) -> Result<(), Failure> {
    one_of(one, "type", &["in", "out"])?;
    one_of(
        one,
        "result",
        &[
            "answered",
            "busy",
            "failed",
            "no answer",
            "not allowed",
            "unknown",
        ],
    )?;
    match value::member(one, "date") {
        Some(date) if value::is_date_time(&date) => {}
        _ => {
            return Err(Failure::field(
                "date",
                "This value is not a valid datetime.",
            ));
        }
    }
    if value::member(one, "phone").is_none() {
        return Err(Failure::field("phone", "This value should not be blank."));
    }
    Ok(())
}

fn one_of(row: &Object, name: &str, choices: &[&str]) -> Result<(), Failure> {
    match value::member(row, name) {
        Some(given) if choices.contains(&given.as_str()) => Ok(()),
        _ => Err(Failure::field(
            name,
            "The value you selected is not a valid choice.",
        )),
    }
}

/// The manager and the customer behind a phone, digits compared.
pub(crate) fn manager(account: &mut Account, call: &Call) -> Outcome {
    let phone = digits(call.required("phone")?);
    let details = call.parameter("details").and_then(value::flag) == Some(true);
    let has_phone = |row: &&Object| {
        value::all_at(row, "phones.number")
            .into_iter()
            .filter_map(value::text)
            .any(|number| digits(&number) == phone)
    };
    let customer = account.customers.table.iter().find(has_phone);
    let mut answer = json!({"links": {"newOrderLink": "https://sandbox.example/orders/new"}});
    if let Some(customer) = customer {
        let link = format!("https://sandbox.example/customers/{}", customer["id"]);
        answer["links"]["customerLink"] = link.into();
        if details {
            answer["customer"] = value::pick(
                customer,
                &[
                    "id",
                    "externalId",
                    "firstName",
                    "lastName",
                    "patronymic",
                    "email",
                    "phones",
                ],
            )
            .into();
        }
    } else {
        answer["links"]["newCustomerLink"] = "https://sandbox.example/customers/new".into();
    }
    let manager = customer
        .and_then(|customer| customer.get("managerId"))
        .and_then(value::integer);
    let users = account.records.table("users");
    if let Some(user) = manager
        .and_then(|id| users.get(id))
        .or_else(|| users.get(1))
    {
        answer["manager"] = value::pick(
            user,
            &["id", "firstName", "lastName", "patronymic", "email"],
        )
        .into();
    }
    Ok(Answer::ok(answer))
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}
