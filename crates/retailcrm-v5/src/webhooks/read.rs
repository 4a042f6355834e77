//! Reading of webhooks from forms and queries.

use common_api::read_fields;
use common_model::Model;
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
    let is_json = |name: &str| {
        params
            .iter()
            .any(|param| param.name == name && param.place == Place::FormJson)
    };
    read_fields(fields, &is_json, webhook)
}
