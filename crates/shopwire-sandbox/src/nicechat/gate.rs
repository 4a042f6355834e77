//! Authentication: key and signature, in headers, query or form.

use std::sync::{PoisonError, RwLock};

use bytes::Bytes;
use http::Request;
use nicechat_sign::{Credentials, Names, Verifier, VerifyError};

use super::envelope::Refusal;
use crate::options::NiceChatOptions;

/// The longest body of a signed request, in bytes.
const MAX_BODY: usize = 16 << 20;

/// The gate of one account.
#[derive(Debug)]
pub(super) struct Gate {
    account: RwLock<Credentials>,
    verifier: Verifier,
    names: Names,
}

impl Gate {
    pub(super) fn new(account: Credentials, options: &NiceChatOptions) -> Self {
        let verifier = Verifier::new()
            .dialect(options.dialect)
            .names(options.names.clone())
            .query_rule(options.query_rule)
            .max_body(MAX_BODY);
        Self {
            account: RwLock::new(account),
            verifier,
            names: options.names.clone(),
        }
    }

    /// Replaces the account's credentials: earlier ones are wrong from then on.
    pub(super) fn replace_account(&self, account: Credentials) {
        let own = self.account.write();
        *own.unwrap_or_else(PoisonError::into_inner) = account;
    }

    /// Returns the names of the two parameters, which are not fields of an object.
    pub(super) fn parameters(&self) -> [&str; 2] {
        [
            self.names.key_parameter_name(),
            self.names.signature_parameter_name(),
        ]
    }

    /// Authenticates a request. The refusal of a wrong signature is always the same. A body that cannot be read
    /// unambiguously is a bad request for any sender.
    pub(super) fn admit(&self, request: Request<Bytes>) -> Result<Request<Bytes>, Refusal> {
        let (parts, body) = request.into_parts();
        let own = self.account.read();
        let own = own.unwrap_or_else(PoisonError::into_inner).clone();
        let account = |key: &str| (key == own.key()).then(|| own.clone());
        match self.verifier.verify(&parts, &body, account) {
            Ok(_) => Ok(Request::from_parts(parts, body)),
            Err(rejection) => Err(refusal(rejection)),
        }
    }
}

fn refusal(rejection: VerifyError) -> Refusal {
    if rejection.is_unauthorized() {
        Refusal::unauthorized()
    } else {
        Refusal::new(rejection.status(), rejection.to_string())
    }
}

#[cfg(test)]
mod tests;
