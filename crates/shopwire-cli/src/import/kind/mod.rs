//! The kinds of rows: the method that takes them, and what is known of it.

mod list;

use common_api::OperationEntry;

use crate::{
    args::{ImportMode, Service},
    call,
    failure::Failure,
    suggest,
};
use list::KINDS;

/// A kind of rows.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    create: Method,
    /// `None`: the method sets values anyway, or the service cannot change such objects by an id of the user's.
    edit: Option<Method>,
    /// Whether triggers of the account may write to customers when such rows are loaded.
    pub(super) has_triggers: bool,
    /// The list whose rows an export writes.
    pub(super) list: &'static str,
}

/// A method, and how rows are sent by it.
#[derive(Debug)]
pub(super) struct Method {
    pub(super) operation: &'static str,
    /// The parameter that has the rows.
    pub(super) param: &'static str,
    pub(super) form: Form,
    /// Members that a row needs: of each line, one.
    pub(super) needed: &'static [&'static [&'static str]],
    /// Members that the service gives to new objects.
    pub(super) given: &'static [&'static str],
    /// Members that name other objects. The id of the service gives way to an externalId there, since only that one is the
    /// same in another account.
    pub(super) references: &'static [&'static str],
    /// Members of a list by the names that an export has for them, and by those that the method takes.
    pub(super) renamed: &'static [Renamed],
    pub(super) unclear: Unclear,
    /// The list of the objects that the rows change, in which a dry run looks for them.
    pub(super) changed: Option<Look>,
    pub(super) unique: Unique,
    pub(super) answer: Answer,
}

/// The form of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A list of at most so many rows.
    List(usize),
    /// One row.
    Single,
    /// One row, and its externalId or id in the path.
    Path,
}

/// A member of the elements of a list.
#[derive(Debug)]
pub(super) struct Renamed {
    pub(super) list: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
}

/// The way to go on after a request whose end is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unclear {
    /// The objects are looked for by externalId.
    Look(Look),
    /// The rows are sent again: they set values.
    Repeat,
    /// Nothing tells whether the objects are there. A person looks.
    Ask,
}

/// The things that two rows of one file cannot both be, or set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unique {
    /// Each row is a thing of its own.
    Nothing,
    /// The object.
    Object,
    /// The element of this list with its `code`, at the object.
    Element(&'static str),
}

/// A list with a filter by externalId, and one by `ids`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) operation: &'static str,
    pub(super) list: &'static str,
    pub(super) filter: &'static str,
    /// Whether the filter takes several externalIds.
    pub(super) takes_many: bool,
}

/// The members of an answer that tell what became of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// All rows are done.
    Whole,
    /// Both members are lists of objects with their externalId; without success, a part was refused.
    Parts(&'static str, &'static str),
    /// A list of the ids of new objects; without success, `errors` has the others by position.
    Ids(&'static str),
    /// A list of the rows whose objects are not there.
    Missing(&'static str),
}

impl Kind {
    /// The kind of this name.
    ///
    /// # Errors
    /// Wrong usage; the failure suggests similar names.
    pub(super) fn find(name: &str) -> Result<&'static Self, Failure> {
        if let Some(kind) = KINDS.iter().find(|kind| kind.name == name) {
            return Ok(kind);
        }
        let names = || KINDS.iter().map(|kind| kind.name);
        let hint = match suggest::nearest(name, names()).as_slice() {
            [] => names().collect::<Vec<_>>().join(", "),
            near => format!("did you mean {}?", near.join(", ")),
        };
        Err(Failure::usage(format_args!(
            "there are no such rows; {hint}"
        )))
    }

    /// Whether objects of this kind can be changed.
    pub(super) fn has_edit(&self) -> bool {
        self.edit.is_some()
    }

    /// The method of a mode.
    ///
    /// # Errors
    /// Wrong usage: there is no such method.
    pub(super) fn method(&self, mode: ImportMode) -> Result<&Method, Failure> {
        match mode {
            ImportMode::Create => Ok(&self.create),
            ImportMode::Edit => self.edit.as_ref().ok_or_else(|| {
                let why = match self.create.unclear {
                    Unclear::Repeat => "they are values that are set anyway",
                    _ => "without an id of yours, a row cannot name its object",
                };
                Failure::usage(format_args!("--mode edit is not for {}: {why}", self.name))
            }),
        }
    }
}

impl Method {
    /// The row of the table of operations.
    ///
    /// # Errors
    /// A test shows that each operation is in the table.
    pub(super) fn entry(&self) -> Result<&'static OperationEntry, Failure> {
        entry(self.operation)
    }

    /// Whether the service replaces a list of the object by that of the row.
    pub(super) fn replaces_lists(&self) -> bool {
        self.changed.is_some()
    }

    /// The number of rows of one request at most.
    pub(super) fn most(&self) -> usize {
        match self.form {
            Form::List(most) => most,
            Form::Single | Form::Path => 1,
        }
    }
}

/// The row of an operation.
pub(super) fn entry(operation: &str) -> Result<&'static OperationEntry, Failure> {
    call::entry(Service::Retailcrm, operation)
        .ok_or_else(|| Failure::new(format_args!("there is no operation {operation}")))
}

/// The kinds with their methods, as text.
pub(super) fn table() -> String {
    let mut out = String::new();
    for kind in &KINDS {
        let methods = std::iter::once(&kind.create).chain(&kind.edit);
        for (method, mode) in methods.zip(["", " --mode edit"]) {
            let many = match method.most() {
                1 => "one by one".to_owned(),
                most => format!("{most} in a request"),
            };
            let name = format!("{}{mode}", kind.name);
            out += &format!("{name:<22}  {:<27}  {many}\n", method.operation);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{super::search, *};
    use crate::call::Description;

    // J5
    #[test]
    fn j5_every_method_and_parameter_of_a_kind_exists() {
        let description = Description::of(Service::Retailcrm);
        let lists = shopwire::retailcrm::lists();
        for kind in &KINDS {
            for method in std::iter::once(&kind.create).chain(&kind.edit) {
                let entry = entry(method.operation)
                    .map_err(|it| it.message())
                    .expect("found");
                let param = description
                    .param(entry, method.param)
                    .expect(method.operation);
                let row = match method.form {
                    Form::List(_) => param.items().expect("a list"),
                    _ => param,
                };
                let list = lists.iter().find(|list| list.operation() == kind.list);
                let shown = description.items(Service::Retailcrm, list.expect(kind.name));
                for name in method.needed.iter().copied().flatten() {
                    assert!(row.child(name).is_some(), "{}: {name}", method.operation);
                }
                for name in method.given {
                    let shown = shown.and_then(|shown| shown.child(name));
                    assert!(row.child(name).or(shown).is_some(), "{name}");
                }
                for path in method.references {
                    let mut names = path.split('.');
                    let found = names.try_fold(row, |schema, name| {
                        let schema = schema.items().unwrap_or(schema);
                        schema.child(name)
                    });
                    let found = found.expect(path);
                    assert!(found.child("externalId").is_some(), "{path}");
                }
                for renamed in method.renamed {
                    let element = row.child(renamed.list).and_then(|list| list.items());
                    assert!(element.expect("a list").child(renamed.to).is_some());
                }
                let unclear = match method.unclear {
                    Unclear::Look(look) => Some(look),
                    Unclear::Repeat | Unclear::Ask => None,
                };
                for look in unclear.into_iter().chain(method.changed) {
                    let entry = super::entry(look.operation)
                        .map_err(|it| it.message())
                        .expect("found");
                    let filter = description.param(entry, "filter").expect("a filter");
                    let field = filter.child(look.filter).expect(look.filter);
                    assert_eq!(field.is_list(), look.takes_many, "{}", look.operation);
                    let ids = filter.child(search::IDS).expect(look.operation);
                    assert!(ids.is_list(), "{}", look.operation);
                }
            }
        }
        assert!(Kind::find("order").is_err() && Kind::find("orders").is_ok());
    }
}
