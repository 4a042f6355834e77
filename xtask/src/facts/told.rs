//! Reads the facts; the head of `retailcrm.txt` says how they are written.

use super::Statements;

/// What it says.
pub(super) fn read(text: &str) -> Result<Statements, String> {
    let mut statements = Statements::new();
    let mut subject = String::new();
    for line in text.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut words = line.split_whitespace();
        if !line.starts_with(' ') {
            subject = head(&mut words, &mut statements)?;
        }
        match subject.split_once(' ') {
            Some(("op", _)) => place(&subject, &mut words, &mut statements)?,
            Some(("model", model)) => {
                for field in words {
                    say(&format!("model {model}."), field, &mut statements)?;
                }
            }
            _ => {
                let values = statements.entry(subject.clone()).or_default();
                for value in words {
                    let gap = if values.is_empty() { "" } else { " " };
                    *values += &format!("{gap}{value}");
                }
            }
        }
    }
    Ok(statements)
}

/// The first words of an entry: what it is about.
fn head<'w>(
    words: &mut impl Iterator<Item = &'w str>,
    statements: &mut Statements,
) -> Result<String, String> {
    let mut next = || words.next().ok_or("facts: a line ends early");
    let (kind, name) = (next()?, next()?);
    let subject = format!("{kind} {name}");
    if kind == "op" {
        statements.insert(subject.clone(), format!("{} {}", next()?, next()?));
    }
    Ok(subject)
}

/// A line of an operation: a place and its parameters, or its body or answer.
fn place<'w>(
    subject: &str,
    words: &mut impl Iterator<Item = &'w str>,
    statements: &mut Statements,
) -> Result<(), String> {
    let Some(place) = words.next() else {
        return Ok(());
    };
    for word in words {
        match place {
            "path" => {
                statements.insert(format!("{subject} path {word}"), "?".to_owned());
            }
            "answer" | "body" => {
                statements.insert(format!("{subject} {place}"), word.to_owned());
            }
            _ => {
                say(&format!("{subject} {place} "), word, statements)?;
            }
        }
    }
    Ok(())
}

/// A field or parameter, its type, and whether it is required.
fn say(of: &str, word: &str, statements: &mut Statements) -> Result<(), String> {
    let (name, ty) = member(word)?;
    let of = format!("{of}{name}");
    if ty.ends_with('!') {
        statements.insert(format!("{of} needed"), "yes".to_owned());
    }
    statements.insert(of, ty.trim_end_matches('!').to_owned());
    Ok(())
}

/// `name:type`, or `name?`.
fn member(word: &str) -> Result<(&str, &str), String> {
    let untyped = || word.strip_suffix('?').map(|name| (name, "?"));
    let found = word.split_once(':').or_else(untyped);
    found.ok_or_else(|| format!("facts: {word} is no field"))
}
