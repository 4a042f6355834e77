//! Scenarios as JSON: `{"name", "description", "steps": [{"at_s", "clear", "faults"}]}`.

use std::str::FromStr;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::definition::Scenario;
use super::shipped;
use crate::fault::{self, Step};
use crate::invalid::{self, Invalid, number, text};
use crate::names::ServiceName;

/// Latest time of a step: 30 days.
const LAST: f64 = 2_592_000.0;

/// Most steps.
const STEPS: usize = 1_000;

/// Longest name or description, in bytes.
const LONGEST_TEXT: usize = 1_000;

impl Scenario {
    /// Reads a scenario from JSON. `{"name"}` alone is one of those that ship; `name` and `description` may be left
    /// out beside `steps`. The steps may be in any order.
    ///
    /// - `at_s`: seconds since the start, by the sandbox's clock;
    /// - `clear`: true, or a list of services, whose faults are removed first;
    /// - `faults`: a list as [`Fault::from_json`](crate::Fault::from_json) reads each.
    ///
    /// # Errors
    /// A member is unknown, missing, or has a value that makes no sense; the error names it:
    /// `steps[2].faults[0].rate`.
    pub fn from_json(value: &Value) -> Result<Self, Invalid> {
        let members = object(value, &["name", "description", "steps"])?;
        let name = short(members, "name")?;
        let Some(steps) = members.get("steps").filter(|steps| !steps.is_null()) else {
            let name = name.ok_or_else(|| Invalid::new("steps", "is missing"))?;
            return shipped::named(&name);
        };
        let Some(steps) = steps.as_array() else {
            return Err(Invalid::new("steps", "must be a list"));
        };
        if steps.len() > STEPS {
            return Err(Invalid::new("steps", format!("must have at most {STEPS}")));
        }
        let mut scenario = Scenario::new(name.unwrap_or_else(|| "own".to_owned()))
            .description(short(members, "description")?.unwrap_or_default());
        for (at, value) in steps.iter().enumerate() {
            let step = step(value).map_err(|error| error.within(format!("steps[{at}]")))?;
            scenario = scenario.step(step);
        }
        Ok(scenario)
    }

    /// Returns the scenario as JSON, which [`from_json`](Self::from_json) reads.
    pub fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "description": self.description,
            "steps": self.steps.iter().map(shown).collect::<Value>(),
        })
    }
}

impl FromStr for Scenario {
    type Err = Invalid;

    /// Reads the text of a scenario file.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let value = serde_json::from_str(text);
        let value: Value =
            value.map_err(|error| Invalid::new("", format!("is no JSON: {error}")))?;
        Self::from_json(&value)
    }
}

fn step(value: &Value) -> Result<Step, Invalid> {
    let members = object(value, &["at_s", "clear", "faults"])?;
    let at = members
        .get("at_s")
        .ok_or_else(|| Invalid::new("at_s", "is missing"))?;
    let at = number(at, 0.0, LAST).map_err(|problem| Invalid::new("at_s", problem))?;
    Ok(Step {
        at: Duration::from_secs_f64(at),
        clear: members.get("clear").map_or(Ok(Vec::new()), cleared)?,
        faults: match members.get("faults") {
            None | Some(Value::Null) => Vec::new(),
            Some(list @ Value::Array(_)) => fault::read_all(list)?,
            Some(_) => return Err(Invalid::new("faults", "must be a list")),
        },
    })
}

/// Returns the services that lose their faults.
fn cleared(value: &Value) -> Result<Vec<ServiceName>, Invalid> {
    match value {
        Value::Null | Value::Bool(false) => Ok(Vec::new()),
        Value::Bool(true) => Ok(ServiceName::ALL.into()),
        Value::Array(names) => {
            let services = names.iter().enumerate().map(|(at, name)| {
                let name = text(name).map_err(|problem| Invalid::new("", problem));
                let service = name.and_then(str::parse::<ServiceName>);
                service.map_err(|error| Invalid::new(format!("clear[{at}]"), error.problem()))
            });
            services.collect()
        }
        _ => Err(Invalid::new(
            "clear",
            "must be true, false or a list of services",
        )),
    }
}

fn shown(step: &Step) -> Value {
    let is_all = ServiceName::ALL
        .iter()
        .all(|service| step.clear.contains(service));
    let names = step.clear.iter().map(|service| service.as_str());
    let faults = step.faults.iter().map(|(service, fault)| {
        let mut shown = Map::new();
        shown.insert("service".into(), service.as_str().into());
        shown.extend(fault.to_json().as_object().cloned().unwrap_or_default());
        Value::Object(shown)
    });
    json!({
        "at_s": step.at.as_millis() as f64 / 1e3,
        "clear": if is_all || step.clear.is_empty() { is_all.into() } else { names.collect::<Value>() },
        "faults": faults.collect::<Value>(),
    })
}

/// Returns the members of an object that has no others.
fn object<'v>(value: &'v Value, known: &[&str]) -> Result<&'v Map<String, Value>, Invalid> {
    let Some(members) = value.as_object() else {
        return Err(Invalid::new("", "must be an object"));
    };
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(members),
        Some(name) => {
            let error = invalid::unknown("", name, known.iter().copied());
            Err(Invalid::new(
                name,
                format!("is no field of a scenario: {error}"),
            ))
        }
    }
}

fn short(members: &Map<String, Value>, name: &str) -> Result<Option<String>, Invalid> {
    let Some(value) = members.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let text = text(value).map_err(|problem| Invalid::new(name, problem))?;
    if text.is_empty() || text.len() > LONGEST_TEXT {
        return Err(Invalid::new(
            name,
            format!("must have 1 to {LONGEST_TEXT} bytes"),
        ));
    }
    Ok(Some(text.to_owned()))
}
