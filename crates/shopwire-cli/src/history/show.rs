//! Changes as lines for people, and as JSON Lines.

use common_model::{Value as Json, to_json};

use super::{
    change::{Change, Kind},
    field, value,
};
use crate::{color, output, terminal};

/// The head under which the last change stands.
#[derive(Debug, Default)]
pub(super) struct Shown {
    head: String,
}

impl Shown {
    /// The lines of a change. Changes of one time and one person stand under one head.
    pub(super) fn text(&mut self, change: &Change) -> String {
        let head = format!("{}  {}", terminal::line(&change.at), who(change));
        let mut out = String::new();
        if head != self.head {
            if !self.head.is_empty() {
                out.push('\n');
            }
            out += &color::on_stdout(color::HEAD, &head);
            out.push('\n');
            self.head = head;
        }
        out + "    " + &what(change) + "\n"
    }
}

/// The author of the change: a user, a key, or a mechanism of the service.
fn who(change: &Change) -> String {
    let source = change.source.as_str();
    let user = change.user.as_ref().map(|user| {
        let id = user.id.map(|id| id.to_string());
        match (&user.name, id) {
            (Some(name), Some(id)) => format!("{name} (user {id})"),
            (Some(name), None) => name.clone(),
            (None, Some(id)) => format!("user {id}"),
            (None, None) => "a user".to_owned(),
        }
    });
    let who = match (source, user) {
        ("user" | "", Some(user)) => user,
        ("api", None) => match change.own_key {
            Some(true) => "API, with this key".to_owned(),
            Some(false) => "API, with another key".to_owned(),
            None => "API".to_owned(),
        },
        ("rule", None) => "a trigger".to_owned(),
        ("code", None) => "the system".to_owned(),
        ("combine", None) => "a merge".to_owned(),
        ("split", None) => "a split".to_owned(),
        ("", None) => "unknown".to_owned(),
        (source, None) => source.to_owned(),
        (source, Some(user)) => format!("{user}, {source}"),
    };
    terminal::line(&who)
}

fn what(change: &Change) -> String {
    match change.kind {
        Kind::Created => made(change),
        Kind::Deleted => "deleted".to_owned(),
        Kind::Combined => match &change.combined_to {
            Some(other) => format!("combined into {}", value::text(other)),
            None => "combined".to_owned(),
        },
        Kind::Changed => changed(change),
    }
}

/// The field of the entry that makes an object is its id, or its status.
fn made(change: &Change) -> String {
    match (change.field.as_str(), &change.to) {
        ("" | "id", _) | (_, Json::Null) => "created".to_owned(),
        (field, to) => format!("created, {}: {}", label(field), value::text(to)),
    }
}

fn changed(change: &Change) -> String {
    let name = change.field.as_str();
    let (old, new) = (value::text(&change.from), value::text(&change.to));
    let part = change.part.as_ref();
    let part =
        part.map(|(called, part)| format!("{called} {}", terminal::line(&value::object(part))));
    let one_side = match (change.from.is_null(), change.to.is_null()) {
        (true, false) => Some(("added", color::NEW, &new)),
        (false, true) => Some(("removed", color::OLD, &old)),
        _ => None,
    };
    let is_whole = field::within_part(name).is_none();
    match (part, one_side) {
        // The part itself came or went.
        (Some(part), Some((verb, style, _))) if is_whole => {
            format!("{part} {}", color::on_stdout(style, verb))
        }
        (None, Some((verb, style, one))) if field::is_list(name) => {
            format!("{} {one} {}", label(name), color::on_stdout(style, verb))
        }
        (part, _) => {
            let within = part.and_then(|part| Some(format!("{part}, {}", within(name)?)));
            format!(
                "{}: {} → {}",
                within.unwrap_or_else(|| label(name)),
                color::on_stdout(color::OLD, &old),
                color::on_stdout(color::NEW, &new)
            )
        }
    }
}

fn label(name: &str) -> String {
    match name {
        "" => "(no field)".to_owned(),
        name => terminal::line(&field::meaning(name)),
    }
}

fn within(name: &str) -> Option<String> {
    field::within_part(name).map(|name| terminal::line(&name))
}

/// A change as a line of JSON.
pub(super) fn json(change: &Change) -> String {
    let user = change.user.as_ref().map_or("null".to_owned(), |user| {
        format!(
            "{{\"id\":{},\"name\":{}}}",
            user.id.map_or("null".to_owned(), |id| id.to_string()),
            user.name
                .as_ref()
                .map_or("null".to_owned(), |name| to_json(name.as_str())),
        )
    });
    let part = change.part.as_ref();
    let part = part.map_or("null".to_owned(), |(called, part)| {
        format!("{{\"kind\":\"{called}\",\"value\":{}}}", to_json(part))
    });
    let own_key = change.own_key;
    let json = format!(
        "{{\"id\":{},\"at\":{},\"kind\":\"{}\",\"source\":{},\"user\":{user},\"own_key\":{},\"field\":{},\"meaning\":{},\
         \"part\":{part},\"from\":{},\"to\":{},\"combined_to\":{}}}",
        to_json(&change.id),
        to_json(change.at.as_str()),
        change.kind.name(),
        to_json(change.source.as_str()),
        own_key.map_or("null".to_owned(), |own| own.to_string()),
        to_json(change.field.as_str()),
        to_json(field::meaning(&change.field).as_str()),
        to_json(&change.from),
        to_json(&change.to),
        change
            .combined_to
            .as_ref()
            .map_or("null".to_owned(), to_json),
    );
    format!("{}\n", output::one_line(&json))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(entries: &[&str]) -> String {
        let mut shown = Shown::default();
        let changes = entries
            .iter()
            .map(|entry| Change::of(entry).map_err(|_| *entry).expect("a change"));
        changes.map(|change| shown.text(&change)).collect()
    }

    // J9: entries as fixtures of the official client have them.
    #[test]
    fn j9_changes_are_told_as_a_person_reads_them() {
        let told = lines(&[
            r#"{"id":1,"createdAt":"2026-01-31 08:00:00","created":true,"source":"api","apiKey":{"current":true},"field":"status","oldValue":null,"newValue":{"code":"new"},"order":{"id":5}}"#,
            r#"{"id":2,"createdAt":"2026-01-31 08:05:00","source":"user","user":{"id":12,"firstName":"Anna","lastName":"Petrova"},"field":"status","oldValue":{"code":"new"},"newValue":{"code":"complete"}}"#,
            r#"{"id":3,"createdAt":"2026-01-31 08:05:00","source":"user","user":{"id":12,"firstName":"Anna","lastName":"Petrova"},"field":"manager_comment","oldValue":null,"newValue":"call\nbefore 18"}"#,
            r#"{"id":4,"createdAt":"2026-01-31 08:06:00","source":"rule","field":"order_product","oldValue":null,"newValue":{"id":9},"item":{"id":9,"offer":{"displayName":"Atlas"}}}"#,
            r#"{"id":5,"createdAt":"2026-01-31 08:06:00","source":"rule","field":"order_product.quantity","oldValue":1,"newValue":2,"item":{"id":9,"offer":{"displayName":"Atlas"}}}"#,
            r#"{"id":6,"createdAt":"2026-01-31 08:06:00","source":"rule","field":"payments","oldValue":{"code":"cash"},"newValue":null,"payment":{"id":3,"type":"cash"}}"#,
            r#"{"id":7,"createdAt":"2026-01-31 08:07:00","source":"code","field":"phones","oldValue":null,"newValue":"+380501112233"}"#,
            r#"{"id":8,"createdAt":"2026-01-31 09:00:00","source":"combine","deleted":true,"combinedTo":{"id":7,"externalId":"C-7"}}"#,
            r#"{"id":9,"createdAt":"2026-01-31 09:01:00","source":"api","apiKey":{"current":false},"deleted":true,"field":"id","oldValue":5,"newValue":null}"#,
        ]);
        assert_eq!(
            told,
            "2026-01-31 08:00:00  API, with this key\n    created, status: new\n\n\
             2026-01-31 08:05:00  Anna Petrova (user 12)\n    status: new → complete\n    \
             manager comment: (empty) → call before 18\n\n\
             2026-01-31 08:06:00  a trigger\n    item 9 (Atlas) added\n    item 9 (Atlas), quantity: 1 → 2\n    \
             payment 3 (cash) removed\n\n\
             2026-01-31 08:07:00  the system\n    phone +380501112233 added\n\n\
             2026-01-31 09:00:00  a merge\n    combined into 7 (C-7)\n\n\
             2026-01-31 09:01:00  API, with another key\n    deleted\n"
        );
    }

    // J9
    #[test]
    fn j9_texts_of_others_cannot_steer_the_terminal() {
        let told = lines(&[
            r#"{"createdAt":"\u001b[2J","source":"\u001b[1m","field":"a\u001b.b\u001b","oldValue":"\u009b","newValue":{"code":"\u001b"},"item":{"id":"\u001b"}}"#,
        ]);
        assert!(!told.contains(['\u{1b}', '\u{9b}']), "{told:?}");
    }
}
