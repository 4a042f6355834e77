//! The HTML allowed in a card's description: p, b, i and h1 to h6 only.

mod tags;

use bytes::Bytes;
use common_model::Value;
use common_transport::{Error, Metadata};
use http::Request;

use tags::{clean, refusal};

/// Operations that send a description.
const SENDERS: [&str; 2] = ["addProduct", "updateProduct"];

/// Tags that the service documents for `DESCRIPTION`.
pub const ALLOWED_TAGS: [&str; 9] = ["p", "b", "i", "h1", "h2", "h3", "h4", "h5", "h6"];

/// The policy for a description with tags that the service does not allow.
// U40
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum HtmlPolicy {
    /// Refuse the description; the error names the first tag that is not allowed.
    #[default]
    Check,
    /// Drop tags, attributes and comments that are not allowed, and keep the text. The text of
    /// `script`, `style` and the like is dropped too. A description that passes the check stays as it is.
    Clean,
    /// Send the description unchanged.
    Pass,
}

impl HtmlPolicy {
    /// Applies the policy to a description and returns the text to send.
    ///
    /// ```
    /// use uvygoda_rpc::HtmlPolicy;
    ///
    /// let html = "<div><p class=x>Тёплый <b>плед</b></p></div>";
    /// assert!(HtmlPolicy::Check.apply(html).is_err());
    /// assert_eq!(HtmlPolicy::Clean.apply(html).unwrap(), "<p>Тёплый <b>плед</b></p>");
    /// ```
    ///
    /// # Errors
    /// With [`HtmlPolicy::Check`]: the first tag, attribute, comment or NUL character that is not allowed, or a tag
    /// that the description does not finish.
    pub fn apply(self, html: &str) -> Result<String, Error> {
        match self {
            Self::Check => match refusal(html) {
                Some(why) => Err(Error::invalid_input("DESCRIPTION", why)),
                None => Ok(html.to_owned()),
            },
            Self::Clean => Ok(clean(html)),
            Self::Pass => Ok(html.to_owned()),
        }
    }

    /// Applies the policy to the `DESCRIPTION` of a card's request; other requests are unchanged.
    /// The client does this itself.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    pub fn apply_to(self, metadata: &Metadata, request: &mut Request<Bytes>) -> Result<(), Error> {
        if self == Self::Pass || !SENDERS.contains(&metadata.name) {
            return Ok(());
        }
        // A body that is not JSON does not come from this crate.
        let Ok(mut card) = common_model::from_json_bytes::<Value>(request.body()) else {
            return Ok(());
        };
        let members = card.as_object_mut();
        let Some(Value::String(html)) = members.and_then(|members| members.get_mut("DESCRIPTION"))
        else {
            return Ok(());
        };
        let applied = self.apply(html)?;
        if applied != *html {
            *html = applied;
            *request.body_mut() = card.to_string().into();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
