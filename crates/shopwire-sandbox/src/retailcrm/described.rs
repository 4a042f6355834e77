//! Checks of requests against the API's description: unknown filter fields and ill-formed entities.

mod filter;
mod ignored;

use std::sync::LazyLock;

use serde_json::Value;

use super::protocol::answer::Failure;
use super::protocol::call::{Call, Fault};
use super::value::{self, Object};
use crate::journal::{Notes, Reason, ReasonKind};
use crate::schema::{self, Description, Findings, Operation, Schema, Unknown, Violation};

/// The description in this crate.
pub(crate) const BUNDLED: &str = crate::bundled::RETAILCRM;

/// The parsed description.
pub(crate) static DESCRIPTION: LazyLock<Description> =
    LazyLock::new(|| Description::bundled(BUNDLED));

/// Refuses what the description of this operation does not know, and brings the entities of the call into its types.
/// Fields of entities that it lacks are let through: the service ignores them too. All errors, and all that is ignored,
/// is written down in `notes`; the failure is about the first error.
pub(crate) fn take(
    operation: Operation<'_>,
    call: &mut Call,
    notes: &mut Notes,
) -> Result<(), Failure> {
    let errors = filter::errors(operation, &call.query);
    notes.extend(
        errors
            .iter()
            .map(|(field, text)| schema_reason(field, *text)),
    );
    let filter = match errors.into_iter().next() {
        Some((field, text)) => Err(Failure::input(&field, text)),
        None => Ok(()),
    };
    ignored::note(operation, call, notes);
    let entities = entities(operation, call, notes);
    filter.and(entities)
}

/// Checks JSON in form fields. Faults of an element of a list are stored in the call: some methods refuse the whole
/// list, others only that element. The handler reports a field that is not JSON.
fn entities(operation: Operation<'_>, call: &mut Call, notes: &mut Notes) -> Result<(), Failure> {
    let Some(body) = operation.body() else {
        return Ok(());
    };
    let mut first = Ok(());
    for name in body
        .property_names()
        .filter(|name| operation.is_json_field(name))
    {
        let (Some(schema), Ok(Some(entity))) = (body.property(name), call.json(name)) else {
            continue;
        };
        let entity = match (entity, schema.items()) {
            (Value::Object(members), None) => {
                let (entity, errors) = taken(schema, Value::Object(members), name, notes);
                if !errors.is_empty() && first.is_ok() {
                    first = Err(Failure::format(errors));
                }
                entity
            }
            (list @ (Value::Array(_) | Value::Object(_)), Some(element)) => {
                elements(call, name, element, list, notes)
            }
            _ => continue,
        };
        call.form.insert(name.into(), entity.to_string().into());
    }
    first
}

/// The elements of a list, or the values of the map that PHP writes for one with gaps.
fn elements(
    call: &mut Call,
    name: &str,
    schema: Schema<'_>,
    list: Value,
    notes: &mut Notes,
) -> Value {
    let items = value::each(&list).into_iter().cloned().enumerate();
    items
        .map(|(index, item)| {
            let (item, errors) = taken(schema, item, &format!("{name}[{index}]"), notes);
            if !errors.is_empty() {
                call.faults.push(Fault::new(name, index, errors));
            }
            item
        })
        .collect()
}

/// An entity in the types of its schema, and what is wrong with it, by path. `place` is the entity's own path.
fn taken(schema: Schema<'_>, entity: Value, place: &str, notes: &mut Notes) -> (Value, Object) {
    ignored::note_computed(schema, &entity, place, notes);
    let entity = schema.taken(entity);
    let given = schema::given(entity.clone());
    let Findings {
        violations,
        unknown,
    } = schema.findings(&given, Unknown::Allowed);
    let errors: Vec<_> = violations
        .into_iter()
        .filter(|violation| !is_tolerated(violation, &given))
        .collect();
    let inside = |path: &str| match path.is_empty() {
        true => place.to_owned(),
        false => format!("{place}.{path}"),
    };
    for error in &errors {
        notes.push(schema_reason(inside(&error.path), &error.message));
    }
    for path in unknown {
        notes.push(ignored::reason(inside(&path)));
    }
    let errors = errors.into_iter().map(|violation| {
        let text = format!("This value {}.", violation.message);
        (violation.path, text.into())
    });
    (entity, errors.collect())
}

fn schema_reason(field: impl Into<String>, message: impl Into<String>) -> Reason {
    Reason::new(ReasonKind::Schema, message).at(field)
}

/// PHP writes an empty map as a list. Properties of items are shown as a map and written as a list.
fn is_tolerated(violation: &Violation, entity: &Value) -> bool {
    let last = violation.path.split('.').next_back();
    let list = at(entity, &violation.path).and_then(Value::as_array);
    violation.message == "must be object"
        && list.is_some_and(|list| list.is_empty() || last == Some("properties"))
}

/// Returns the value at a path such as `items[0].quantity`.
fn at<'v>(entity: &'v Value, path: &str) -> Option<&'v Value> {
    let keys = path.split(['.', '[']).map(|key| key.trim_end_matches(']'));
    keys.filter(|key| !key.is_empty())
        .try_fold(entity, |value, key| match value {
            Value::Array(items) => items.get(key.parse::<usize>().ok()?),
            other => other.get(key),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retailcrm::protocol::php;
    use crate::retailcrm::routes::Routes;
    use http::Method;

    fn checked(method: Method, path: &str, query: &str, form: &str) -> Result<(), Failure> {
        let routes = Routes::new(&DESCRIPTION);
        let (route, path) = routes.find(&method, path)?;
        let mut call = Call {
            path,
            query: php::parse(query.as_bytes()),
            form: php::parse(form.as_bytes()),
            ..Call::default()
        };
        take(route.operation, &mut call, &mut Notes::default())
    }

    #[test]
    fn x8_an_unknown_filter_field_is_refused() {
        assert!(checked(Method::GET, "/api/v5/orders", "filter[numbers][]=1", "").is_ok());
        let refused = checked(Method::GET, "/api/v5/orders", "filter[colour]=red", "").unwrap_err();
        assert_eq!(
            refused.summary(),
            "filter[colour]: This form should not contain extra fields."
        );
    }

    // F7
    #[test]
    fn f7_a_list_is_taken_where_the_description_has_one() {
        let list = |query: &str| checked(Method::GET, "/api/v5/costs", query, "");
        for fine in [
            "filter[ids][]=1",
            "filter[ids]=1",
            "filter[dateFrom]=2026-01-01",
            "filter[dateFrom][]=2026-01-01",
        ] {
            list(fine).unwrap();
        }
        let refused = list("filter[comment][]=a").unwrap_err();
        assert_eq!(
            refused.summary(),
            "filter[comment]: This value is not valid."
        );
    }

    #[test]
    fn x8_an_ill_formed_entity_is_refused_with_the_path_of_the_field() {
        let create = |order: &str| {
            checked(
                Method::POST,
                "/api/v5/orders/create",
                "",
                &format!("order={order}"),
            )
        };
        let refused = create(r#"{"items":[{"quantity":"many"}]}"#)
            .unwrap_err()
            .summary();
        assert!(refused.starts_with("items[0].quantity: "), "{refused}");
        for fine in [
            r#"{"externalId":17,"phone":79990000000,"items":[{"quantity":"2","initialPrice":"10.50"}]}"#,
            r#"{"customFields":[],"email":null,"createdAt":"","customer":{"id":"1"},"made_up":true}"#,
        ] {
            create(fine).unwrap();
        }
    }

    #[test]
    fn re12_tags_are_written_as_names() {
        let create = |customer: &str| {
            let form = format!("customer={customer}");
            checked(Method::POST, "/api/v5/customers/create", "", &form)
        };
        create(r#"{"tags":["a"],"addTags":["b"],"removeTags":["c"]}"#).unwrap();
        create(r#"{"tags":[{"name":"a","color":"red"},"b"]}"#).unwrap();
        assert!(create(r#"{"tags":[["a"]]}"#).is_err());
    }
}
