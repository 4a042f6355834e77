//! Users: the groups of a manager, and the permissions of a user's groups.

use serde_json::{Value, json};

use super::resolve::at;
use crate::retailcrm::state::account::Account;
use crate::retailcrm::value::{self, Object, object};

impl Account {
    /// The codes of the groups of the row's manager.
    pub(super) fn manager_groups(&self, row: &Object) -> Value {
        let id = row.get("managerId").and_then(value::integer);
        let user = id.and_then(|id| self.records.table("users").get(id));
        let codes = user.map(|user| value::all_at(user, "groups.code"));
        codes.into_iter().flatten().cloned().collect()
    }

    /// Returns the data that a list joins to a user: `isPosManager` by the groups, and the `status` of an online
    /// user.
    pub(crate) fn joined_user(&self, user: &Object, path: &str) -> Vec<Value> {
        let codes: Vec<&Value> = value::all_at(user, "groups.code");
        let groups = self.records.table("groups").iter();
        let is_pos_manager = groups
            .filter(|group| group.get("code").is_some_and(|code| codes.contains(&code)))
            .any(|group| group.get("isPosManager").and_then(value::flag) == Some(true));
        let is_online = user.get("online").and_then(value::flag) == Some(true);
        let status = user.get("status").filter(|_| is_online);
        at(
            &object(json!({"isPosManager": is_pos_manager, "status": status})),
            path,
        )
    }
}
