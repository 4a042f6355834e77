//! The ends of the rows of a request, by the service's answer.

use common_model::{Value, from_json};

use super::{
    kind::{Answer, Method},
    request::Row,
};

/// The end of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    Landed,
    /// The service refused it, in these words.
    Refused(String),
    /// The answer does not tell.
    Unclear,
}

/// The ends of the rows of a request that was answered.
pub(super) fn fates(method: &Method, rows: &[Row], answer: &str) -> Vec<Fate> {
    let answer: Value = from_json(answer).unwrap_or_default();
    let is_success = answer.get("success").and_then(Value::as_bool) == Some(true);
    // A success that counts fewer rows than were sent does not tell that all have landed.
    let counts_all = |done: &str| is_success && list(answer.get(done)).len() == rows.len();
    match method.answer {
        Answer::Missing(missing) => {
            let missing = list(answer.get(missing));
            match is_success || !missing.is_empty() {
                true => rows.iter().map(|row| found(row, &missing)).collect(),
                false => vec![Fate::Unclear; rows.len()],
            }
        }
        Answer::Parts(done, _) | Answer::Ids(done) if counts_all(done) => {
            vec![Fate::Landed; rows.len()]
        }
        Answer::Parts(done, failed) => parts(rows, &answer, done, failed),
        Answer::Ids(done) => ids(rows, &answer, done),
        Answer::Whole if is_success => vec![Fate::Landed; rows.len()],
        Answer::Whole => vec![Fate::Unclear; rows.len()],
    }
}

/// A part of the rows landed; the others are named by externalId.
fn parts(rows: &[Row], answer: &Value, done: &str, failed: &str) -> Vec<Fate> {
    let (done, failed) = (names(answer.get(done)), names(answer.get(failed)));
    let has = |names: &[String], row: &Row| {
        row.external_id
            .as_ref()
            .is_some_and(|id| names.contains(id))
    };
    let refused: Vec<usize> = (0..rows.len())
        .filter(|at| has(&failed, &rows[*at]))
        .collect();
    let reasons = reasons(answer, &refused);
    let fate = |(at, row): (usize, &Row)| match refused.iter().position(|refused| *refused == at) {
        Some(number) => Fate::Refused(reasons[number].clone()),
        None if has(&done, row) => Fate::Landed,
        None => Fate::Unclear,
    };
    rows.iter().enumerate().map(fate).collect()
}

/// A part of the rows landed; the others are named by their position in `errors`.
fn ids(rows: &[Row], answer: &Value, done: &str) -> Vec<Fate> {
    let done = list(answer.get(done)).len();
    let positions: Vec<usize> = match answer.get("errors") {
        Some(Value::Object(errors)) => errors.keys().filter_map(|at| at.parse().ok()).collect(),
        _ => Vec::new(),
    };
    // Any other form of the answer does not tell which rows are meant.
    let is_clear =
        done + positions.len() == rows.len() && positions.iter().all(|at| *at < rows.len());
    if !is_clear {
        return vec![Fate::Unclear; rows.len()];
    }
    let reasons = reasons(answer, &positions);
    let mut fates = vec![Fate::Landed; rows.len()];
    for (at, reason) in positions.into_iter().zip(reasons) {
        fates[at] = Fate::Refused(reason);
    }
    fates
}

/// The reasons of refused rows: from `errors` by position, or in order, or the message of the whole answer.
fn reasons(answer: &Value, refused: &[usize]) -> Vec<String> {
    let message = answer.get("errorMsg").and_then(Value::as_str);
    let message = message.unwrap_or("the service refused the row");
    let errors = answer.get("errors");
    let in_order = match errors {
        Some(Value::Array(errors)) if errors.len() == refused.len() => errors.as_slice(),
        _ => &[],
    };
    let reason = |(number, at): (usize, &usize)| {
        let by_position = errors.and_then(|errors| errors.get(&at.to_string()));
        let told = by_position.or_else(|| in_order.get(number));
        told.map_or(message.to_owned(), text)
    };
    refused.iter().enumerate().map(reason).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_plain(),
        other => other.to_string(),
    }
}

/// Whether a row is among those whose objects are missing.
fn found(row: &Row, missing: &[&Value]) -> Fate {
    let json: Value = match missing.is_empty() {
        true => return Fate::Landed,
        false => from_json(&row.json).unwrap_or_default(),
    };
    let same = |other: &Value, name: &str| {
        let own = json.get(name).filter(|own| !own.is_null()).map(text);
        own.is_some() && own == other.get(name).map(text)
    };
    let names = ["externalId", "xmlId", "id"];
    let is_missing = missing
        .iter()
        .any(|other| names.iter().any(|name| same(other, name)));
    match is_missing {
        true => Fate::Refused("the service has no such object".to_owned()),
        false => Fate::Landed,
    }
}

/// The externalIds of a list of objects.
fn names(value: Option<&Value>) -> Vec<String> {
    let items = list(value).into_iter();
    items
        .filter_map(|item| item.get("externalId").map(text))
        .collect()
}

/// The elements of a list, or of the object that PHP writes for one.
pub(super) fn list(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(Value::Object(members)) => members.values().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::kind::Kind, *};
    use crate::args::ImportMode;

    fn rows(ids: &[&str]) -> Vec<Row> {
        let row = |id: &&str| Row {
            at: 0,
            line: 1,
            site: None,
            external_id: Some((*id).to_owned()),
            id: None,
            json: format!(r#"{{"externalId":"{id}"}}"#),
        };
        ids.iter().map(row).collect()
    }

    fn told(kind: &str, ids: &[&str], answer: &str) -> Vec<Fate> {
        let kind = Kind::find(kind).map_err(|it| it.message()).expect("a kind");
        let method = kind.method(ImportMode::Create).map_err(|it| it.message());
        fates(method.expect("a method"), &rows(ids), answer)
    }

    fn refused(text: &str) -> Fate {
        Fate::Refused(text.to_owned())
    }

    // J5, RE7
    #[test]
    fn j5_a_part_of_a_batch_is_told_row_by_row() {
        let answer = r#"{"success":false,"errorMsg":"with errors","uploadedOrders":[{"id":1,"externalId":"a"}],
            "failedOrders":[{"externalId":"b"},{"externalId":"c"}],"errors":{"1":"no phone","2":"no status"}}"#;
        assert_eq!(
            told("orders", &["a", "b", "c", "d"], answer),
            [
                Fate::Landed,
                refused("no phone"),
                refused("no status"),
                Fate::Unclear
            ]
        );
        // Reasons in order, and none at all.
        let answer = r#"{"success":false,"errorMsg":"with errors","uploadedOrders":[{"externalId":"a"}],
            "failedOrders":{"0":{"externalId":"b"}},"errors":["no phone"]}"#;
        assert_eq!(
            told("orders", &["a", "b"], answer),
            [Fate::Landed, refused("no phone")]
        );
        let answer =
            r#"{"success":false,"errorMsg":"with errors","failedOrders":[{"externalId":"b"}]}"#;
        assert_eq!(told("orders", &["b"], answer), [refused("with errors")]);
    }

    // J5
    #[test]
    fn j5_costs_are_told_by_position_or_not_at_all() {
        let answer = r#"{"success":false,"uploadedCosts":[7],"errors":{"1":"no item"}}"#;
        assert_eq!(
            told("costs", &["a", "b"], answer),
            [Fate::Landed, refused("no item")]
        );
        let answer = r#"{"success":false,"uploadedCosts":[7],"errors":["no item"]}"#;
        assert_eq!(
            told("costs", &["a", "b"], answer),
            [Fate::Unclear, Fate::Unclear]
        );
    }

    // J5
    #[test]
    fn j5_a_success_tells_of_the_rows_that_it_counts() {
        let both = r#"{"success":true,"uploadedOrders":[{"id":1},{"id":2}]}"#;
        let one = r#"{"success":true,"uploadedOrders":[{"id":1,"externalId":"b"}]}"#;
        let (landed, unclear) = (Fate::Landed, Fate::Unclear);
        assert_eq!(
            told("orders", &["a", "b"], both),
            [landed.clone(), landed.clone()]
        );
        assert_eq!(told("orders", &["a", "b"], one), [unclear.clone(), landed]);
        let costs = r#"{"success":true,"uploadedCosts":[7]}"#;
        assert_eq!(
            told("costs", &["a", "b"], costs),
            [unclear.clone(), unclear.clone()]
        );
        for kind in ["orders", "costs", "prices", "products", "tasks"] {
            for answer in ["{}", "null", "[]", r#"{"success":false}"#] {
                assert_eq!(
                    told(kind, &["a"], answer),
                    std::slice::from_ref(&unclear),
                    "{kind}: {answer}"
                );
            }
        }
    }

    // J5
    #[test]
    fn j5_offers_that_are_not_there_are_refused() {
        let answer =
            r#"{"success":true,"processedOffersCount":1,"notFoundOffers":[{"externalId":"b"}]}"#;
        let fates = told("prices", &["a", "b"], answer);
        assert_eq!(fates[0], Fate::Landed);
        assert!(matches!(fates[1], Fate::Refused(_)));
    }
}
