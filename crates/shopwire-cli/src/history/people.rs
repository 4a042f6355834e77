//! Names of users: an entry of a history has their ids alone.

use std::{collections::HashMap, sync::Arc};

use common_api::{AnyOutput, Sender};
use common_model::{Value as Json, from_json};

use super::change::{self, User};
use crate::{args::Service, call};

/// The names of users, asked for once each.
pub(super) struct People {
    sender: Arc<dyn Sender>,
    known: HashMap<i64, Option<String>>,
}

impl People {
    pub(super) fn new(sender: Arc<dyn Sender>) -> Self {
        Self {
            sender,
            known: HashMap::new(),
        }
    }

    /// Adds the name of a user who has none. Without one, because the key may not read users or the user is gone, the
    /// user keeps the id.
    pub(super) async fn name(&mut self, user: &mut User) {
        let (Some(id), None) = (user.id, &user.name) else {
            return;
        };
        if !self.known.contains_key(&id) {
            let name = self.ask(id).await;
            self.known.insert(id, name);
        }
        user.name = self.known.get(&id).cloned().flatten();
    }

    async fn ask(&self, id: i64) -> Option<String> {
        let entry = call::entry(Service::Retailcrm, "users.get")?;
        let operation = entry.operation(&format!("{{\"id\":{id}}}")).ok()?;
        let AnyOutput::Json(text) = self.sender.send(&operation).await.ok()? else {
            return None;
        };
        let answer: Json = from_json(&text).ok()?;
        change::name(answer.get("user")?)
    }
}
