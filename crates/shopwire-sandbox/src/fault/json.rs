//! Faults as JSON: `{"service", "kind", …}` with the fields of the table.

use serde_json::{Map, Value, json};

use super::definition::Fault;
use super::fields::{FIELDS, Field};
use super::kind::{KINDS, Row};
use super::listed::QueuedFault;
use crate::invalid::{self, Invalid, text};
use crate::names::ServiceName;
use crate::operations::Operations;

type IsShownSo = fn(&Value) -> bool;

/// Members that only the list shows, and their shape there. A listed fault can be sent again.
const SHOWN_ONLY: [(&str, IsShownSo); 3] = [
    ("id", |value| value.as_u64().is_some_and(|id| id > 0)),
    ("happened", Value::is_u64),
    ("pending", Value::is_boolean),
];

/// How many faults one text may have.
const MOST: usize = 10_000;

/// Reads a fault or a list of faults. An error names the fault by its place: `faults[2].rate`.
pub(crate) fn read_all(value: &Value) -> Result<Vec<(ServiceName, Fault)>, Invalid> {
    let Some(list) = value.as_array() else {
        return Ok(vec![read(value)?]);
    };
    if list.len() > MOST {
        return Err(Invalid::new("faults", format!("must have at most {MOST}")));
    }
    let faults = list.iter().enumerate();
    faults
        .map(|(at, value)| read(value).map_err(|error| error.within(format!("faults[{at}]"))))
        .collect()
}

/// Reads a fault and its service.
pub(crate) fn read(value: &Value) -> Result<(ServiceName, Fault), Invalid> {
    let Some(members) = value.as_object() else {
        return Err(Invalid::new("", "must be an object"));
    };
    let service: ServiceName = named(members, "service")?.parse()?;
    let kind = named(members, "kind")?;
    let row = KINDS.iter().find(|row| row.name == kind);
    let row =
        row.ok_or_else(|| invalid::unknown("kind", kind, KINDS.iter().map(|row| row.name)))?;
    let mut fault = Fault::new(row.kind);
    for (name, value) in members {
        if ["service", "kind"].contains(&name.as_str()) {
            continue;
        }
        if let Some((_, is_shown_so)) = SHOWN_ONLY.iter().find(|(shown, _)| shown == name) {
            if !is_shown_so(value) {
                return Err(Invalid::new(
                    name,
                    "is not as the list shows it: leave it out",
                ));
            }
            continue;
        }
        let field = field(name, row)?;
        // The list shows all fields, and what it shows can be sent again.
        let is_default = *value == (field.default)() || (value.is_null() && name != "times");
        if is_default {
            continue;
        }
        if !(field.is_of)(row.kind) {
            let problem = format!("has no meaning for the kind {}", row.name);
            return Err(Invalid::new(name, problem));
        }
        (field.set)(&mut fault, value).map_err(|error| error.within(name))?;
    }
    check(service, &fault)?;
    Ok((service, fault))
}

fn named<'v>(members: &'v Map<String, Value>, name: &str) -> Result<&'v str, Invalid> {
    match members.get(name) {
        None | Some(Value::Null) => Err(Invalid::new(name, "is missing")),
        Some(value) => text(value).map_err(|problem| Invalid::new(name, problem)),
    }
}

/// Finds a field; the error suggests the nearest one that the kind has.
fn field(name: &str, row: &Row) -> Result<&'static Field, Invalid> {
    FIELDS
        .iter()
        .find(|field| field.name == name)
        .ok_or_else(|| {
            let fields = FIELDS.iter().filter(|field| (field.is_of)(row.kind));
            let known = ["service", "kind"]
                .into_iter()
                .chain(fields.map(|field| field.name));
            let error = invalid::unknown("", name, known);
            Invalid::new(name, format!("is no field of a fault: {error}"))
        })
}

/// Checks what depends on the service: a restriction that no request can meet is a mistake.
fn check(service: ServiceName, fault: &Fault) -> Result<(), Invalid> {
    let operations = Operations::of(service);
    let is_operation = |id: &str| operations.ids().any(|one| one == id);
    if let Some(id) = &fault.operation
        && !is_operation(id)
    {
        return Err(invalid::unknown("operation", id, operations.ids()));
    }
    if let Some(path) = &fault.path
        && !path.starts_with('/')
        && !(service == ServiceName::Uvygoda && is_operation(path))
    {
        return Err(Invalid::new("path", "must start with /"));
    }
    if let Some(event) = &fault.event {
        service.check_event(event)?;
    }
    let is_slow = fault.latency.is_some() || !fault.delay.is_zero();
    if fault.kind == super::kind::Kind::Latency && !is_slow {
        return Err(Invalid::new(
            "latency",
            "is missing: a fault of the kind latency needs it, or delay_ms",
        ));
    }
    Ok(())
}

impl Fault {
    /// Reads a fault and its service from JSON, as the admin API takes it. [`Fault::kinds`] lists kinds and fields.
    ///
    /// ```
    /// use serde_json::json;
    /// use shopwire_sandbox::{Fault, ServiceName};
    ///
    /// let text = json!({"service": "retailcrm", "kind": "unavailable", "operation": "orders.list", "rate": 0.25, "seed": 7});
    /// let (service, fault) = Fault::from_json(&text)?;
    /// assert_eq!(service, ServiceName::RetailCrm);
    /// assert_eq!(fault, Fault::unavailable().on_operation("orders.list").rate(0.25).seed(7));
    ///
    /// let error = Fault::from_json(&json!({"service": "retailcrm", "kind": "stall", "rate": 2})).unwrap_err();
    /// assert_eq!(error.to_string(), "rate: must be a number from 0 to 1");
    /// # Ok::<(), shopwire_sandbox::Invalid>(())
    /// ```
    ///
    /// # Errors
    /// A member is unknown, missing, or has a value that makes no sense; the error names it.
    pub fn from_json(value: &Value) -> Result<(ServiceName, Self), Invalid> {
        read(value)
    }

    /// Returns the fault as JSON, with all fields and without a service.
    pub fn to_json(&self) -> Value {
        Value::Object(self.members())
    }

    /// Returns the kinds of faults and their fields as JSON: `[{"kind", "title", "description", "fields": [{"name",
    /// "type", "description", "default"}]}]`.
    ///
    /// ```
    /// let kinds = shopwire_sandbox::Fault::kinds();
    /// assert_eq!(kinds[1]["kind"], "unavailable");
    /// assert_eq!(kinds[1]["fields"][0]["name"], "operation");
    /// ```
    pub fn kinds() -> Value {
        KINDS.iter().map(described).collect()
    }

    fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        members.insert("kind".into(), self.kind.name().into());
        for field in &FIELDS {
            members.insert(field.name.into(), (field.get)(self));
        }
        members
    }
}

impl QueuedFault {
    /// Returns the fault as the admin API lists it.
    pub fn to_json(&self) -> Value {
        let mut shown = Map::new();
        shown.insert("id".into(), self.id.into());
        shown.insert("service".into(), self.service.as_str().into());
        shown.extend(self.fault.members());
        shown.insert("happened".into(), self.happened.into());
        shown.insert("pending".into(), self.pending.into());
        Value::Object(shown)
    }
}

/// Returns a kind with its fields.
fn described(row: &Row) -> Value {
    let fields = FIELDS.iter().filter(|field| (field.is_of)(row.kind));
    let fields = fields.map(|field| {
        json!({
            "name": field.name,
            "type": field.form,
            "description": field.description,
            "default": (field.default)(),
        })
    });
    json!({
        "kind": row.name,
        "title": row.title,
        "description": row.description,
        "fields": fields.collect::<Value>(),
    })
}

#[cfg(test)]
mod tests;
