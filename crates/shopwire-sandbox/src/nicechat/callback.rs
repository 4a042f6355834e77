//! The form fields of a callback.

use crate::options::CallbackForm;
use crate::webhooks::urlencoded;

/// Separator of the parts. It does not occur in the fields of an import, which are numbers and times.
const BOUNDARY: &str = "----shopwire-sandbox-callback";

/// The media type of a form without parts.
pub(super) const URLENCODED: &str = "application/x-www-form-urlencoded";

/// Returns content type and body.
pub(super) fn form(form: CallbackForm, fields: &[(&str, String)]) -> (&'static str, String) {
    match form {
        CallbackForm::Urlencoded => (URLENCODED, urlencoded(fields)),
        CallbackForm::Multipart => {
            let disposition = "Content-Disposition: form-data; name=";
            let parts = fields.iter().map(|(name, value)| {
                let name = name.replace('"', "%22").replace(['\r', '\n'], " ");
                format!("--{BOUNDARY}\r\n{disposition}\"{name}\"\r\n\r\n{value}\r\n")
            });
            let body = parts.chain([format!("--{BOUNDARY}--\r\n")]).collect();
            (
                "multipart/form-data; boundary=----shopwire-sandbox-callback",
                body,
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n81_n85_the_same_fields_in_both_forms() {
        let fields = [
            ("updated", "2017-05-24T14:59:12".to_owned()),
            ("imported_elements_count", "3".to_owned()),
        ];
        let (content_type, body) = form(CallbackForm::Urlencoded, &fields);
        assert_eq!(content_type, "application/x-www-form-urlencoded");
        assert_eq!(
            body,
            "updated=2017-05-24T14%3A59%3A12&imported_elements_count=3"
        );
        let (content_type, body) = form(CallbackForm::Multipart, &fields);
        assert!(content_type.ends_with(BOUNDARY));
        assert_eq!(body.matches(BOUNDARY).count(), 3);
        assert!(body.contains("name=\"imported_elements_count\"\r\n\r\n3\r\n"));
    }
}
