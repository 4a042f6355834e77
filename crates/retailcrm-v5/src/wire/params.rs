//! Parameters given as one JSON object, as on command lines and in queues.

use common_model::{Model, Reader, Value};
use common_transport::{Error, Metadata, Param, Place};

/// Reads `text` into `operation`. Checks first that all required parameters are there, and no unknown
/// ones.
///
/// JSON cannot hold a binary body; the sender puts it into the request.
pub(super) fn read(
    metadata: &'static Metadata,
    text: &str,
    operation: &mut dyn Model,
) -> Result<(), Error> {
    check(metadata, text)
        .and_then(|()| fill(text, operation))
        .map_err(|error| error.with_operation(metadata))
}

fn check(metadata: &'static Metadata, text: &str) -> Result<(), Error> {
    let needed =
        |why: String| Error::invalid_input("params", format!("one JSON object is needed: {why}"));
    let given: Value = text
        .parse()
        .map_err(|error: common_model::Error| needed(error.to_string()))?;
    let Value::Object(given) = given else {
        return Err(needed("it is something else".to_owned()));
    };
    let is_bytes = |param: &&Param| param.place == Place::Binary;
    let bytes = metadata
        .params
        .iter()
        .filter(is_bytes)
        .map(|param| param.name);
    if let Some(name) = bytes.clone().find(|name| given.get(name).is_some()) {
        return Err(Error::invalid_input(name, "bytes do not travel in JSON"));
    }
    // A null means no value; an unknown name is an error even with null.
    let is_said =
        |(name, value): &(&str, &Value)| !value.is_null() || metadata.param(name).is_none();
    let said = given.iter().filter(is_said).map(|(name, _)| name);
    metadata.check_params(said.chain(bytes))
}

fn fill(text: &str, operation: &mut dyn Model) -> Result<(), Error> {
    common_model::read_object(operation, &mut Reader::parameters(text))
        .map_err(|error| Error::invalid_input(error.path(), error.message()))
}
