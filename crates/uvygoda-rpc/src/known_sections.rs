//! Sections with known properties, to check cards before they are sent.

use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;
use common_api::answer::members;
use common_model::{Id, Map, from_json};
use common_transport::{Error, Metadata};
use http::Request;

use crate::{check_properties, shared::Property};

/// Methods whose requests name a section and hold a whole card.
const SENDERS: [&str; 1] = ["addProduct"];

/// Properties by section; clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownSections {
    by_id: Arc<HashMap<i64, Vec<Property>>>,
}

impl KnownSections {
    pub(crate) fn insert(
        &mut self,
        section_id: i64,
        properties: impl IntoIterator<Item = Property>,
    ) {
        let by_id = Arc::make_mut(&mut self.by_id);
        by_id.insert(section_id, properties.into_iter().collect());
    }

    /// Refuses a card with properties that its section does not accept. Leaves a body that cannot be read to the
    /// service.
    pub(crate) fn check(&self, metadata: &Metadata, request: &Request<Bytes>) -> Result<(), Error> {
        if self.by_id.is_empty() || !SENDERS.contains(&metadata.name) {
            return Ok(());
        }
        let text = std::str::from_utf8(request.body()).unwrap_or_default();
        let Ok([section, values]) = members(text, ["SECTION_ID", "PROPERTIES"]) else {
            return Ok(());
        };
        let section: Option<i64> = section.and_then(|raw| from_json(raw).ok());
        let values: Option<Map<Id>> = values.and_then(|raw| from_json(raw).ok());
        match section.and_then(|id| self.by_id.get(&id)) {
            Some(properties) => Ok(check_properties(&values.unwrap_or_default(), properties)?),
            None => Ok(()),
        }
    }
}
