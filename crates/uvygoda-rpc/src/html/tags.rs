//! Checking and cleaning of HTML, token by token. `html5gum` splits the text as browsers do, by the WHATWG standard.

use std::borrow::Cow;
use std::mem::take;

use html5gum::{DefaultEmitter, Error, Token, Tokenizer};

use super::ALLOWED_TAGS;

/// Elements whose text is not for readers; cleaning drops the text with the tags.
const OPAQUE_TAGS: [&str; 5] = ["script", "style", "template", "iframe", "noscript"];

/// Maximum number of characters of a tag's name in a message.
const MAX_SHOWN: usize = 32;

/// Returns why a text is not allowed; `None` if it holds only allowed tags, without attributes and comments.
///
/// Text that a template puts behind the description must not become part of a tag, so an unfinished tag is refused. So
/// is NUL: programs that drop it would join the text around it.
pub(super) fn refusal(html: &str) -> Option<String> {
    tokens(html).find_map(|token| match token {
        Token::StartTag(tag) if !is_allowed(&tag.name) => {
            Some(format!("the tag <{}> is not allowed", shown(&tag.name)))
        }
        Token::StartTag(tag) if !tag.attributes.is_empty() => {
            let name = shown(&tag.name);
            Some(format!("the tag <{name}> may have no attributes"))
        }
        Token::EndTag(tag) if !is_allowed(&tag.name) => {
            Some(format!("the tag </{}> is not allowed", shown(&tag.name)))
        }
        Token::Comment(_) | Token::Doctype(_) => {
            Some("a comment or declaration is not allowed".to_owned())
        }
        Token::Error(error) => refused_error(error.value).map(str::to_owned),
        Token::StartTag(_) | Token::EndTag(_) | Token::String(_) => None,
    })
}

/// Most errors of HTML change nothing in which tags a text holds.
fn refused_error(error: Error) -> Option<&'static str> {
    match error {
        Error::EofBeforeTagName | Error::EofInTag => Some("the last tag has no end"),
        Error::EofInComment | Error::EofInDoctype => {
            Some("a comment or declaration is not allowed")
        }
        Error::EndTagWithAttributes => Some("an end tag may have no attributes"),
        Error::UnexpectedNullCharacter => Some("a NUL character is not allowed"),
        _ => None,
    }
}

/// Writes the allowed tags without attributes, and the text. Returns a text without a [`refusal`] unchanged.
///
/// Text is written as the standard serialises it, so that it cannot become a tag.
pub(super) fn clean(html: &str) -> String {
    if refusal(html).is_none() {
        return html.to_owned();
    }
    let mut out = String::with_capacity(html.len());
    let mut opaque = Opaque::default();
    for token in tokens(html) {
        if opaque.hides(&token) {
            continue;
        }
        match token {
            Token::String(text) => push_text(&text, &mut out),
            Token::StartTag(tag) if is_allowed(&tag.name) => {
                out.extend(["<", &lossy(&tag.name), ">"]);
            }
            Token::EndTag(tag) if is_allowed(&tag.name) => {
                out.extend(["</", &lossy(&tag.name), ">"]);
            }
            _ => {}
        }
    }
    out
}

/// The element that is being dropped with its content.
#[derive(Default)]
struct Opaque {
    name: Vec<u8>,
    /// Start tags without their end tag; only `template` nests.
    depth: usize,
}

impl Opaque {
    fn hides(&mut self, token: &Token) -> bool {
        match token {
            Token::StartTag(tag) if self.depth == 0 && is_in(&OPAQUE_TAGS, &tag.name) => {
                self.name = tag.name.to_vec();
                self.depth = 1;
            }
            Token::StartTag(tag) if self.depth > 0 && *tag.name == self.name => self.depth += 1,
            Token::EndTag(tag) if self.depth > 0 && *tag.name == self.name => {
                self.depth -= 1;
                if self.depth == 0 {
                    take(&mut self.name);
                }
                return true;
            }
            _ => {}
        }
        self.depth > 0
    }
}

fn tokens(html: &str) -> impl Iterator<Item = Token> {
    let mut emitter = DefaultEmitter::default();
    // The content of `script`, `style` and `title` holds no tags.
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html, emitter).map(|Ok(token)| token)
}

fn push_text(text: &[u8], out: &mut String) {
    for letter in lossy(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            '\0' => {}
            letter => out.push(letter),
        }
    }
}

fn is_allowed(name: &[u8]) -> bool {
    is_in(&ALLOWED_TAGS, name)
}

fn is_in(tags: &[&str], name: &[u8]) -> bool {
    tags.iter().any(|tag| tag.as_bytes() == name)
}

fn shown(name: &[u8]) -> String {
    let name = lossy(name);
    let mut shown: String = name.chars().take(MAX_SHOWN).collect();
    if shown.len() < name.len() {
        shown.push('…');
    }
    shown
}

fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
