//! The OpenAPI description of a service, for the types and meanings that the operation tables lack.

mod schema;

use common_api::{ListEntry, OperationEntry};
use common_model::{Value as Json, from_json};
use shopwire_sandbox::{NiceChat, RetailCrm, Uvygoda};

use crate::args::Service;
pub(super) use schema::Reads;
pub(crate) use schema::Schema;

/// The description of one service.
#[derive(Debug)]
pub(crate) struct Description(Json);

/// The description of one operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Described<'d> {
    root: &'d Json,
    operation: &'d Json,
}

/// The schema and the meaning of a parameter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meant<'d> {
    pub(super) schema: Schema<'d>,
    /// Empty if the description does not say.
    pub(super) meaning: &'d str,
}

impl Description {
    pub(crate) fn of(service: Service) -> Self {
        let text = match service {
            Service::Nicechat => NiceChat::OPENAPI,
            Service::Uvygoda => Uvygoda::OPENAPI,
            Service::Retailcrm => RetailCrm::OPENAPI,
        };
        // The sandbox reads the same text, so it is JSON.
        Self(from_json(text).unwrap_or_default())
    }

    /// The schema of the answer to an operation, when it is JSON.
    pub(crate) fn answer(&self, entry: &OperationEntry) -> Option<Schema<'_>> {
        self.answer_with(entry, 200)
    }

    /// The schema of the answer with this status. Of services that do not tell successes apart, it is that of a 200.
    pub(crate) fn answer_with(&self, entry: &OperationEntry, status: u16) -> Option<Schema<'_>> {
        let responses = self.operation(entry)?.operation.get("responses")?;
        let named = responses.get(&status.to_string());
        let is_success = (200..300).contains(&status);
        let other = || responses.get("200").filter(|_| is_success);
        let content = named.or_else(other)?.get("content")?.as_object()?;
        let schema = content.values().next()?.get("schema")?;
        Some(Schema::new(&self.0, schema))
    }

    /// The schema of the items of a list.
    pub(crate) fn items(&self, service: Service, list: &ListEntry) -> Option<Schema<'_>> {
        let answer = self.answer(super::entry(service, list.operation())?)?;
        let holder = match list.within() {
            Some(name) => answer.child(name)?,
            None => answer,
        };
        let mut lists = list.members().iter().filter_map(|name| holder.child(name));
        let list = lists.next()?;
        list.items().or_else(|| list.values())
    }

    /// The schema of a parameter of an operation.
    pub(crate) fn param(&self, entry: &OperationEntry, name: &str) -> Option<Schema<'_>> {
        Some(self.operation(entry)?.param(name)?.schema)
    }

    /// The operation of a row of the table; both stem from one description, so it is there.
    pub(super) fn operation(&self, entry: &OperationEntry) -> Option<Described<'_>> {
        let method = entry.metadata.method.as_str().to_lowercase();
        let path = self.0.get("paths")?.get(entry.metadata.path);
        let named = |operation: &&Json| {
            operation.get("operationId").and_then(Json::as_str) == Some(entry.metadata.name)
        };
        let paths = || self.0.get("paths").and_then(Json::as_object);
        let operation = path
            .and_then(|path| path.get(&method))
            .filter(named)
            .or_else(|| {
                let items = paths()?.values().filter_map(Json::as_object);
                items.flat_map(|item| item.values()).find(named)
            })?;
        Some(Described {
            root: &self.0,
            operation,
        })
    }
}

impl<'d> Described<'d> {
    pub(super) fn summary(self) -> &'d str {
        text(self.operation, "summary")
    }

    /// More than the summary; empty if the description has no more.
    pub(super) fn details(self) -> &'d str {
        text(self.operation, "description")
    }

    /// The schema and meaning of a parameter, or of a member of the body. The description of a list may have the
    /// brackets of its name on the wire: `ids[]`.
    pub(super) fn param(self, name: &str) -> Option<Meant<'d>> {
        self.named(name)
            .or_else(|| self.named(&format!("{name}[]")))
    }

    fn named(self, name: &str) -> Option<Meant<'d>> {
        let is_it = |param: &&Json| text(param, "name") == name;
        let params = self.operation.get("parameters").and_then(Json::as_array);
        if let Some(param) = params.and_then(|params| params.iter().find(is_it)) {
            let schema = Schema::new(self.root, param.get("schema")?);
            let meaning = match text(param, "description") {
                "" => schema.meaning(),
                meaning => meaning,
            };
            return Some(Meant { schema, meaning });
        }
        let schema = self.body()?.child(name)?;
        let meaning = schema.meaning();
        Some(Meant { schema, meaning })
    }

    /// The schema of the body; all media types have the same.
    fn body(self) -> Option<Schema<'d>> {
        let content = self.operation.get("requestBody")?.get("content")?;
        let media = content.as_object()?.values().next()?;
        Some(Schema::new(self.root, media.get("schema")?))
    }

    /// The page sizes that the service takes, if the description lists them.
    pub(super) fn page_sizes(self) -> Option<Vec<u64>> {
        let limit = self.param("limit")?;
        let (_, sizes) = limit.meaning.split_once("Page size: ")?;
        let words = sizes.split(|letter: char| !letter.is_ascii_digit());
        let sizes: Vec<u64> = words.filter_map(|word| word.parse().ok()).collect();
        (!sizes.is_empty()).then_some(sizes)
    }
}

fn text<'j>(json: &'j Json, name: &str) -> &'j str {
    json.get(name).and_then(Json::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{super::service, *};

    const SERVICES: [Service; 3] = [Service::Nicechat, Service::Uvygoda, Service::Retailcrm];

    // C14
    #[test]
    fn c14_every_parameter_of_every_operation_has_a_type() {
        let mut params = 0;
        for service in SERVICES {
            let description = Description::of(service);
            for entry in service::operations(service) {
                let name = entry.metadata.name;
                let described = description.operation(entry).expect(name);
                assert!(!described.summary().is_empty(), "{name}");
                for param in entry.metadata.params {
                    if param.place == common_transport::Place::Binary {
                        continue;
                    }
                    let meant = described.param(param.name);
                    let meant = meant.unwrap_or_else(|| panic!("{name} {}", param.name));
                    assert!(!meant.schema.type_name().is_empty());
                    params += 1;
                }
            }
        }
        assert!(params > 300, "{params}");
    }

    // C14
    #[test]
    fn c14_page_sizes_are_read_from_the_description() {
        let description = Description::of(Service::Retailcrm);
        let sizes = |name: &str| {
            let entries = service::operations(Service::Retailcrm);
            let entry = entries.iter().find(|entry| entry.metadata.name == name);
            description.operation(entry.expect(name))?.page_sizes()
        };
        assert_eq!(sizes("orders.list"), Some(vec![20, 50, 100]));
        assert_eq!(sizes("orders.create"), None);
    }
}
