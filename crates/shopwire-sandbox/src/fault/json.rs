//! Faults as JSON: `{"service", "kind", …}` with the fields of the table.

use serde_json::{Map, Value, json};

use super::definition::Fault;
use super::fields::{FIELDS, Field};
use super::kind::{KINDS, Row};
use super::listed::QueuedFault;
use crate::invalid::{self, Invalid, text};
use crate::names::ServiceName;
use crate::operations::Operations;

/// Members that the list shows; what the list shows can be sent again.
const SHOWN_ONLY: [&str; 3] = ["id", "happened", "pending"];

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
        if ["service", "kind"].contains(&name.as_str()) || SHOWN_ONLY.contains(&name.as_str()) {
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
        kinds()
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

/// Returns the kinds of faults and their fields.
pub(crate) fn kinds() -> Value {
    KINDS.iter().map(described).collect()
}

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
mod tests {
    use super::*;

    /// A value of a field that is not its default.
    fn example(field: &str) -> Value {
        match field {
            "operation" => json!("getStages"),
            "method" => json!("POST"),
            "path" => json!("/local/api/api.php"),
            "event" => json!("new_order"),
            "times" => Value::Null,
            "after" => json!(3),
            "rate" => json!(0.25),
            "seed" => json!(9_007_199_254_740_991_u64),
            "delay_ms" => json!(0.5),
            "latency" => json!({"p50_ms": 80, "p99_ms": 900.5}),
            "retry_after_s" => json!(1.5),
            "status" => json!(302),
            "location" => json!("https://moved.example/"),
            other => panic!("no example of {other}"),
        }
    }

    fn error(value: Value) -> String {
        read(&value).expect_err(&value.to_string()).to_string()
    }

    #[test]
    fn s1_every_kind_with_every_field_is_read_shown_and_read_again() {
        for row in &KINDS {
            let mut given = json!({"service": "uvygoda", "kind": row.name});
            let mut wanted = given.clone();
            for field in &FIELDS {
                if (field.is_of)(row.kind) {
                    given[field.name] = example(field.name);
                    wanted[field.name] = example(field.name);
                } else {
                    wanted[field.name] = match field.name {
                        "delay_ms" => json!(0),
                        _ => Value::Null,
                    };
                }
            }
            let (service, fault) = read(&given).expect(row.name);
            let listed = QueuedFault {
                id: 7,
                service,
                fault: fault.clone(),
                happened: 2,
                pending: true,
            };
            let shown = listed.to_json();
            for (name, value) in wanted.as_object().expect("an object") {
                assert_eq!(&shown[name], value, "{} of {}", name, row.name);
            }
            assert_eq!((&shown["id"], &shown["happened"]), (&json!(7), &json!(2)));
            assert_eq!(read(&shown), Ok((service, fault)), "{shown}");
        }
    }

    #[test]
    fn s1_the_kinds_are_described_by_the_fields_that_they_take() {
        let described = kinds();
        let described = described.as_array().expect("a list");
        assert_eq!(described.len(), KINDS.len());
        for kind in described {
            let name = kind["kind"].as_str().expect("a name");
            let is_text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
            assert!(
                is_text(&kind["title"]) && is_text(&kind["description"]),
                "{kind}"
            );
            for field in kind["fields"].as_array().expect("a list") {
                assert!(
                    is_text(&field["type"]) && is_text(&field["description"]),
                    "{field}"
                );
                let field_name = field["name"].as_str().expect("a name");
                let mut fault = json!({"service": "uvygoda", "kind": name});
                if name == "latency" && field_name != "latency" {
                    fault["latency"] = json!({"fixed_ms": 1});
                }
                let without = read(&fault);
                fault[field_name] = example(field_name);
                assert!(read(&fault).is_ok(), "{fault}");
                fault[field_name] = field["default"].clone();
                assert_eq!(read(&fault), without, "{fault}");
            }
        }
    }

    #[test]
    fn s1_what_makes_no_sense_is_refused_and_the_field_is_named() {
        let of = |name: &str, value: Value| {
            let mut fault = json!({"service": "retailcrm", "kind": "unavailable"});
            fault[name] = value;
            fault
        };
        let huge = || json!(1e300);
        let cases = [
            (json!(5), "must be an object"),
            (json!({"kind": "stall"}), "service: is missing"),
            (json!({"service": "retailcrm"}), "kind: is missing"),
            (
                json!({"service": 1, "kind": "stall"}),
                "service: must be a text",
            ),
            (
                of("kind", json!("unavailible")),
                "kind: unknown \"unavailible\"; did you mean \"unavailable\"?",
            ),
            (
                of("service", json!("bitrix")),
                "service: unknown \"bitrix\"; known: nicechat, uvygoda, retailcrm",
            ),
            (
                of("retry_after", json!(1)),
                "retry_after: is no field of a fault: unknown \"retry_after\"; did you mean \"retry_after_s\"?",
            ),
            (
                of("status", json!(502)),
                "status: has no meaning for the kind unavailable",
            ),
            (
                of("event", json!("new_order")),
                "event: has no meaning for the kind unavailable",
            ),
            (
                of("operation", json!("orders.lst")),
                "operation: unknown \"orders.lst\"; did you mean \"orders.list\"?",
            ),
            (
                of("operation", json!(["orders.list"])),
                "operation: must be a text",
            ),
            (of("method", json!("FETCH")), "method: unknown \"FETCH\""),
            (of("path", json!("api/v5")), "path: must start with /"),
            (of("path", json!("")), "path: must have 1 to 2048 bytes"),
            (
                of("path", json!(format!("/{}", "x".repeat(2048)))),
                "path: must have 1 to 2048 bytes",
            ),
            (
                of("times", json!(0)),
                "times: must be a whole number from 1 to 4294967295",
            ),
            (of("times", json!(4_294_967_296_u64)), "times: must be"),
            (of("times", json!(1.5)), "times: must be"),
            (
                of("after", json!(-1)),
                "after: must be a whole number from 0",
            ),
            (
                of("rate", json!(1.01)),
                "rate: must be a number from 0 to 1",
            ),
            (of("rate", json!(-0.01)), "rate: must be"),
            (of("rate", json!("0.5")), "rate: must be"),
            (of("seed", json!(-7)), "seed: must be"),
            (
                of("seed", json!(9_007_199_254_740_992_u64)),
                "seed: must be a whole number from 0 to 9007199254740991",
            ),
            (
                of("delay_ms", json!(-1)),
                "delay_ms: must be a number from 0 to 3600000",
            ),
            (of("delay_ms", huge()), "delay_ms: must be"),
            (of("retry_after_s", json!(-1)), "retry_after_s: must be"),
            (of("retry_after_s", huge()), "retry_after_s: must be"),
            (of("latency", json!(80)), "latency: must be an object"),
            (of("latency", json!({})), "latency: needs fixed_ms alone"),
            (
                of("latency", json!({"p50_ms": 80})),
                "latency: needs fixed_ms alone",
            ),
            (
                of("latency", json!({"fixed_ms": 1, "p50_ms": 1, "p99_ms": 2})),
                "latency: needs fixed_ms alone",
            ),
            (
                of("latency", json!({"fixed_ms": -1})),
                "latency.fixed_ms: must be",
            ),
            (
                of("latency", json!({"p50_ms": 0, "p99_ms": 1})),
                "latency.p50_ms: must be",
            ),
            (
                of("latency", json!({"p50_ms": 9, "p99_ms": 1})),
                "latency.p99_ms: must not be below p50_ms",
            ),
            (
                of("latency", json!({"p95_ms": 9})),
                "latency: unknown \"p95_ms\"",
            ),
            (
                json!({"service": "retailcrm", "kind": "latency"}),
                "latency: is missing",
            ),
            (
                json!({"service": "retailcrm", "kind": "status", "status": 99}),
                "status: must be a whole number from 200 to 599",
            ),
            (
                json!({"service": "retailcrm", "kind": "status", "location": "a\nb"}),
                "location: has characters",
            ),
            (
                json!({"service": "uvygoda", "kind": "lost_callback", "event": "new_ordr"}),
                "did you mean \"new_order\"?",
            ),
            (
                json!({"service": "uvygoda", "kind": "lost_callback", "delay_ms": 5}),
                "delay_ms: has no meaning",
            ),
        ];
        for (value, wanted) in cases {
            let error = error(value);
            assert!(error.contains(wanted), "{error} has no {wanted}");
        }
        let list = json!([of("rate", json!(1)), of("rate", json!(2))]);
        let error = read_all(&list).expect_err("the second");
        assert_eq!(error.field(), "faults[1].rate");
    }

    #[test]
    fn s5_no_value_of_any_field_panics() {
        let odd = [
            json!(null),
            json!(true),
            json!(-1),
            json!(i64::MIN),
            json!(u64::MAX),
            json!(1e308),
            json!(5e-324),
            json!(""),
            json!("\u{0}"),
            json!("я".repeat(5000)),
            json!([]),
            json!({}),
            json!([[[]]]),
        ];
        for row in &KINDS {
            for field in FIELDS
                .iter()
                .map(|field| field.name)
                .chain(["service", "kind", "x"])
            {
                for value in &odd {
                    let mut fault = json!({"service": "uvygoda", "kind": row.name, "delay_ms": 1});
                    fault[field] = value.clone();
                    if let Err(error) = read(&fault) {
                        assert!(error.to_string().len() < 1000, "{error}");
                    }
                }
            }
        }
    }
}
