//! `/api/changes`: what a manager does in the web interface of RetailCRM.

use serde_json::json;

use super::answer::Answer;
use super::call::Call;
use super::context::Context;
use super::handled::Handled;
use super::state::failure;

/// `POST /api/changes`: changes an order or a customer; the history names the source `user`.
pub(super) fn make(context: &Context, call: &Call) -> Handled {
    let history = context.state.change(&call.body).map_err(failure)?;
    context.notices.tell(
        "state",
        json!({ "by": "change", "counts": context.state.counts() }),
    );
    Ok(Answer::Json(json!({ "history": history })))
}
