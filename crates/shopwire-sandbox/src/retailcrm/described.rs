//! Checks of requests against the API's description: unknown filter fields and ill-formed entities.

mod filter;

use std::sync::LazyLock;

use serde_json::Value;

use super::protocol::answer::Failure;
use super::protocol::call::Call;
use super::value::{self, Object};
use crate::schema::{Description, Operation, Unknown, Violation};

/// The description in this crate.
pub(crate) const BUNDLED: &str = include_str!("../../openapi/retailcrm.json");

/// The parsed description.
pub(crate) static DESCRIPTION: LazyLock<Description> =
    LazyLock::new(|| Description::bundled(BUNDLED));

/// Refuses parts of a call that the description does not allow. Unknown fields of entities are allowed: the service
/// ignores them too.
pub(crate) fn check(operation: &str, call: &Call) -> Result<(), Failure> {
    let Some(operation) = DESCRIPTION.operation(operation) else {
        return Ok(());
    };
    filter::check(operation, &call.query)?;
    entities(operation, call)
}

/// Checks JSON objects in form fields. The handlers of batches check their elements one by one.
fn entities(operation: Operation<'_>, call: &Call) -> Result<(), Failure> {
    let Some(body) = operation.body() else {
        return Ok(());
    };
    for name in body
        .property_names()
        .filter(|name| operation.is_json_field(name))
    {
        let (Some(schema), Ok(Some(Value::Object(entity)))) =
            (body.property(name), call.json(name))
        else {
            continue;
        };
        let entity = without_cleared(Value::Object(entity));
        let errors: Object = schema
            .violations(&entity, Unknown::Allowed)
            .into_iter()
            .filter(|violation| !is_tolerated(violation, &entity))
            .map(|violation| {
                (
                    violation.path,
                    Value::from(format!("This value {}.", violation.message)),
                )
            })
            .collect();
        if !errors.is_empty() {
            return Err(Failure::format(errors));
        }
    }
    Ok(())
}

/// Whether a violation is tolerated. PHP converts scalars where it can. Properties of items are shown as a map and
/// written as a list.
fn is_tolerated(violation: &Violation, entity: &Value) -> bool {
    let last = violation.path.split('.').next_back();
    let Some(given) = at(entity, &violation.path) else {
        return false;
    };
    match violation.message.as_str() {
        "must be object" => given.is_array() && last.is_some_and(|last| last == "properties"),
        "must be integer" => value::integer(given).is_some(),
        "must be number" => value::decimal(given).is_some(),
        "must be string" => value::text(given).is_some(),
        "must be boolean" => value::flag(given).is_some(),
        _ => false,
    }
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

/// Returns the entity without the members that clear a field: they fit any type.
fn without_cleared(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, member)| !clears(member))
            .map(|(name, member)| (name, without_cleared(member)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_cleared).collect(),
        other => other,
    }
}

fn clears(member: &Value) -> bool {
    match member {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
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
        let call = Call {
            path,
            query: php::parse(query.as_bytes()),
            form: php::parse(form.as_bytes()),
            ..Call::default()
        };
        check(&route.name, &call)
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
