//! Parameters given as one JSON object, by command lines and queues.

use common_model::{Model, Reader, read_object};
use common_transport::{Error, ErrorKind, Metadata};

/// Reads the parameters of an operation from the text of one JSON object. First it checks that all names exist and
/// that no required parameter is missing.
///
/// A number may be given as a string and in any spelling (`1`, `1.0`, `1e0`); it is sent as a number. An empty value
/// is sent as `null`.
///
/// # Errors
/// [`Error::is_invalid_input`] names the parameter that is missing, unknown or of the wrong type.
pub fn read_params(
    metadata: &'static Metadata,
    json: &str,
    params: &mut dyn Model,
) -> Result<(), Error> {
    let read = |params: &mut dyn Model| {
        let read = read_object(params, &mut Reader::parameters(json));
        read.map_err(|error| invalid_input(&error))
    };
    names(json)
        .and_then(|names| metadata.check_params(names.iter().map(String::as_str)))
        .and_then(|()| read(params))
        .map_err(|error| error.with_operation(metadata))?;
    params.extra_mut().forget_forms();
    Ok(())
}

/// Returns the names of the object's members.
fn names(json: &str) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    let mut reader = Reader::new(json);
    reader
        .object(&mut |name, reader| {
            names.push(name.to_owned());
            reader.raw().map(drop)
        })
        .and_then(|()| reader.end())
        .map_err(|error| invalid_input(&error))?;
    Ok(names)
}

/// Builds an error of reading parameters, with the parameter's name if it is known.
pub fn invalid_input(error: &common_model::Error) -> Error {
    match error.path() {
        "" => Error::new(ErrorKind::InvalidInput, error.to_string()),
        path => Error::invalid_input(path, error.message().to_owned()),
    }
}
