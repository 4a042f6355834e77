//! Differences, each once with the number of its occurrences.

use common_api::cassette::Exchange;

/// The part of an answer that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One answer is a success, the other a failure.
    Outcome,
    /// The HTTP status.
    Status,
    /// The media type or its charset.
    ContentType,
    /// One body is JSON, the other is not.
    Body,
    /// A member that only the account's answer has.
    Missing,
    /// A member that only the sandbox's answer has.
    Extra,
    /// The JSON type of a value.
    Type,
    /// One of a few values, or the text of an error.
    Value,
    /// A member or a type that the description does not have, where the sandbox has no counterpart.
    Undescribed,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Status => "status",
            Self::ContentType => "content_type",
            Self::Body => "body",
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Type => "type",
            Self::Value => "value",
            Self::Undescribed => "undescribed",
        }
    }
}

/// One difference between two answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) kind: Kind,
    /// The place in the body: `order.items[].quantity`; empty for the answer as a whole.
    pub(super) at: String,
    /// The account's side in words. Empty for a member that it does not have.
    pub(super) recorded: String,
    /// The sandbox's side.
    pub(super) sandbox: String,
    /// Whether it may come from the data of the account alone.
    pub(super) needs_state: bool,
}

/// A difference and where it occurs.
#[derive(Debug)]
pub(super) struct Listed {
    /// Service and operation.
    pub(super) operation: String,
    pub(super) difference: Difference,
    /// The line of the recording, of the first.
    pub(super) line: usize,
    pub(super) times: usize,
}

/// An exchange that is not compared.
#[derive(Debug)]
pub(super) struct Skipped {
    pub(super) operation: String,
    pub(super) line: usize,
    pub(super) why: String,
}

/// All that was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) exchanges: usize,
    pub(super) listed: Vec<Listed>,
    pub(super) skipped: Vec<Skipped>,
}

impl Found {
    pub(super) fn new(exchanges: usize) -> Self {
        Self {
            exchanges,
            listed: Vec::new(),
            skipped: Vec::new(),
        }
    }

    pub(super) fn skip(&mut self, line: usize, exchange: &Exchange, why: &str) {
        self.skipped.push(Skipped {
            operation: name(exchange),
            line,
            why: why.to_owned(),
        });
    }

    pub(super) fn add(&mut self, line: usize, exchange: &Exchange, differences: Vec<Difference>) {
        let operation = name(exchange);
        for difference in differences {
            let mut listed = self.listed.iter_mut();
            let same = listed
                .find(|listed| listed.operation == operation && listed.difference == difference);
            match same {
                Some(listed) => listed.times += 1,
                None => self.listed.push(Listed {
                    operation: operation.clone(),
                    difference,
                    line,
                    times: 1,
                }),
            }
        }
    }

    /// The differences that come from the data of the account, or those that do not.
    pub(super) fn of(&self, needs_state: bool) -> impl Iterator<Item = &Listed> {
        let all = self.listed.iter();
        all.filter(move |listed| listed.difference.needs_state == needs_state)
    }

    pub(super) fn differs(&self) -> bool {
        self.of(false).next().is_some()
    }
}

fn name(exchange: &Exchange) -> String {
    exchange.operation().unwrap_or("unknown").to_owned()
}
