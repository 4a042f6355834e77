//! Fields that are not in the description. Most are misspelt, and a service would ignore them silently.

use common_api::AnyOperation;
use common_model::{UnknownField, unknown_fields};
use common_transport::Error;

use super::mask::Mask;
use crate::{args::Call, output, suggest};

/// Warns of unknown fields within the parameters, or refuses them with `--strict`. Unknown parameters are
/// refused earlier.
///
/// # Errors
/// [`Error::is_invalid_input`]; its field is the first unknown field, and its message lists all.
pub(super) fn check(call: &Call, operation: &AnyOperation, mask: &Mask) -> Result<(), Error> {
    let fields = unknown_fields(operation.params());
    let Some(first) = fields.first() else {
        return Ok(());
    };
    if !call.strict {
        for field in &fields {
            let text = format!("{}: {}; it is sent as it is", field.path, about(field));
            output::warning(&mask.text(&text));
        }
        return Ok(());
    }
    let others = fields.iter().skip(1);
    let others = others.map(|field| format!("; {}: {}", field.path, about(field)));
    let message = about(first) + &others.collect::<String>();
    Err(Error::invalid_input(&first.path, message))
}

fn about(field: &UnknownField) -> String {
    let known = field.known.iter().map(String::as_str);
    match suggest::nearest(&field.name, known).first() {
        Some(nearest) => format!("there is no such field; did you mean `{nearest}`?"),
        None => "there is no such field".to_owned(),
    }
}
