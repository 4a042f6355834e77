//! Small methods on generated types.

use crate::{Deal, FeedResult, FeedState, FeedTaskEnvelope, Product};

impl Product {
    /// Whether the price is in this currency: codes are compared without regard to case (acceptance
    /// row N59).
    pub fn is_priced_in(&self, currency: &str) -> bool {
        let own = self.currency.as_deref();
        own.is_some_and(|own| own.eq_ignore_ascii_case(currency))
    }
}

impl Deal {
    /// The agents' e-mail addresses, under whichever name they came (acceptance row N66).
    pub fn participants(&self) -> &[String] {
        let listed = self.agents.as_deref().or(self.agent.as_deref());
        listed.unwrap_or_default()
    }
}

impl FeedTaskEnvelope {
    /// What to ask the result with.
    pub fn token(&self) -> Option<&str> {
        self.result.as_ref()?.token.as_deref()
    }
}

impl FeedState {
    /// Whether the task has ended; a state that is not known has not.
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
