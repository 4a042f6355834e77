//! The HTML allowed in a card's description: p, b, i and h1 to h6 only.

use std::fmt;

use bytes::Bytes;
use common_model::Value;
use common_transport::{Error, Metadata};
use http::Request;

/// Operations that send a description.
const SENDERS: [&str; 2] = ["addProduct", "updateProduct"];

/// Tags that the service documents for `DESCRIPTION`.
pub const ALLOWED_TAGS: [&str; 9] = ["p", "b", "i", "h1", "h2", "h3", "h4", "h5", "h6"];

/// Elements whose text is not for readers; cleaning drops the text with the tags.
const OPAQUE_TAGS: [&str; 5] = ["script", "style", "template", "iframe", "noscript"];

/// The policy for a description with tags that the service does not allow.
// U40
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum HtmlPolicy {
    /// Refuse the description; the error names the first tag that is not allowed.
    #[default]
    Check,
    /// Drop tags, attributes and comments that are not allowed, and keep the text. The text of
    /// `script`, `style` and the like is dropped too.
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
    /// With [`HtmlPolicy::Check`]: the first tag, attribute or comment that is not allowed.
    pub fn apply(self, html: &str) -> Result<String, Error> {
        match self {
            Self::Check => check(html).map(|()| html.to_owned()),
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

/// Checks that `html` holds only allowed tags, without attributes and comments.
fn check(html: &str) -> Result<(), Error> {
    let refused = Pieces { rest: html }.find_map(|piece| match piece {
        Piece::Tag(tag) if !tag.is_allowed() => Some(format!("the tag {tag} is not allowed")),
        Piece::Tag(tag) if !tag.attributes.is_empty() => {
            Some(format!("the tag {tag} may have no attributes"))
        }
        Piece::Hidden => Some("a comment or declaration is not allowed".to_owned()),
        _ => None,
    });
    match refused {
        Some(why) => Err(Error::invalid_input("DESCRIPTION", why)),
        None => Ok(()),
    }
}

fn clean(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut pieces = Pieces { rest: html };
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::LessThan => out.push_str("&lt;"),
            Piece::Hidden => {}
            Piece::Tag(tag) if tag.is_allowed() => out.push_str(&tag.to_string()),
            Piece::Tag(tag) if tag.opens_opaque() => pieces.skip_past_end_of(&tag.name),
            Piece::Tag(_) => {}
        }
    }
    out
}

enum Piece<'a> {
    Text(&'a str),
    /// A `<` that does not open a tag, as in `a < b`.
    LessThan,
    Tag(Tag<'a>),
    /// A comment, declaration or processing instruction.
    Hidden,
}

struct Tag<'a> {
    closing: bool,
    name: String,
    attributes: &'a str,
}

impl Tag<'_> {
    fn is_allowed(&self) -> bool {
        ALLOWED_TAGS.contains(&self.name.as_str())
    }

    fn opens_opaque(&self) -> bool {
        !self.closing && OPAQUE_TAGS.contains(&self.name.as_str())
    }
}

/// Writes the tag without its attributes.
impl fmt::Display for Tag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slash = if self.closing { "/" } else { "" };
        write!(f, "<{slash}{}>", self.name)
    }
}

struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Pieces<'a> {
    /// Drops the text up to and including the end tag, or all of it if there is no end tag.
    fn skip_past_end_of(&mut self, name: &str) {
        let end_tag = format!("</{name}");
        let lower = self.rest.to_ascii_lowercase();
        let start = lower.find(&end_tag).unwrap_or(lower.len());
        let end = lower[start..]
            .find('>')
            .map_or(lower.len(), |at| start + at + 1);
        self.take(end);
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// Reads the piece that starts with `<`.
    fn markup(&mut self) -> Piece<'a> {
        let after = &self.rest[1..];
        if after.starts_with("!--") {
            let end = self.rest.find("-->").map_or(self.rest.len(), |at| at + 3);
            self.take(end);
            return Piece::Hidden;
        }
        let opens = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
        let hides = after.starts_with(['!', '?']);
        if !hides && !opens(after) && !after.strip_prefix('/').is_some_and(opens) {
            self.take(1);
            return Piece::LessThan;
        }
        let length = tag_length(self.rest);
        let inner = self.take(length)[1..].trim_end_matches('>');
        if hides {
            return Piece::Hidden;
        }
        let (closing, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        let end = inner
            .find(|c: char| c.is_ascii_whitespace() || c == '/')
            .unwrap_or(inner.len());
        Piece::Tag(Tag {
            closing,
            name: inner[..end].to_ascii_lowercase(),
            attributes: inner[end..].trim_matches(|c: char| c.is_ascii_whitespace() || c == '/'),
        })
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        if self.rest.starts_with('<') {
            return Some(self.markup());
        }
        let end = self.rest.find('<').unwrap_or(self.rest.len());
        Some(Piece::Text(self.take(end)))
    }
}

/// The length of a tag with its `>`; a `>` inside a quoted attribute does not end it.
fn tag_length(text: &str) -> usize {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests;
