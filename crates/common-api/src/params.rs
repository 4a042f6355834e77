//! Parameters given as one JSON object, by command lines and queues.

use common_model::{Kind, Model, Reader, Writer, read_object, write_object};
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

/// Hands the parameters of an operation to a function, each by its name and its JSON text. `out` writes them.
///
/// # Errors
/// The first error of the function.
pub fn each_param(
    params: &dyn Model,
    mut out: Writer,
    take: &mut dyn FnMut(&str, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    write_object(params, &mut out);
    let mut reader = Reader::new(out.as_str());
    // A model without members may be written as an empty list.
    if reader.peek().is_ok_and(|kind| kind == Kind::Array) {
        return Ok(());
    }
    let mut taken = Ok(());
    let walked = reader.object(&mut |name, reader| {
        let json = reader.raw()?;
        if taken.is_ok() {
            taken = take(name, json);
        }
        Ok(())
    });
    walked.map_err(|error| invalid_input(&error))?;
    taken
}

/// Builds an error of reading parameters, with the parameter's name if it is known.
pub fn invalid_input(error: &common_model::Error) -> Error {
    match error.path() {
        "" => Error::new(ErrorKind::InvalidInput, error.to_string()),
        path => Error::invalid_input(path, error.message().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use common_model::{Extra, ObjectWriter, from_json};

    use super::*;

    #[derive(Clone, Default, PartialEq)]
    struct Anything {
        extra: Extra,
    }

    impl Model for Anything {
        fn read_field(&mut self, _: &str, _: &mut Reader<'_>) -> Result<bool, common_model::Error> {
            Ok(false)
        }

        fn write_fields(&self, _: &mut ObjectWriter<'_>) {}

        fn extra(&self) -> &Extra {
            &self.extra
        }

        fn extra_mut(&mut self) -> &mut Extra {
            &mut self.extra
        }
    }

    common_model::model!(Anything);

    fn taken(json: &str) -> Result<Vec<(String, String)>, Error> {
        let params: Anything = from_json(json).unwrap();
        let mut taken = Vec::new();
        each_param(&params, Writer::new(), &mut |name, json| {
            if json == "null" {
                return Err(Error::invalid_input(name, "it has no value"));
            }
            taken.push((name.to_owned(), json.to_owned()));
            Ok(())
        })?;
        Ok(taken)
    }

    // X9
    #[test]
    fn x9_each_parameter_is_handed_on_with_its_unchanged_text() {
        let pair = |name: &str, json: &str| (name.to_owned(), json.to_owned());
        let both = [pair("a", "1.50"), pair("b", r#"{"c":[]}"#)];
        assert_eq!(taken(r#"{"a":1.50,"b":{"c":[]}}"#).unwrap(), both);
        assert_eq!(taken("[]").unwrap(), []);
        let error = taken(r#"{"a":1,"b":null,"c":null}"#).unwrap_err();
        assert_eq!(error.field(), Some("b"), "the first error counts");
    }
}
