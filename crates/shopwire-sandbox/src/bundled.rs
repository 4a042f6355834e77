//! The descriptions that this crate carries, as OpenAPI 3.1 in JSON. Code generation writes them.

pub(crate) const NICECHAT: &str = include_str!("../openapi/nicechat.json");
pub(crate) const UVYGODA: &str = include_str!("../openapi/uvygoda.json");
pub(crate) const RETAILCRM: &str = include_str!("../openapi/retailcrm.json");
