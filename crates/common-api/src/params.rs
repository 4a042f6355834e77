//! Parameters given as one JSON object, by command lines and queues, or as the fields of a form, by services.

use common_model::{Kind, Model, Reader, Value, Writer, read_object, to_json, write_object};
use common_transport::{Error, ErrorKind, Metadata, Place};

/// Reads the parameters of an operation from the text of one JSON object. First it checks that all names exist and
/// that no required parameter is missing.
///
/// A number may be given as a string and in any spelling (`1`, `1.0`, `1e0`); it is sent as a number. An empty value
/// is sent as `null`. A null says that there is no value, except in a body of JSON, where it is one. JSON cannot hold
/// the bytes of an upload; the sender puts them into the request.
///
/// # Errors
/// [`Error::is_invalid_input`] names the parameter that is missing, unknown or of the wrong type, and `params` if the
/// text is no object.
pub fn read_params(
    metadata: &'static Metadata,
    json: &str,
    params: &mut dyn Model,
) -> Result<(), Error> {
    let read = |()| {
        let read = read_object(params, &mut Reader::parameters(json));
        read.map_err(|error| invalid_input(&error))
    };
    check(metadata, json)
        .and_then(read)
        .map_err(|error| error.with_operation(metadata))?;
    params.extra_mut().forget_forms();
    Ok(())
}

/// Checks that all required parameters are there, and no unknown ones.
fn check(metadata: &'static Metadata, json: &str) -> Result<(), Error> {
    let mut given = Vec::new();
    let mut reader = Reader::new(json);
    reader
        .object(&mut |name, reader| {
            let param = metadata.param(name);
            let knows_null = param.is_none_or(|param| param.place == Place::Body);
            if reader.raw()? != "null" || knows_null {
                given.push(name.to_owned());
            }
            Ok(())
        })
        .and_then(|()| reader.end())
        .map_err(|error| {
            Error::invalid_input("params", format!("one JSON object is needed: {error}"))
        })?;
    let bytes = metadata.params.iter();
    let bytes = bytes.filter(|param| param.place == Place::Binary);
    let bytes: Vec<&str> = bytes.map(|param| param.name).collect();
    let given = given.iter().map(String::as_str);
    if let Some(name) = given.clone().find(|name| bytes.contains(name)) {
        return Err(Error::invalid_input(name, "bytes do not travel in JSON"));
    }
    metadata.check_params(given.chain(bytes))
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

/// Reads the fields of a form into a model. `is_json` tells which of them hold JSON; any other is a text. Fields that the
/// model does not know are kept in its extra.
///
/// # Errors
/// [`Error::is_decode`] names the field that is not of its type, with the path within its JSON. It shows no value.
pub fn read_fields(
    fields: impl IntoIterator<Item = (String, String)>,
    is_json: &dyn Fn(&str) -> bool,
    model: &mut dyn Model,
) -> Result<(), Error> {
    for (name, text) in fields {
        let is_known = match is_json(&name) {
            true => read_field(&name, &text, model),
            false => read_field(&name, &to_json(&text), model),
        };
        let is_known = is_known.map_err(|error| {
            let error = error.in_field(&name);
            Error::new(ErrorKind::Decode, error.message().to_owned())
                .with_field(error.path())
                .with_source(error)
        })?;
        if !is_known {
            model.extra_mut().insert(name, Value::from(text));
        }
    }
    Ok(())
}

/// Returns false if the model does not know the field.
fn read_field(name: &str, json: &str, model: &mut dyn Model) -> Result<bool, common_model::Error> {
    let mut reader = Reader::new(json);
    match model.read_field(name, &mut reader)? {
        true => reader.end().map(|()| true),
        false => Ok(false),
    }
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
    use common_transport::{Idempotency, Param};
    use http::Method;

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
    fn x9_a_null_is_a_value_in_a_body_of_json_alone_and_bytes_are_none() {
        const PARAMS: &[Param] = &[
            Param::required("id", Place::Path),
            Param::required("note", Place::Body),
            Param::optional("page", Place::Query),
            Param::required("file", Place::Binary),
        ];
        static EDIT: Metadata = Metadata::new(
            "demo",
            "edit",
            Method::POST,
            "/{id}",
            Idempotency::NonIdempotent,
        )
        .params(PARAMS);
        for (json, field) in [
            (r#"{"id":1,"note":null,"page":null}"#, None),
            (r#"{"id":null,"note":1}"#, Some("id")),
            (r#"{"id":1}"#, Some("note")),
            (r#"{"id":1,"note":1,"other":null}"#, Some("other")),
            (r#"{"id":1,"note":1,"file":"x"}"#, Some("file")),
            ("[]", Some("params")),
            ("{", Some("params")),
        ] {
            let read = read_params(&EDIT, json, &mut Anything::default());
            let error = read.err();
            assert_eq!(error.as_ref().and_then(Error::field), field, "{json}");
            assert_eq!(error.is_some(), field.is_some(), "{json}");
        }
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

    #[derive(Clone, Default, PartialEq)]
    struct Notice {
        count: Option<i64>,
        sizes: Option<Vec<i64>>,
        extra: Extra,
    }

    impl Model for Notice {
        fn read_field(
            &mut self,
            key: &str,
            reader: &mut Reader<'_>,
        ) -> Result<bool, common_model::Error> {
            match key {
                "count" => reader.field("count", &mut self.count, &mut self.extra),
                "sizes" => reader.field("sizes", &mut self.sizes, &mut self.extra),
                _ => Ok(false),
            }
        }

        fn write_fields(&self, object: &mut ObjectWriter<'_>) {
            object.field("count", &self.count, &self.extra);
            object.field("sizes", &self.sizes, &self.extra);
        }

        fn extra(&self) -> &Extra {
            &self.extra
        }

        fn extra_mut(&mut self) -> &mut Extra {
            &mut self.extra
        }
    }

    common_model::model!(Notice);

    // N81
    #[test]
    fn n81_fields_of_a_form_are_texts_or_json_and_unknown_ones_stay() {
        let read = |fields: &[(&str, &str)]| {
            let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
            let mut notice = Notice::default();
            let fields = fields.iter().map(owned);
            read_fields(fields, &|name| name == "sizes", &mut notice).map(|()| notice)
        };
        let notice = read(&[("count", "7"), ("sizes", "[1,2]"), ("more", "[3]")]).unwrap();
        assert_eq!((notice.count, notice.sizes), (Some(7), Some(vec![1, 2])));
        assert_eq!(
            notice.extra.get("more").and_then(Value::as_str),
            Some("[3]")
        );
        for (name, text, field) in [
            ("count", "S3CRET", "count"),
            ("sizes", r#"["S3CRET"]"#, "sizes[0]"),
            ("sizes", "[1] x", "sizes"),
        ] {
            let error = read(&[(name, text)]).err().unwrap();
            assert!(
                error.is_decode() && !error.to_string().contains("S3CRET"),
                "{error}"
            );
            assert_eq!(error.field(), Some(field));
        }
    }
}
