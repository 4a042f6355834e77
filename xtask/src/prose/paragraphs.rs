//! The paragraphs of a text that people read: no code, no tables, no headings.

/// A paragraph, and the line it begins on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Paragraph {
    pub(super) line: usize,
    /// Without line breaks; code in back ticks is a single word.
    pub(super) text: String,
}

impl Paragraph {
    /// Its sentences, without what stands in parentheses.
    pub(super) fn sentences(&self) -> Vec<String> {
        let mut depth = 0_usize;
        let mut bare = String::new();
        for char in self.text.chars() {
            match char {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ if depth == 0 => bare.push(char),
                _ => {}
            }
        }
        let ends = |pair: &str| pair.ends_with(['.', '!', '?', ':', ';']);
        let mut sentences = vec![String::new()];
        for word in bare.split_whitespace() {
            let last = sentences.last_mut().expect("there is one from the start");
            last.push_str(word);
            last.push(' ');
            if ends(word) {
                sentences.push(String::new());
            }
        }
        sentences
    }
}

/// The paragraphs of the doc comments of a source.
pub(super) fn of_rust(source: &str) -> Vec<Paragraph> {
    let mut text = Builder::default();
    for (number, line) in (1..).zip(source.lines()) {
        let line = line.trim_start();
        let doc = line.strip_prefix("///").or(line.strip_prefix("//!"));
        match doc {
            // Five spaces: the one after the marker, and an indented block of code.
            Some(doc) if doc.starts_with("     ") => text.ends_paragraph(),
            Some(doc) => text.line(number, doc),
            None => text.ends_block(),
        }
    }
    text.finish()
}

/// The paragraphs of a document.
pub(super) fn of_markdown(document: &str) -> Vec<Paragraph> {
    let mut text = Builder::default();
    for (number, line) in (1..).zip(document.lines()) {
        text.line(number, line);
    }
    text.finish()
}

#[derive(Default)]
struct Builder {
    paragraphs: Vec<Paragraph>,
    running: Option<Paragraph>,
    is_code: bool,
}

impl Builder {
    fn line(&mut self, number: usize, line: &str) {
        let line = line.trim();
        let is_fence = line.starts_with("```");
        self.is_code ^= is_fence;
        let is_prose = !is_fence && !self.is_code && !line.starts_with(['#', '|']);
        if !is_prose || line.is_empty() {
            return self.ends_paragraph();
        }
        if line.starts_with("- ") || line.starts_with("* ") {
            self.ends_paragraph();
        }
        let words = code_as_a_word(line.trim_start_matches(['-', '*', ' ']));
        match &mut self.running {
            Some(paragraph) => {
                paragraph.text.push(' ');
                paragraph.text.push_str(&words);
            }
            None => {
                self.running = Some(Paragraph {
                    line: number,
                    text: words,
                });
            }
        }
    }

    fn ends_paragraph(&mut self) {
        self.paragraphs.extend(self.running.take());
    }

    fn ends_block(&mut self) {
        self.is_code = false;
        self.ends_paragraph();
    }

    fn finish(mut self) -> Vec<Paragraph> {
        self.ends_block();
        self.paragraphs
    }
}

/// Code in back ticks, as one word in its place.
fn code_as_a_word(line: &str) -> String {
    let parts = line.split('`').enumerate();
    parts
        .map(|(place, part)| if place % 2 == 0 { part } else { "CODE" })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(paragraphs: Vec<Paragraph>) -> Vec<(usize, String)> {
        let pair = |paragraph: Paragraph| (paragraph.line, paragraph.text);
        paragraphs.into_iter().map(pair).collect()
    }

    #[test]
    fn paragraphs_end_with_blank_lines_code_lists_and_items() {
        let source = "//! One\n//! two `x y`.\n//!\n//! - three\n//!   four\n//! - five\n//! ```\n//! code\n//! ```\nfn f() {}\n/// Six.\n";
        let wanted = [
            (1, "One two CODE."),
            (4, "three four"),
            (6, "five"),
            (11, "Six."),
        ];
        assert_eq!(
            texts(of_rust(source)),
            wanted.map(|(line, text)| (line, text.to_owned()))
        );
    }

    #[test]
    fn a_document_has_no_headings_and_tables() {
        let text = "# What\nText\n| What |\n";
        assert_eq!(texts(of_markdown(text)), [(2, "Text".to_owned())]);
    }

    #[test]
    fn sentences_leave_parentheses_out() {
        let paragraph = &of_markdown("One (that is two. three) four. Five: six")[0];
        let sentences = paragraph.sentences();
        let trimmed: Vec<_> = sentences.iter().map(|text| text.trim()).collect();
        assert_eq!(trimmed, ["One four.", "Five:", "six"]);
    }
}
