//! Methods about the API itself; they live outside of the version.

use serde_json::json;

use crate::retailcrm::protocol::answer::{Answer, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;

pub(crate) fn list_versions(_: &mut Account, _: &Call) -> Outcome {
    Ok(Answer::ok(json!({"versions": ["5"]})))
}

pub(crate) fn get_credentials(account: &mut Account, _: &Call) -> Outcome {
    Ok(Answer::ok(json!({
        "credentials": account.key.paths,
        "scopes": account.key.scopes,
        "siteAccess": "access_selective",
        "sitesAvailable": account.key.sites,
    })))
}

pub(crate) fn get_system_info(_: &mut Account, _: &Call) -> Outcome {
    Ok(Answer::ok(json!({
        "systemVersion": "8.0.0",
        "publicUrl": "https://sandbox.example",
        "technicalUrl": "https://sandbox.example",
    })))
}
