//! The error of a value that a user gave: the field, and what is wrong with it.

use std::fmt;

use serde_json::Value;

/// Longest part of a user's text that an error repeats, in characters.
const SHOWN: usize = 60;

/// Similarity from which a known name is suggested for an unknown one.
const SIMILAR: f64 = 0.75;

/// A value that cannot be taken. The text names the field first: `faults[2].rate: must be a number from 0 to 1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    field: String,
    problem: String,
}

impl Invalid {
    pub(crate) fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            problem: problem.into(),
        }
    }

    /// Returns the path of the field, such as `faults[2].rate`. It is empty if the whole value is meant.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Returns what is wrong with the field.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// Puts the field below another one.
    pub(crate) fn within(self, parent: impl fmt::Display) -> Self {
        let field = match self.field.as_str() {
            "" => parent.to_string(),
            field => format!("{parent}.{field}"),
        };
        Self { field, ..self }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field.as_str() {
            "" => f.write_str(&self.problem),
            field => write!(f, "{field}: {}", self.problem),
        }
    }
}

impl std::error::Error for Invalid {}

/// Builds the error of an unknown name: it suggests the nearest known one, or lists all if there are few.
pub(crate) fn unknown<'n>(
    field: &str,
    name: &str,
    known: impl IntoIterator<Item = &'n str>,
) -> Invalid {
    let known: Vec<&str> = known.into_iter().collect();
    let shown: String = name.chars().take(SHOWN).collect();
    let nearest = known
        .iter()
        .map(|one| (strsim::jaro_winkler(one, &shown), *one))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    let hint = match nearest {
        Some((similarity, nearest)) if similarity >= SIMILAR => {
            format!("; did you mean {nearest:?}?")
        }
        Some(_) if known.len() <= 20 => format!("; known: {}", known.join(", ")),
        _ => String::new(),
    };
    Invalid::new(field, format!("unknown {shown:?}{hint}"))
}

/// Reads a text.
pub(crate) fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| "must be a text".to_owned())
}

/// Reads a whole number from `min` to `max`.
pub(crate) fn whole(value: &Value, min: u64, max: u64) -> Result<u64, String> {
    value
        .as_u64()
        .filter(|number| (min..=max).contains(number))
        .ok_or_else(|| format!("must be a whole number from {min} to {max}"))
}

/// Reads a number from `min` to `max`.
pub(crate) fn number(value: &Value, min: f64, max: f64) -> Result<f64, String> {
    value
        .as_f64()
        .filter(|number| (min..=max).contains(number))
        .ok_or_else(|| format!("must be a number from {min} to {max}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn s1_an_error_names_the_field_by_its_path() {
        let error = Invalid::new("rate", "is wrong").within("faults[2]");
        assert_eq!(error.to_string(), "faults[2].rate: is wrong");
        assert_eq!(error.within("steps[0]").field(), "steps[0].faults[2].rate");
        let whole = Invalid::new("", "must be an object");
        assert_eq!(whole.to_string(), "must be an object");
        assert_eq!(whole.within("faults[0]").field(), "faults[0]");
    }

    #[test]
    fn s1_the_nearest_name_is_suggested_and_a_long_one_is_cut() {
        let known = ["latency", "stall"];
        let error = unknown("kind", "latancy", known).to_string();
        assert_eq!(
            error,
            "kind: unknown \"latancy\"; did you mean \"latency\"?"
        );
        let error = unknown("kind", "zzz", known).to_string();
        assert_eq!(error, "kind: unknown \"zzz\"; known: latency, stall");
        let error = unknown("kind", &"я".repeat(100_000), known).to_string();
        assert!(error.chars().count() < 120, "{error}");
    }

    #[test]
    fn s1_numbers_are_bounded() {
        assert_eq!(whole(&json!(5), 1, 9), Ok(5));
        for bad in [
            json!(-1),
            json!(0),
            json!(1e300),
            json!(1.5),
            json!("5"),
            json!(null),
        ] {
            assert!(whole(&bad, 1, 9).is_err(), "{bad}");
        }
        assert_eq!(number(&json!(0.5), 0.0, 1.0), Ok(0.5));
        assert!(number(&json!(1.01), 0.0, 1.0).is_err());
    }
}
