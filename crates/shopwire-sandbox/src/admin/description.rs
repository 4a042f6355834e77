//! The description of the admin API.

use std::sync::LazyLock;

use crate::schema::Description;

/// OpenAPI 3.1 in JSON.
pub(super) const OPENAPI: &str = include_str!("openapi.json");

/// The description, parsed once.
pub(super) static DESCRIPTION: LazyLock<Description> =
    LazyLock::new(|| Description::bundled(OPENAPI));
