//! Power.
use crate::role::Role;
pub(crate) async fn run(_: Role) {}
