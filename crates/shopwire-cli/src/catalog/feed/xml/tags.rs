//! Start tags and references, with their faults.

use quick_xml::{
    XmlVersion,
    events::{BytesRef, BytesStart},
};

use crate::catalog::feed::rules::RuleId;

/// More attributes of one element are no feed: they would cost time that grows with their square.
const MOST: usize = 64;

/// A fault without its place.
pub(super) type Flaw = (RuleId, String);

/// The name of an element without its prefix, and its attributes.
pub(super) fn opened(
    tag: &BytesStart<'_>,
    flaws: &mut Vec<Flaw>,
) -> (String, Vec<(String, String)>) {
    let name = tag.local_name().as_ref().to_owned();
    if !name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
        flaws.push((
            RuleId::XmlStopped,
            format!("`{}` is no name", super::short(&name)),
        ));
    }
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        if attributes.len() == MOST {
            flaws.push((
                RuleId::Size,
                format!("<{name}> has more than {MOST} attributes"),
            ));
            break;
        }
        let attribute = match attribute {
            Ok(attribute) => attribute,
            Err(error) => {
                flaws.push((RuleId::XmlAttribute, format!("<{name}>: {error}")));
                continue;
            }
        };
        if attribute.value.contains('<') {
            flaws.push((
                RuleId::XmlAttribute,
                format!("<{name}>: `<` in the value of an attribute"),
            ));
        }
        let value = match attribute.normalized_value(XmlVersion::Implicit1_0) {
            Ok(value) => value.trim().to_owned(),
            Err(error) => {
                flaws.push((RuleId::XmlEntity, format!("<{name}>: {error}")));
                attribute.value.trim().to_owned()
            }
        };
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value));
    }
    (name, attributes)
}

/// The text of a reference.
pub(super) fn resolved(reference: &BytesRef<'_>) -> Result<String, Flaw> {
    match reference.resolve_char_ref() {
        Ok(Some(letter)) if super::is_allowed(letter) => return Ok(letter.to_string()),
        Ok(Some(letter)) => {
            let what = format!(
                "&#{}; is a character that XML does not have",
                u32::from(letter)
            );
            return Err((RuleId::XmlCharacter, what));
        }
        Ok(None) => {}
        Err(error) => return Err((RuleId::XmlEntity, error.to_string())),
    }
    let name = reference.xml10_content();
    let known = quick_xml::escape::resolve_predefined_entity(&name);
    known.map(str::to_owned).ok_or_else(|| {
        let what = format!("the entity &{}; is not declared", super::short(&name));
        (RuleId::XmlEntity, what)
    })
}
