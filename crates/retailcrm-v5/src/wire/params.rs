//! Parameters that come as one JSON object: command lines and queues.

use common_model::{Model, Reader, Value};
use common_transport::{Error, Metadata, Place};

/// Reads `text` into `operation`, after checking that it names all that is required and nothing unknown.
///
/// Bytes do not travel in JSON: a binary body is put into the request by whoever sends it.
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
    for name in given.keys() {
        let known = metadata
            .param(name)
            .filter(|param| param.place != Place::Binary);
        if known.is_none() {
            return Err(Error::invalid_input(name, "there is no such parameter"));
        }
    }
    for param in metadata.params {
        let is_missing = given.get(param.name).is_none_or(Value::is_null);
        if param.required && param.place != Place::Binary && is_missing {
            return Err(Error::invalid_input(
                param.name,
                "the parameter is required",
            ));
        }
    }
    Ok(())
}

fn fill(text: &str, operation: &mut dyn Model) -> Result<(), Error> {
    common_model::read_object(operation, &mut Reader::new(text)).map_err(|error| {
        Error::invalid_input(error.path(), error.message()).with_source(error.clone())
    })
}
