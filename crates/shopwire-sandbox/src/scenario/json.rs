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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Fault;

    #[test]
    fn s6_steps_are_sorted_and_a_scenario_is_shown_as_it_is_read() {
        let text = json!({"name": "n", "description": "d", "steps": [
            {"at_s": 90.5, "clear": ["uvygoda"]},
            {"at_s": 0, "clear": true, "faults": [{"service": "nicechat", "kind": "stall", "rate": 0.5, "seed": 1}]},
            {"at_s": 60, "faults": [{"service": "uvygoda", "kind": "lost_callback", "event": "new_order", "times": null}]},
        ]});
        let scenario = Scenario::from_json(&text).expect("a scenario");
        let times: Vec<f64> = scenario
            .steps
            .iter()
            .map(|step| step.at.as_secs_f64())
            .collect();
        assert_eq!(times, [0.0, 60.0, 90.5]);
        assert_eq!(scenario.steps[0].clear, ServiceName::ALL);
        assert_eq!(scenario.steps[2].clear, [ServiceName::Uvygoda]);
        let lost = Fault::lost_callback().on_event("new_order").always();
        assert_eq!(scenario.steps[1].faults, [(ServiceName::Uvygoda, lost)]);
        assert_eq!(Scenario::from_json(&scenario.to_json()), Ok(scenario));
    }

    #[test]
    fn s6_the_scenarios_that_ship_are_read_shown_and_found_by_name() {
        let all = Scenario::shipped();
        assert_eq!(all.len(), 3);
        for scenario in all {
            assert!(!scenario.description.is_empty() && scenario.steps.len() >= 4);
            let last = scenario.steps.last().expect("a step");
            assert!(
                !last.clear.is_empty() && last.faults.is_empty(),
                "it ends well"
            );
            // A scenario that draws without a seed would differ between runs.
            for (_, fault) in scenario.steps.iter().flat_map(|step| &step.faults) {
                let shown = fault.to_json();
                let draws = shown["rate"] != json!(1) || !shown["latency"]["p50_ms"].is_null();
                assert_eq!(draws, !shown["seed"].is_null(), "{shown}");
            }
            assert_eq!(
                Scenario::from_json(&json!({"name": scenario.name})).as_ref(),
                Ok(&scenario)
            );
            assert_eq!(Scenario::from_json(&scenario.to_json()), Ok(scenario));
        }
    }

    #[test]
    fn s6_a_scenario_that_makes_no_sense_is_refused_by_its_field() {
        let step = |step: Value| json!({"steps": [{"at_s": 0}, step]});
        let cases = [
            (json!([]), "must be an object"),
            (json!({}), "steps: is missing"),
            (
                json!({"name": "a bad dya"}),
                "name: unknown \"a bad dya\"; did you mean \"a bad day\"?",
            ),
            (json!({"name": 5}), "name: must be a text"),
            (json!({"steps": {}}), "steps: must be a list"),
            (
                json!({"stesp": []}),
                "stesp: is no field of a scenario: unknown \"stesp\"; did you mean \"steps\"?",
            ),
            (
                json!({"steps": vec![json!({"at_s": 0}); STEPS + 1]}),
                "steps: must have at most",
            ),
            (step(json!(5)), "steps[1]: must be an object"),
            (step(json!({})), "steps[1].at_s: is missing"),
            (
                step(json!({"at_s": -1})),
                "steps[1].at_s: must be a number from 0",
            ),
            (step(json!({"at_s": 1e300})), "steps[1].at_s: must be"),
            (
                step(json!({"at_s": 0, "clear": "all"})),
                "steps[1].clear: must be true",
            ),
            (
                step(json!({"at_s": 0, "clear": ["uvygodo"]})),
                "steps[1].clear[0]: unknown \"uvygodo\"; did you mean \"uvygoda\"?",
            ),
            (
                step(json!({"at_s": 0, "faults": {}})),
                "steps[1].faults: must be a list",
            ),
            (
                step(
                    json!({"at_s": 0, "faults": [{"service": "uvygoda", "kind": "stall", "rate": 7}]}),
                ),
                "steps[1].faults[0].rate: must be a number from 0 to 1",
            ),
        ];
        for (value, wanted) in cases {
            let error = Scenario::from_json(&value).expect_err(wanted).to_string();
            assert!(error.contains(wanted), "{error} has no {wanted}");
        }
        let error = "{".parse::<Scenario>().expect_err("no JSON").to_string();
        assert!(error.starts_with("is no JSON: "), "{error}");
    }
}
