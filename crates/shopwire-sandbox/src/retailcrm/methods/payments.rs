//! Invoices of payments.

use serde_json::{Value, json};

use crate::random;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object, object};

/// An invoice for a payment of an order, and the link to pay it.
pub(crate) fn create(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("createInvoice")?;
    let mut invoice = of_payment(account, &input)?;
    let uuid = random::uuid();
    let link = format!("https://pay.sandbox.example/{uuid}");
    invoice.insert("link".into(), link.as_str().into());
    store(account, &uuid, invoice);
    Ok(Answer::ok(json!({"result": {"link": link}})))
}

pub(crate) fn import(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("invoice")?;
    let mut invoice = of_payment(account, &input)?;
    invoice.extend(as_texts(input));
    let uuid = random::uuid();
    store(account, &uuid, invoice);
    Ok(Answer::ok(json!({"invoice": {"invoiceUuid": uuid}})))
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    let invoice = account
        .records
        .keyed
        .get(&key(call.segment("invoiceUuid")))
        .ok_or_else(Failure::not_found)?;
    Ok(Answer::ok(json!({"invoice": invoice})))
}

pub(crate) fn update(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("updateInvoice")?;
    let invoice = account
        .records
        .keyed
        .get_mut(&key(&uuid(&input)?))
        .ok_or_else(Failure::not_found)?;
    invoice.extend(as_texts(input));
    Ok(Answer::ok(json!({})))
}

/// Whether the invoice may be paid with this amount.
pub(crate) fn check(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("check")?;
    let invoice = account
        .records
        .keyed
        .get(&key(&uuid(&input)?))
        .ok_or_else(Failure::not_found)?;
    let result = if value::amount(invoice, "amount") == value::amount(&input, "amount") {
        json!({"success": true})
    } else {
        json!({"success": false, "errorMsg": "Amount does not match the invoice."})
    };
    Ok(Answer::ok(json!({"result": result})))
}

fn uuid(input: &Object) -> Result<String, Failure> {
    value::member(input, "invoiceUuid")
        .ok_or_else(|| Failure::field("invoiceUuid", "This value should not be blank."))
}

fn key(uuid: &str) -> String {
    format!("invoice/{uuid}")
}

fn store(account: &mut Account, uuid: &str, mut invoice: Object) {
    invoice.insert("invoiceUuid".into(), uuid.into());
    account.records.keyed.insert(key(uuid), invoice);
}

/// The invoice of an order's payment; the payment must exist.
fn of_payment(account: &Account, input: &Object) -> Result<Object, Failure> {
    let id = value::member(input, "paymentId")
        .ok_or_else(|| Failure::field("paymentId", "This value should not be blank."))?;
    for order in account.orders.table.iter() {
        if let Some(payment) = order.get("payments").and_then(|payments| payments.get(&id)) {
            let amount = payment
                .get("amount")
                .and_then(value::text)
                .unwrap_or_default();
            return Ok(object(json!({
                "createdAt": value::now(), "orderId": order.get("id"), "customerId": order.get("customer").and_then(|customer| customer.get("id")),
                "paymentId": id, "amount": amount, "currency": order.get("currency"), "status": "pending",
                "invoiceType": "link", "refundable": false, "cancellable": true, "refunds": [],
            })));
        }
    }
    Err(Failure::new(
        http::StatusCode::NOT_FOUND,
        "Payment not found",
    ))
}

/// An invoice shows its payment and amount as texts.
fn as_texts(input: Object) -> Object {
    input
        .into_iter()
        .map(|(name, given)| match name.as_str() {
            "paymentId" | "amount" => (name, value::text(&given).map_or(given, Value::String)),
            _ => (name, given),
        })
        .collect()
}
