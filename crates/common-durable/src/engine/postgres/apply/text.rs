//! The text of an own statement: one statement that writes, and not to the store's own tables.

use crate::{Error, ErrorKind};

/// First words of statements that can write rows.
const WRITE: [&str; 5] = ["insert", "update", "delete", "merge", "with"];

/// Words after which the name of a table stands that is written to.
const BEFORE_TABLE: [&str; 3] = ["into", "update", "from"];

/// Checks the text of a statement that joins a commit.
///
/// # Errors
/// [`ErrorKind::Statement`] with the reason.
pub(super) fn check(sql: &str) -> Result<(), Error> {
    let words = words(sql);
    let Some(first) = words.first() else {
        return Err(refused("it holds no statement"));
    };
    if !WRITE.contains(&first.as_str()) {
        return Err(refused(
            "it is no insert, update, delete or merge: it would end the transaction, change a setting or \
             change nothing",
        ));
    }
    check_tables(&words)
}

/// Checks the text of a statement that reads for a decision, or writes after it.
pub(in super::super) fn check_in_closure(sql: &str) -> Result<(), Error> {
    let words = words(sql);
    let is_allowed = |word: &String| {
        WRITE.contains(&word.as_str()) || ["select", "values", "table"].contains(&word.as_str())
    };
    if !words.first().is_some_and(is_allowed) {
        return Err(refused(
            "it is no select, insert, update, delete or merge: it would end the transaction or change a setting",
        ));
    }
    check_tables(&words)
}

fn check_tables(words: &[String]) -> Result<(), Error> {
    let semicolon = words.iter().position(|word| word == ";");
    if semicolon.is_some_and(|place| words[place..].iter().any(|word| word != ";")) {
        return Err(refused("it holds more than one statement"));
    }
    for (place, word) in words.iter().enumerate() {
        if word.starts_with("durable_") && is_written(&words[..place]) {
            return Err(refused("it writes to the store's own tables"));
        }
    }
    Ok(())
}

/// Whether the words before a table's name say that it is written to. Reading is allowed.
fn is_written(before: &[String]) -> bool {
    let mut before = before.iter().rev().map(String::as_str).peekable();
    // A schema's name, and the word that leaves out the tables that inherit.
    while before.peek() == Some(&".") {
        before.next();
        before.next();
    }
    if before.peek() == Some(&"only") {
        before.next();
    }
    match before.next() {
        Some("from") => before.next() == Some("delete"),
        Some(word) => BEFORE_TABLE.contains(&word),
        None => false,
    }
}

/// Splits a text into words in lower case, dots and semicolons. Texts, comments and other signs are left out.
fn words(sql: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = sql;
    while let Some(sign) = rest.chars().next() {
        rest = match sign {
            '\'' => after_quoted(&rest[1..], '\''),
            '"' => {
                let tail = after_quoted(&rest[1..], '"');
                let name = &rest[1..rest.len() - tail.len()];
                words.push(name.trim_end_matches('"').to_lowercase());
                tail
            }
            '-' if rest.starts_with("--") => after(rest, "\n"),
            '/' if rest.starts_with("/*") => after_comment(rest),
            '$' => after_dollar(rest),
            '.' | ';' => {
                words.push(sign.to_string());
                &rest[1..]
            }
            _ if is_word(sign) => {
                let end = rest.find(|sign| !is_word(sign)).unwrap_or(rest.len());
                words.push(rest[..end].to_lowercase());
                &rest[end..]
            }
            _ => &rest[sign.len_utf8()..],
        };
    }
    words
}

fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.find(end)
        .map_or("", |place| &text[place + end.len()..])
}

/// A doubled quote begins the next part of the same text, which ends like the first.
fn after_quoted(text: &str, quote: char) -> &str {
    after(text, quote.encode_utf8(&mut [0; 4]))
}

/// Comments can be nested.
fn after_comment(text: &str) -> &str {
    let mut depth = 0;
    let mut rest = text;
    loop {
        if let Some(tail) = rest.strip_prefix("/*") {
            depth += 1;
            rest = tail;
        } else if let Some(tail) = rest.strip_prefix("*/") {
            depth -= 1;
            rest = tail;
            if depth == 0 {
                return rest;
            }
        } else {
            let mut signs = rest.chars();
            if signs.next().is_none() {
                return "";
            }
            rest = signs.as_str();
        }
    }
}

/// `$1` is a parameter, `$tag$ … $tag$` a text.
fn after_dollar(text: &str) -> &str {
    let name = text[1..]
        .find(|sign| !is_word(sign))
        .map_or(text.len(), |place| place + 1);
    if text[name..].starts_with('$') && !text[1..].starts_with(|sign: char| sign.is_ascii_digit()) {
        let tag = &text[..=name];
        after(&text[tag.len()..], tag)
    } else {
        &text[name..]
    }
}

fn refused(why: &str) -> Error {
    Error::new(ErrorKind::Statement, why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d1_statements_that_write_rows_pass() {
        for sql in [
            "insert into seen (id) values ($1)",
            "  -- why\n UPDATE stock SET n = n - 1 WHERE id = $1;",
            "/* a /* nested */ one */ delete from t where x = 'commit; begin'",
            "with gone as (delete from a returning *) insert into b select * from gone",
            "insert into mine select * from durable_event",
            "delete from t using durable_lane",
            "insert into t values ($x$ it's; durable_ $x$, $2)",
            "insert into my_durable_table values (1)",
        ] {
            assert!(check(sql).is_ok(), "{sql}");
        }
    }

    #[test]
    fn d1_statements_that_end_the_transaction_or_write_to_the_store_are_refused() {
        for (sql, why) in [
            ("", "no statement"),
            ("-- only a comment", "no statement"),
            ("commit", "no insert"),
            ("/* x */ rollback", "no insert"),
            ("select 1", "no insert"),
            ("set local synchronous_commit = off", "no insert"),
            ("do $$ begin commit; end $$", "no insert"),
            ("insert into t values (1); commit", "more than one"),
            ("update durable_event set state = 1", "own tables"),
            ("UPDATE ONLY public.durable_lane SET open = 0", "own tables"),
            ("delete from \"durable_body\"", "own tables"),
            ("delete from only durable_body", "own tables"),
            (
                "insert into public.\"durable_cursor\" values (1)",
                "own tables",
            ),
            ("merge into durable_meta using t on true", "own tables"),
            (
                "with x as (delete from durable_lane) insert into t values (1)",
                "own tables",
            ),
        ] {
            let error = check(sql).expect_err(sql);
            assert_eq!(error.kind(), ErrorKind::Statement);
            assert!(error.to_string().contains(why), "{sql}: {error}");
        }
    }

    #[test]
    fn d1_a_closure_may_read() {
        assert!(check_in_closure("select n from stock where id = $1 for update").is_ok());
        assert!(check_in_closure("commit").is_err());
        assert!(check_in_closure("select 1; commit").is_err());
        assert!(check_in_closure("update durable_lane set open = 0").is_err());
    }

    proptest::proptest! {
        #[test]
        fn d1_no_text_is_too_strange(sql in "\\PC{0,60}") {
            let _ = check(&sql);
        }
    }
}
