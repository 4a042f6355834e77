//! One document per service, so that the sandbox's package stands alone.

use super::{
    documents::{self, Document},
    json::Json,
    node::Findings,
};

/// All documents of a service merged into one, compact, with references inside of it.
pub(crate) fn bundle(documents: &[Document], findings: &mut Findings) -> Result<String, String> {
    let mut merged = Json::Object(Vec::new());
    for document in documents {
        let local = localised(&document.json, &document.stem);
        merge(&mut merged, &local, 0, &document.file, findings);
    }
    Ok(merged.to_text()? + "\n")
}

/// References rewritten from `common.json#/components/…` to `#/components/…`.
fn localised(json: &Json, stem: &str) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().map(|item| localised(item, stem)).collect()),
        Json::Object(members) => Json::Object(
            members
                .iter()
                .map(|(key, value)| match (key.as_str(), value.as_str()) {
                    ("$ref", Some(text)) => {
                        (key.clone(), Json::String(local_reference(text, stem)))
                    }
                    // A discriminator's values and the schemas they stand for.
                    ("mapping", None) => (key.clone(), localised_mapping(value, stem)),
                    _ => (key.clone(), localised(value, stem)),
                })
                .collect(),
        ),
        other => other.clone(),
    }
}

fn localised_mapping(json: &Json, stem: &str) -> Json {
    let local = |value: &Json| match value.as_str() {
        Some(text) => Json::String(local_reference(text, stem)),
        None => localised(value, stem),
    };
    let members = json.members().iter();
    Json::Object(
        members
            .map(|(key, value)| (key.clone(), local(value)))
            .collect(),
    )
}

fn local_reference(text: &str, stem: &str) -> String {
    match documents::reference(text, stem) {
        Some(to) => format!("#/components/{}/{}", to.kind, to.name),
        None => text.to_owned(),
    }
}

/// Puts `from` into `into`. Down to the single component the objects are united; at the top the first
/// document's word stands (`info`), and `paths`, `webhooks` and `components` may not say two things of one name.
fn merge(into: &mut Json, from: &Json, depth: usize, file: &str, findings: &mut Findings) {
    let Json::Object(members) = into else {
        return;
    };
    for (key, value) in from.members() {
        let is_united = match depth {
            0 => ["paths", "webhooks", "components"].contains(&key.as_str()),
            depth => depth < 3 && matches!(value, Json::Object(_)),
        };
        match members.iter_mut().find(|(known, _)| known == key) {
            None => members.push((key.clone(), value.clone())),
            Some((_, known)) if known == value => {}
            Some((_, known)) if is_united => merge(known, value, depth + 1, file, findings),
            Some((_, Json::Array(known))) if key == "tags" && depth == 0 => {
                known.extend(value.as_array().unwrap_or_default().iter().cloned());
            }
            Some(_) if depth == 0 => {}
            Some(_) => findings.push(format!("{file}: {key} is described otherwise elsewhere")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(stem: &str, text: &str) -> Document {
        Document {
            file: format!("{stem}.json"),
            stem: stem.to_owned(),
            json: Json::parse(text).unwrap(),
        }
    }

    #[test]
    fn documents_become_one_and_references_local() {
        let documents = [
            document(
                "a",
                r##"{"info":{"title":"a"},"paths":{"/x":{"get":{"$ref":"common.json#/components/responses/E"}}}}"##,
            ),
            document(
                "common",
                r##"{"info":{"title":"c"},"paths":{},"components":{"responses":{"E":{"$ref":"#/components/schemas/S"}}}}"##,
            ),
        ];
        let mut findings = Findings::default();
        assert_eq!(
            bundle(&documents, &mut findings).unwrap(),
            concat!(
                r##"{"info":{"title":"a"},"paths":{"/x":{"get":{"$ref":"#/components/responses/E"}}},"##,
                r##""components":{"responses":{"E":{"$ref":"#/components/schemas/S"}}}}"##,
                "\n"
            )
        );
        findings.into_result().unwrap();
    }

    #[test]
    fn two_meanings_of_one_name_are_found() {
        let documents = [
            document("a", r#"{"components":{"schemas":{"S":{"type":"string"}}}}"#),
            document(
                "b",
                r#"{"components":{"schemas":{"S":{"type":"integer"}}}}"#,
            ),
        ];
        let mut findings = Findings::default();
        bundle(&documents, &mut findings).unwrap();
        let error = findings.into_result().unwrap_err();
        assert!(error.contains("b.json: type"), "{error}");
    }
}
