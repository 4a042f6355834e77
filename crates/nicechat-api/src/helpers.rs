//! Helper methods on generated types.

use crate::{Deal, FeedResult, FeedState, FeedTaskEnvelope, Product};

impl Product {
    /// Whether the price is in this currency. Ignores the case of the codes.
    // N59
    pub fn is_priced_in(&self, currency: &str) -> bool {
        let own = self.currency.as_deref();
        own.is_some_and(|own| own.eq_ignore_ascii_case(currency))
    }
}

impl Deal {
    /// The agents' e-mail addresses, from either of the two names that the service gives the field.
    // N66
    pub fn participants(&self) -> &[String] {
        let listed = self.agents.as_deref().or(self.agent.as_deref());
        listed.unwrap_or_default()
    }
}

impl FeedTaskEnvelope {
    /// The token to query the result with.
    pub fn token(&self) -> Option<&str> {
        self.result.as_ref()?.token.as_deref()
    }
}

impl FeedState {
    /// Whether the task has ended. An unknown state counts as not ended.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Success | Self::Failed)
    }
}

impl FeedResult {
    /// Whether the import has succeeded.
    pub fn is_success(&self) -> bool {
        self.state == Some(FeedState::Success)
    }
}
