//! Fields that are not in the description. Most are misspelt, and a service would ignore them silently.

use common_api::AnyOperation;
use common_model::{UnknownField, Value as Json, from_json, unknown_fields};
use common_transport::{Error, Metadata};

use super::mask::Mask;
use crate::{args::Call, output, suggest};

/// Warns of unknown fields within the parameters, or refuses them with `--strict`. Unknown parameters are
/// refused earlier.
///
/// # Errors
/// [`Error::is_invalid_input`]; its field is the first unknown field, and its message lists all.
pub(super) fn check(call: &Call, operation: &AnyOperation, mask: &Mask) -> Result<(), Error> {
    let fields = unknown_fields(operation.params());
    if !call.strict {
        for field in &fields {
            let text = format!("{}: {}; it is sent as it is", field.path, about(field));
            output::warning(&mask.text(&text));
        }
        return Ok(());
    }
    refuse(operation)
}

/// Refuses unknown fields within the parameters.
///
/// # Errors
/// [`Error::is_invalid_input`]; its field is the first unknown field, and its message lists all.
pub(super) fn refuse(operation: &AnyOperation) -> Result<(), Error> {
    let fields = unknown_fields(operation.params());
    let Some(first) = fields.first() else {
        return Ok(());
    };
    let others = fields.iter().skip(1);
    let others = others.map(|field| format!("; {}: {}", field.path, about(field)));
    let message = about(first) + &others.collect::<String>();
    Err(Error::invalid_input(&first.path, message))
}

/// Adds to the error of an unknown parameter with points, `order.firstName`, how it is written here.
pub(super) fn explained(error: Error, params: &str, metadata: &Metadata) -> Error {
    let json: Json = from_json(params).unwrap_or_default();
    // A path to a wrong value has points too; it is no member of the parameters.
    let is_given = |field: &&str| json.get(field).is_some();
    let meant = error
        .field()
        .filter(is_given)
        .and_then(|field| bracketed(field, metadata));
    match meant {
        Some(meant) => {
            let message = format!("{}; did you mean {meant}?", error.message());
            error.with_message(message)
        }
        None => error,
    }
}

/// `order[firstName]` for `order.firstName`, if `order` is a parameter.
fn bracketed(name: &str, metadata: &Metadata) -> Option<String> {
    let (param, members) = name.split_once('.')?;
    metadata.param(param)?;
    let members: String = members
        .split('.')
        .map(|member| format!("[{member}]"))
        .collect();
    Some(format!("{param}{members}"))
}

fn about(field: &UnknownField) -> String {
    let known = field.known.iter().map(String::as_str);
    match suggest::nearest(&field.name, known).first() {
        Some(nearest) => format!("there is no such field; did you mean `{nearest}`?"),
        None => "there is no such field".to_owned(),
    }
}
