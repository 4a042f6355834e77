//! Invoices of payments.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::changes::item;
use crate::retailcrm::state::history::Source;
use crate::retailcrm::state::orders::{amounts, reference};
use crate::retailcrm::value::{self, Object, object};

/// An invoice for a payment of an order, and the link to pay it.
pub(crate) fn create(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("createInvoice")?;
    let mut invoice = of_payment(account, &input)?;
    let uuid = account.random.uuid();
    let link = format!("https://pay.sandbox.example/{uuid}");
    invoice.insert("link".into(), link.as_str().into());
    store(account, &uuid, invoice);
    Ok(Answer::ok(json!({"result": {"link": link}})))
}

pub(crate) fn import(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("invoice")?;
    let mut invoice = of_payment(account, &input)?;
    invoice.extend(as_texts(input));
    let uuid = account.random.uuid();
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

/// Changes an invoice; one that is paid pays its payment.
pub(crate) fn update(account: &mut Account, call: &Call) -> Outcome {
    let mut input = call.object("updateInvoice")?;
    if let Some(refund) = input.get("refund")
        && !refund.is_object()
    {
        return Err(Failure::field(
            "refund",
            "This value should be of type array.",
        ));
    }
    let refund = input.shift_remove("refund");
    // The module's own number of the payment; the account's stays.
    let external = input.shift_remove("paymentId");
    let invoice = account
        .records
        .keyed
        .get_mut(&key(&uuid(&input)?))
        .ok_or_else(Failure::not_found)?;
    invoice.extend(external.map(|id| ("externalId".to_owned(), id)));
    if let (Some(refund), Some(Value::Array(refunds))) = (refund, invoice.get_mut("refunds")) {
        refunds.push(refund);
    }
    if let Some(url) = input.shift_remove("invoiceUrl") {
        invoice.insert("link".into(), url);
    }
    invoice.extend(as_texts(input));
    let invoice = invoice.clone();
    if value::member(&invoice, "status").as_deref() == Some(PAID) {
        pay(account, &invoice);
    }
    Ok(Answer::ok(json!({})))
}

/// The status of an invoice that was paid.
const PAID: &str = "succeeded";

/// Statuses in which an invoice waits for its payment.
const OPEN: &[&str] = &["pending", "waitingForCapture"];

/// Marks the invoice's payment as paid.
fn pay(account: &mut Account, invoice: &Object) {
    let now = account.now();
    let order = invoice.get("orderId").and_then(value::integer);
    let payment = value::member(invoice, "paymentId").unwrap_or_default();
    let before = order.and_then(|order| account.orders.table.get(order));
    let (Some(order), Some(before)) = (order, before.cloned()) else {
        return;
    };
    let mut row = before.clone();
    let payments = row.get_mut("payments");
    if let Some(Value::Object(payment)) = payments.and_then(|all| all.get_mut(&payment)) {
        let was = payment.clone();
        let paid = value::member(invoice, "paidAt").unwrap_or(now);
        payment.insert("status".into(), "paid".into());
        payment.insert("paidAt".into(), paid.into());
        let mut changes = item::payment_changes(&was, payment);
        for change in &mut changes {
            change.beside = Some(("payment", Value::Object(payment.clone())));
        }
        let history = &mut account.orders.history;
        history.note_changes(Source::Api, "order", &reference(&before), changes);
    }
    amounts::compute(&account.references, &account.now(), &mut row);
    account.replace_order_as(Source::Code, order, &before, row);
}

/// Whether the invoice may be paid with this amount.
pub(crate) fn check(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object("check")?;
    let invoice = account
        .records
        .keyed
        .get(&key(&uuid(&input)?))
        .ok_or_else(Failure::not_found)?;
    let currency = value::member(&input, "currency");
    let status = value::member(invoice, "status").unwrap_or_default();
    let fault = if value::amount(invoice, "amount") != value::amount(&input, "amount") {
        Some("Amount does not match the invoice.")
    } else if currency.is_some() && currency != value::member(invoice, "currency") {
        Some("Currency does not match the invoice.")
    } else if !OPEN.contains(&status.as_str()) {
        Some("The invoice does not wait for a payment.")
    } else {
        None
    };
    let result = match fault {
        None => json!({"success": true}),
        Some(text) => json!({"success": false, "errorMsg": text}),
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
                "createdAt": account.now(), "orderId": order.get("id"), "customerId": order.get("customer").and_then(|customer| customer.get("id")),
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
