//! The check of a row, before anything is sent: the description of the method, what a row needs, and the typed model.

mod format;
mod odd;
mod things;
mod walk;

use common_api::OperationEntry;
use common_model::{Map, Value, to_json};
use common_transport::Operation as _;

use super::{
    kind::{Form, Kind, Method},
    request::{self, Row},
    reserved,
};
use crate::{
    args::Service,
    call::{self, Description, Schema},
    failure::Failure,
};
use walk::{Place, Walk};

/// Checks rows of one method.
pub(super) struct Checker<'d> {
    pub(super) place: RowPlace<'d>,
    method: &'static Method,
    entry: &'static OperationEntry,
}

/// The schemas of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowPlace<'d> {
    /// The schema that the method takes.
    pub(super) taken: Schema<'d>,
    /// The schema of the service's list.
    pub(super) shown: Option<Schema<'d>>,
}

/// A row that can be sent, or what is wrong with it.
pub(super) struct Checked {
    pub(super) row: Result<Row, Vec<(String, String)>>,
    /// Paths of members that are not sent.
    pub(super) left_out: Vec<String>,
    /// Names of the lists of the row.
    pub(super) lists: Vec<String>,
    /// Values that are probably wrong: the path of each, and why.
    pub(super) odd: Vec<(String, &'static str, String)>,
    /// The things that no other row may be, or set.
    pub(super) things: Vec<String>,
}

impl<'d> Checker<'d> {
    /// # Errors
    /// A test shows that each method has a description.
    pub(super) fn new(
        description: &'d Description,
        kind: &Kind,
        method: &'static Method,
    ) -> Result<Self, Failure> {
        let entry = method.entry()?;
        let param = description.param(entry, method.param);
        let row = param.and_then(|param| match method.most() {
            1 => Some(param),
            _ => param.items(),
        });
        let lists = shopwire::retailcrm::lists().iter();
        let list = lists.into_iter().find(|list| list.operation() == kind.list);
        Ok(Self {
            place: RowPlace {
                taken: row.ok_or_else(|| Failure::new("the method has no description"))?,
                shown: list.and_then(|list| description.items(Service::Retailcrm, list)),
            },
            method,
            entry,
        })
    }

    /// Checks a row, and writes it as it is sent.
    pub(super) fn check(&self, line: u64, mut row: Map<Value>) -> Checked {
        let mut walk = Walk::default();
        if reserved::is_unknown(&row) {
            let why = "it is not known whether this row has landed: look in the account, then remove `_unknown` to \
                       send it again, or the row";
            walk.faults
                .push((reserved::UNKNOWN.to_owned(), why.to_owned()));
        }
        if reserved::has_wrong_line(&row) {
            let why = "it must be the number of a line: are the cells of the row moved?";
            walk.faults
                .push((reserved::LINE.to_owned(), why.to_owned()));
        }
        reserved::remove(&mut row);
        self.rename(&mut row);
        for name in self.method.given {
            if let Some(value) = row.remove(name) {
                walk.leave_out(name, &value);
            }
        }
        for path in self.method.references {
            let names: Vec<&str> = path.split('.').collect();
            refer(&mut row, &names, path, &mut walk);
        }
        let id = self.take_id(&mut row, &mut walk);
        let RowPlace { taken, shown } = self.place;
        let sent = walk.object(row, Place { taken, shown }, "");
        let mut sent = match sent {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        if let Some(id) = id {
            sent.insert("id", id);
        }
        self.needed(&sent, &mut walk);
        let things = things::of(self.method.unique, &sent);
        let row = match walk.faults.is_empty() {
            true => self.typed(line, sent),
            false => Err(walk.faults),
        };
        Checked {
            row,
            left_out: walk.left_out,
            lists: walk.lists,
            odd: walk.odd,
            things,
        }
    }

    /// Takes the id that stands in the path of the request out of a row. It gives way to an externalId.
    fn take_id(&self, row: &mut Map<Value>, walk: &mut Walk) -> Option<Value> {
        if self.method.form != Form::Path {
            return None;
        }
        let id = row.remove("id")?;
        let has_own = row.get("externalId").and_then(request::name).is_some();
        let text = request::name(&id);
        match text {
            None if matches!(&id, Value::Null | Value::String(_)) => None,
            _ if has_own => {
                walk.leave_out("id", &id);
                None
            }
            Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => Some(Value::from(text)),
            _ => {
                let why = "it must be of type integer";
                walk.faults.push(("id".to_owned(), why.to_owned()));
                Some(id)
            }
        }
    }

    /// Gives members of an export the names that the method has for them.
    fn rename(&self, row: &mut Map<Value>) {
        for renamed in self.method.renamed {
            let Some(Value::Array(elements)) = row.get_mut(renamed.list) else {
                continue;
            };
            for element in elements.iter_mut().filter_map(Value::as_object_mut) {
                if element.contains_key(renamed.to) {
                    continue;
                }
                if let Some(value) = element.remove(renamed.from) {
                    element.insert(renamed.to, value);
                }
            }
        }
    }

    fn needed(&self, row: &Map<Value>, walk: &mut Walk) {
        let has = |name: &str| match row.get(name) {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(Value::Array(items)) => !items.is_empty(),
            Some(_) => true,
        };
        for names in self.method.needed {
            if !names.iter().any(|name| has(name)) {
                let why = match names {
                    [_] => "it is missing",
                    _ => "one of them is needed",
                };
                walk.faults.push((names.join(", "), why.to_owned()));
            }
        }
    }

    /// Reads the row by the typed model of its operation, which sends it.
    fn typed(&self, line: u64, row: Map<Value>) -> Result<Row, Vec<(String, String)>> {
        let row = Row::new(self.method, self.entry, line, row);
        let params = request::params(self.method, &[&row]);
        let read = self
            .entry
            .operation(&params)
            .and_then(|operation| call::check_known(&operation).map(|()| operation))
            .and_then(|operation| operation.request().map(drop));
        match read {
            Ok(()) => Ok(row),
            Err(error) => {
                let field = error.field().unwrap_or_default();
                let prefix = format!("{}[0]", self.method.param);
                let path = field
                    .strip_prefix(&prefix)
                    .or_else(|| field.strip_prefix(self.method.param))
                    .unwrap_or(field);
                let path = path.trim_start_matches('.').to_owned();
                Err(vec![(path, error.message().to_owned())])
            }
        }
    }
}

/// Leaves out the service's id of the object at this path, if it has an externalId.
fn refer(members: &mut Map<Value>, names: &[&str], path: &str, walk: &mut Walk) {
    let Some((name, rest)) = names.split_first() else {
        let has_own =
            matches!(members.get("externalId"), Some(Value::String(id)) if !id.is_empty());
        if let Some(id) = has_own.then(|| members.remove("id")).flatten() {
            walk.leave_out(&format!("{path}.id"), &id);
        }
        return;
    };
    match members.get_mut(name) {
        Some(Value::Object(inner)) => refer(inner, rest, path, walk),
        Some(Value::Array(items)) => {
            for inner in items.iter_mut().filter_map(Value::as_object_mut) {
                refer(inner, rest, path, walk);
            }
        }
        _ => {}
    }
}

/// The text of a row, on one line.
pub(super) fn text(row: Map<Value>) -> String {
    to_json(&Value::Object(row))
}
