//! The parameters of a call: one JSON object of `--params`, and single values of `--param`.

mod key;
mod tree;
mod value;

use common_api::OperationEntry;
use common_model::{Value as Json, from_json, to_json};
use common_transport::Error;

use super::description::{Described, Description};
use crate::{
    args::{Call, Service, Source},
    failure::Failure,
    input,
};
use key::Key;
use tree::Node;

/// The parameters as text; the operation checks their JSON.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Params {
    /// The text of `--params`.
    pub(super) given: String,
    /// The text with the values of `--param` in it.
    pub(super) all: String,
}

/// A value of `--param`, and the way it was written.
#[derive(Debug)]
struct Single<'c> {
    key: Key,
    value: &'c str,
    /// Whether the value is JSON, as in `key:=value`.
    is_json: bool,
}

/// Reads the parameters of a call.
///
/// # Errors
/// A source cannot be read, or a value of `--param` has no place beside the others; the failure names its key.
pub(super) fn read(call: &Call, entry: &OperationEntry) -> Result<Params, Failure> {
    let singles: Vec<Single<'_>> = call
        .param
        .iter()
        .map(|text| Single::parse(text))
        .collect::<Result<_, _>>()?;
    check_stdin(call, &singles)?;
    let given = match &call.params {
        Some(source) => given(source)?,
        None => "{}".to_owned(),
    };
    if singles.is_empty() {
        let all = given.clone();
        return Ok(Params { given, all });
    }
    let description = Description::of(call.service);
    let all = merged(&given, &singles, description.operation(entry))?;
    Ok(Params { given, all })
}

/// The parameters of single values beside an object of defaults.
///
/// # Errors
/// As [`read`].
pub(super) fn of_singles(
    service: Service,
    entry: &OperationEntry,
    defaults: &str,
    singles: &[String],
) -> Result<String, Failure> {
    let singles: Vec<Single<'_>> = singles
        .iter()
        .map(|text| Single::parse(text))
        .collect::<Result<_, _>>()?;
    // A default gives way to a value that was given.
    let mut defaults: Json = from_json(defaults).unwrap_or_default();
    if let Some(members) = defaults.as_object_mut() {
        for single in &singles {
            members.remove(&single.key.name);
        }
    }
    let description = Description::of(service);
    merged(&to_json(&defaults), &singles, description.operation(entry))
}

fn given(source: &Source) -> Result<String, Failure> {
    let bytes = source.read()?;
    let text = input::text(&bytes).map(str::to_owned);
    text.map_err(|why| Failure::from(Error::invalid_input("params", why)))
}

/// Standard input can be read once.
fn check_stdin(call: &Call, singles: &[Single<'_>]) -> Result<(), Failure> {
    let of_params = (call.params == Some(Source::Stdin)).then_some("--params".to_owned());
    let of_singles = singles.iter().filter(|single| single.value == "-");
    let of_singles = of_singles.map(|single| single.key.to_string());
    let readers: Vec<String> = of_params.into_iter().chain(of_singles).collect();
    match readers.len() {
        0 | 1 => Ok(()),
        _ => Err(Failure::usage(format_args!(
            "standard input can be read once, but {} name it with `-`",
            readers.join(" and ")
        ))),
    }
}

/// The given object with the single values in it.
fn merged(
    given: &str,
    singles: &[Single<'_>],
    described: Option<Described<'_>>,
) -> Result<String, Failure> {
    let json: Json = from_json(given).map_err(|error| common_api::invalid_input(&error))?;
    let mut root = Node::from(json);
    for single in singles {
        let schema = single.key.schema(described);
        let value = value::read(single, schema)?;
        root.insert(&single.key, described, value)?;
    }
    Ok(to_json(&root.into_json("")?))
}

impl<'c> Single<'c> {
    /// Reads `KEY=VALUE` or `KEY:=JSON`. A text without `=` is not shown: it may be a key that was typed in the
    /// wrong place.
    fn parse(text: &'c str) -> Result<Self, Failure> {
        let Some((key, value)) = text.split_once('=') else {
            return Err(Failure::usage(
                "--param: KEY=VALUE is needed, as in --param 'order[firstName]=Ann'",
            ));
        };
        let (key, is_json) = match key.strip_suffix(':') {
            Some(key) => (key, true),
            None => (key, false),
        };
        let key = Key::parse(key)?;
        Ok(Self {
            key,
            value,
            is_json,
        })
    }
}

#[cfg(test)]
mod tests;
