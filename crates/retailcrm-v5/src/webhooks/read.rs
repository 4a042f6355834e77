//! Reading of webhooks from forms and queries.

use common_model::{Model, Reader, Value, to_json};
use common_transport::{Error, ErrorKind, Param, Place};

use super::Webhook;

/// PHP's `max_input_vars`.
const MAX_FIELDS: usize = 1000;

/// Reads a webhook from the urlencoded body of a POST or query of a GET. Fields without a description are kept
/// in `extra`. The maximum is 1000 fields, as in PHP; the receiver limits the size of the body.
///
/// ```
/// use retailcrm_v5::webhooks::{self, DeliveryCalculate, DeliveryGet};
///
/// let asked: DeliveryGet = webhooks::read(b"deliveryId=d-1&locale=ru").unwrap();
/// assert_eq!(asked.delivery_id, "d-1");
/// assert_eq!(asked.extra.get("locale").unwrap().as_str(), Some("ru"));
///
/// let body = br#"calculate={"packages":[{"weight":"heavy"}]}"#;
/// let error = webhooks::read::<DeliveryCalculate>(body).unwrap_err();
/// assert_eq!(error.field(), Some("calculate.packages[0].weight"));
/// ```
///
/// # Errors
/// [`Error::is_decode`]. Its [`field`](Error::field) names the missing or wrong field, with the path within its
/// JSON: `calculate.packages[0].weight`. Errors do not show values.
pub fn read<W: Webhook>(urlencoded: &[u8]) -> Result<W, Error> {
    let mut webhook = W::default();
    fill(W::PARAMS, urlencoded, &mut webhook)?;
    Ok(webhook)
}

fn fill(params: &[Param], urlencoded: &[u8], webhook: &mut dyn Model) -> Result<(), Error> {
    let fields = form_urlencoded::parse(urlencoded).into_owned();
    let fields: Vec<(String, String)> = fields.collect();
    if fields.len() > MAX_FIELDS {
        let message = "the form has more than 1000 fields";
        return Err(Error::new(ErrorKind::Decode, message));
    }
    let is_missing =
        |param: &&Param| param.required && !fields.iter().any(|(name, _)| name == param.name);
    if let Some(param) = params.iter().find(is_missing) {
        return Err(Error::new(ErrorKind::Decode, "the field is missing").with_field(param.name));
    }
    for (name, text) in fields {
        let is_json = |param: &Param| param.name == name && param.place == Place::FormJson;
        let known = match params.iter().any(is_json) {
            true => read_value(&name, &text, webhook),
            false => read_value(&name, &to_json(&text), webhook),
        }?;
        if !known {
            webhook.extra_mut().insert(name, Value::from(text));
        }
    }
    Ok(())
}

/// Returns false if the model does not know the field.
fn read_value(name: &str, json: &str, webhook: &mut dyn Model) -> Result<bool, Error> {
    let mut reader = Reader::new(json);
    let known = webhook.read_field(name, &mut reader);
    let read = known.and_then(|known| match known {
        true => reader.end().map(|()| true),
        false => Ok(false),
    });
    read.map_err(|error| {
        let error = error.in_field(name);
        Error::new(ErrorKind::Decode, error.message().to_owned())
            .with_field(error.path())
            .with_source(error)
    })
}
