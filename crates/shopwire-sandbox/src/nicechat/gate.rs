//! Authentication: key and signature, in headers, query or form.

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
    account: Credentials,
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
            account,
            verifier,
            names: options.names.clone(),
        }
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
        let account = |key: &str| (key == self.account.key()).then(|| self.account.clone());
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
