//! The XML of a feed as three kinds of events. An ill-formed document is an error.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// The parts of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// Start of an element: its name without a prefix, and its attributes.
    Open(String, Vec<(String, String)>),
    /// Text with resolved references.
    Text(String),
    /// End of the innermost element.
    Close,
}

/// Reads a document and passes each event on with its line. The error names the line on which the document is
/// ill-formed, and the reason.
pub(super) fn read(text: &str, mut hand_on: impl FnMut(Node, usize)) -> Result<(), String> {
    let mut lines = Lines::new(text);
    if let Some(at) = text.find(|letter| !is_allowed(letter)) {
        return Err(format!(
            "line {}: a character that XML does not have",
            lines.at(at)
        ));
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let mut depth = Depth::default();
    loop {
        let line = lines.at(usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX));
        let event = reader.read_event().map_err(|error| {
            let at = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
            format!("line {}: {error}", Lines::new(text).at(at))
        })?;
        let done = matches!(event, Event::Eof);
        let step = step(&mut depth, event, &mut |node| hand_on(node, line));
        step.map_err(|why| format!("line {line}: {why}"))?;
        if done {
            return Ok(());
        }
    }
}

fn step(depth: &mut Depth, event: Event<'_>, hand_on: &mut impl FnMut(Node)) -> Result<(), String> {
    match event {
        Event::Start(tag) => {
            depth.open()?;
            let (name, attributes) = opened(&tag)?;
            hand_on(Node::Open(name, attributes));
        }
        Event::Empty(tag) => {
            depth.open()?;
            let (name, attributes) = opened(&tag)?;
            hand_on(Node::Open(name, attributes));
            hand_on(Node::Close);
            depth.close();
        }
        Event::End(_) => {
            hand_on(Node::Close);
            depth.close();
        }
        Event::Text(text) => {
            let text = text.xml10_content().into_owned();
            if text.contains("]]>") {
                return Err("`]]>` outside of a CDATA section".into());
            }
            depth.text(&text)?;
            hand_on(Node::Text(text));
        }
        Event::CData(text) => {
            depth.inside()?;
            hand_on(Node::Text(text.xml10_content().into_owned()));
        }
        Event::GeneralRef(entity) => {
            depth.inside()?;
            hand_on(Node::Text(resolved(&entity)?));
        }
        Event::DocType(_) if depth.roots > 0 => {
            return Err("a document type after the root element".into());
        }
        Event::Eof => depth.end()?,
        _ => {}
    }
    Ok(())
}

/// Deeper elements, and more attributes of one, are no feed: they would cost time that grows with their square.
const MOST: usize = 256;

/// How many elements are open, and how many roots there were.
#[derive(Default)]
struct Depth {
    open: usize,
    roots: usize,
}

impl Depth {
    fn open(&mut self) -> Result<(), String> {
        if self.open == 0 {
            if self.roots > 0 {
                return Err("a second root element".into());
            }
            self.roots += 1;
        }
        self.open += 1;
        if self.open > MOST {
            return Err(format!("elements nest deeper than {MOST}"));
        }
        Ok(())
    }

    fn close(&mut self) {
        self.open = self.open.saturating_sub(1);
    }

    fn inside(&self) -> Result<(), String> {
        if self.open == 0 {
            return Err("text outside of the root element".into());
        }
        Ok(())
    }

    fn text(&self, text: &str) -> Result<(), String> {
        if text.trim().is_empty() {
            return Ok(());
        }
        self.inside()
    }

    fn end(&self) -> Result<(), String> {
        match (self.open, self.roots) {
            (0, 1) => Ok(()),
            (0, _) => Err("there is no root element".into()),
            _ => Err("an element is not closed".into()),
        }
    }
}

fn opened(tag: &BytesStart<'_>) -> Result<(String, Vec<(String, String)>), String> {
    let name = tag.local_name().as_ref().to_owned();
    if !name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
        return Err(format!("`{name}` is no name"));
    }
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.value.contains('<') {
            return Err("`<` inside of an attribute".into());
        }
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| error.to_string())?;
        let key = attribute.key.local_name().as_ref().to_owned();
        attributes.push((key, value.into_owned()));
        if attributes.len() > MOST {
            return Err(format!("`{name}` has more than {MOST} attributes"));
        }
    }
    Ok((name, attributes))
}

fn resolved(entity: &BytesRef<'_>) -> Result<String, String> {
    let letter = entity
        .resolve_char_ref()
        .map_err(|error| error.to_string())?;
    if let Some(letter) = letter {
        return Ok(letter.to_string());
    }
    let name = entity.xml10_content();
    let known = quick_xml::escape::resolve_predefined_entity(&name);
    known
        .map(str::to_owned)
        .ok_or_else(|| format!("unknown entity `{name}`"))
}

fn is_allowed(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r')
        || (letter >= ' ' && !matches!(letter, '\u{fffe}' | '\u{ffff}'))
}

/// Counts lines in a text. They end with LF, CR LF or CR.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    /// Returns the line of a position, which must not be before the last one asked for.
    fn at(&mut self, place: usize) -> usize {
        let place = place.min(self.text.len());
        while self.at < place {
            let ends = match self.text[self.at] {
                b'\n' => true,
                b'\r' => self.text.get(self.at + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line += usize::from(ends);
            self.at += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(text: &str) -> Result<Vec<(Node, usize)>, String> {
        let mut nodes = Vec::new();
        read(text, |node, line| nodes.push((node, line)))?;
        Ok(nodes)
    }

    // F10
    #[test]
    fn f10_a_document_comes_as_elements_and_text_with_their_lines() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "<?xml version='1.0'?>|<a:r xmlns:a='x'><!-- c -->|<b k='1 &amp; 2'/>x&#8470;<![CDATA[<&]]></a:r>|".replace('|', end);
            let nodes = nodes(&text).expect("a document");
            let open = |name: &str, attributes: &[(&str, &str)]| {
                let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
                Node::Open(name.to_owned(), attributes.iter().map(pair).collect())
            };
            assert_eq!(nodes[1], (open("r", &[("a", "x")]), 2), "{end:?} {nodes:?}");
            let at = nodes
                .iter()
                .position(|(node, _)| *node == open("b", &[("k", "1 & 2")]));
            assert_eq!(nodes[at.expect("b")].1, 3, "{end:?}");
            let text: String = nodes
                .iter()
                .filter_map(|(node, _)| match node {
                    Node::Text(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect();
            assert_eq!(text.trim(), "x№<&");
        }
    }

    // F10
    #[test]
    fn f10_what_is_ill_formed_is_refused() {
        for text in [
            "",
            " ",
            "text",
            "<a>",
            "<a></b>",
            "<a><b></a></b>",
            "</a>",
            "<a/><b/>",
            "<a/>text",
            "text<a/>",
            "<a b='1' b='2'/>",
            "<a b=1/>",
            "<a b/>",
            "<a b='<'/>",
            "<a b='&odd;'/>",
            "<a>&odd;</a>",
            "<a>a & b</a>",
            "<a>&amp</a>",
            "<a>]]></a>",
            "<a><![CDATA[x</a>",
            "<a><!-- x",
            "<a><!-- a -- b --></a>",
            "<1/>",
            "<a>\u{1}</a>",
            "<a>&#0;</a>",
            "<a/><!DOCTYPE a>",
            "<![CDATA[x]]><a/>",
            "<a",
            "<a>x</a",
            "<>x</>",
        ] {
            assert!(nodes(text).is_err(), "{text:?}");
        }
        for (nested, is_fine) in [(256, true), (257, false), (100_000, false)] {
            let text = "<a>".repeat(nested) + &"</a>".repeat(nested);
            assert_eq!(nodes(&text).is_ok(), is_fine, "{nested}");
        }
        for (count, is_fine) in [(256, true), (257, false), (100_000, false)] {
            let attributes: String = (0..count).map(|n| format!(" a{n}=''")).collect();
            assert_eq!(
                nodes(&format!("<a{attributes}/>")).is_ok(),
                is_fine,
                "{count}"
            );
        }
        assert!(
            nodes("<a>\n<b>\n</a>")
                .expect_err("ill-formed")
                .starts_with("line 3")
        );
    }
}
