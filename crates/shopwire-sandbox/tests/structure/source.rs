//! What the text of one file names: its imports and the paths in its code.

/// The names in a file, without those that only tests use.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// Imports: the name that they bring, and the path to it.
    pub(crate) imports: Vec<(String, Vec<String>)>,
    /// Paths in code, of two segments or more.
    pub(crate) paths: Vec<Vec<String>>,
    /// Modules that are compiled for tests alone.
    pub(crate) test_modules: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Name(String),
    /// `::`
    Of,
    Sign(char),
}

impl Source {
    pub(crate) fn read(text: &str) -> Self {
        let mut source = Self::default();
        let tokens = without_tests(tokens(text), &mut source.test_modules);
        let mut at = 0;
        while at < tokens.len() {
            if is_name(&tokens, at, "use") {
                at = source.import(&tokens, at + 1, &[]);
            } else if is_name(&tokens, at, "pub") && tokens.get(at + 1) == Some(&Token::Sign('(')) {
                // Who may see an item is no use of theirs.
                let close = |token: &Token| *token == Token::Sign(')');
                at += tokens[at..].iter().position(close).unwrap_or(1);
            } else if let Token::Name(first) = &tokens[at] {
                let mut path = vec![first.clone()];
                at += 1;
                while let (Some(Token::Of), Some(Token::Name(next))) =
                    (tokens.get(at), tokens.get(at + 1))
                {
                    path.push(next.clone());
                    at += 2;
                }
                if path.len() > 1 {
                    source.paths.push(path);
                }
            } else {
                at += 1;
            }
        }
        source
    }

    /// One tree of imports; gives the position behind it.
    fn import(&mut self, tokens: &[Token], mut at: usize, prefix: &[String]) -> usize {
        let mut path = prefix.to_vec();
        loop {
            match tokens.get(at) {
                Some(Token::Of) => at += 1,
                Some(Token::Sign('{')) => {
                    at += 1;
                    while let Some(token) = tokens.get(at) {
                        match token {
                            Token::Sign('}') => return at + 1,
                            Token::Sign(',') => at += 1,
                            _ => at = self.import(tokens, at, &path),
                        }
                    }
                    return at;
                }
                Some(Token::Sign('*')) => {
                    self.imports.push(("*".into(), path));
                    return at + 1;
                }
                Some(Token::Name(name)) if name == "as" => {
                    if let Some(Token::Name(alias)) = tokens.get(at + 1) {
                        self.imports.push((alias.clone(), path));
                    }
                    return at + 2;
                }
                Some(Token::Name(name)) => {
                    // `a::{self}` is `a` itself.
                    if name != "self" || path.is_empty() {
                        path.push(name.clone());
                    }
                    at += 1;
                }
                _ => {
                    if let Some(last) = path.last().cloned() {
                        self.imports.push((last, path));
                    }
                    return at;
                }
            }
        }
    }
}

fn is_name(tokens: &[Token], at: usize, name: &str) -> bool {
    tokens
        .get(at)
        .is_some_and(|token| *token == Token::Name(name.into()))
}

/// Drops every item under `#[cfg(test)]`; the names of its modules are noted.
fn without_tests(tokens: Vec<Token>, modules: &mut Vec<String>) -> Vec<Token> {
    let mark = [
        Token::Sign('#'),
        Token::Sign('['),
        Token::Name("cfg".into()),
        Token::Sign('('),
        Token::Name("test".into()),
        Token::Sign(')'),
        Token::Sign(']'),
    ];
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        if !tokens[at..].starts_with(&mark) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += mark.len();
        let (mut depth, mut is_import) = (0, false);
        while let Some(token) = tokens.get(at) {
            is_import |= is_name(&tokens, at, "use");
            if let (true, Some(Token::Name(name))) = (
                depth == 0 && is_name(&tokens, at, "mod"),
                tokens.get(at + 1),
            ) {
                modules.push(name.clone());
            }
            at += 1;
            match token {
                Token::Sign('{') => depth += 1,
                Token::Sign('}') => depth -= 1,
                _ => {}
            }
            let closed = *token == Token::Sign('}') && depth == 0 && !is_import;
            if closed || *token == Token::Sign(';') && depth == 0 {
                break;
            }
        }
    }
    kept
}

/// The text without comments, texts, characters and lifetimes.
fn tokens(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.chars().collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(&letter) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        match letter {
            '/' if next == Some('/') => at = until(&letters, at, '\n'),
            '/' if next == Some('*') => at = behind_comment(&letters, at),
            '"' => at = behind_text(&letters, at),
            'r' if starts_raw(&letters, at) => at = behind_raw(&letters, at),
            '\'' => at = behind_quote(&letters, at),
            ':' if next == Some(':') => {
                found.push(Token::Of);
                at += 2;
            }
            _ if letter.is_alphabetic() || letter == '_' => {
                let end = letters[at..]
                    .iter()
                    .position(|one| !one.is_alphanumeric() && *one != '_');
                let end = end.map_or(letters.len(), |length| at + length);
                found.push(Token::Name(letters[at..end].iter().collect()));
                at = end;
            }
            _ => {
                if !letter.is_whitespace() {
                    found.push(Token::Sign(letter));
                }
                at += 1;
            }
        }
    }
    found
}

fn until(letters: &[char], at: usize, end: char) -> usize {
    let length = letters[at..].iter().position(|letter| *letter == end);
    length.map_or(letters.len(), |length| at + length)
}

/// Comments nest.
fn behind_comment(letters: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < letters.len() {
        match (letters[at], letters.get(at + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                at += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    break;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn behind_text(letters: &[char], mut at: usize) -> usize {
    at += 1;
    while at < letters.len() && letters[at] != '"' {
        at += if letters[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn starts_raw(letters: &[char], at: usize) -> bool {
    let is_inside_a_name = at > 0
        && (letters[at - 1].is_alphanumeric() && letters[at - 1] != 'b' || letters[at - 1] == '_');
    let quote = letters[at + 1..].iter().find(|letter| **letter != '#');
    !is_inside_a_name && quote == Some(&'"')
}

fn behind_raw(letters: &[char], at: usize) -> usize {
    let hashes = letters[at + 1..]
        .iter()
        .take_while(|letter| **letter == '#')
        .count();
    let mut end = vec!['"'];
    end.resize(1 + hashes, '#');
    let from = at + 2 + hashes;
    let length = letters[from..]
        .windows(end.len())
        .position(|part| part == end);
    length.map_or(letters.len(), |length| from + length + end.len())
}

/// A character, or a lifetime.
fn behind_quote(letters: &[char], at: usize) -> usize {
    match (letters.get(at + 1), letters.get(at + 2)) {
        (Some('\\'), _) => until(letters, at + 3, '\'') + 1,
        (Some(_), Some('\'')) => at + 3,
        _ => at + 1,
    }
}
