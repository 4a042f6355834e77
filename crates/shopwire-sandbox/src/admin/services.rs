//! `/api/services`: where the services are, and who may call them.

use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::context::Context;
use super::handled::Handled;
use crate::names::ServiceName;

/// `GET /api/services`: addresses and credentials.
pub(super) fn list(context: &Context, _: &Call) -> Handled {
    let services = ServiceName::ALL.map(|name| {
        let mut shown = json!({ "service": name.as_str() });
        if let (Value::Object(members), Some(shown)) =
            (context.services.access(name), shown.as_object_mut())
        {
            shown.extend(members);
        }
        shown
    });
    Ok(Answer::Json(Value::from(services.to_vec())))
}
