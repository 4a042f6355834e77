//! The search: at most a dozen GETs, and no more once all is known.

use nicechat_sign::{Names, Placement, QueryRule, Signer};

use super::{
    candidates::{self, PLAIN, TELLING},
    finding::Finding,
    reply::{Reply, Said},
    sender::{Ask, Attempt},
};

/// Maximum number of requests.
pub(super) const MOST: u32 = 12;

/// A search for the rules of a server.
#[derive(Debug)]
pub(super) struct Search<A> {
    asked: A,
    /// The credentials. Its names and its dialect are tried first.
    settings: Signer,
    finding: Finding,
    /// The answer to a request without a signature.
    unsigned: Option<Said>,
    /// A refusal that differed from `unsigned`, and the names that caused it.
    reaction: Option<(u16, String)>,
}

/// The reason that the search ends early.
type Stop = String;

impl<A: Ask> Search<A> {
    pub(super) fn new(asked: A, settings: Signer) -> Self {
        Self {
            asked,
            settings,
            finding: Finding::default(),
            unsigned: None,
            reaction: None,
        }
    }

    /// Runs the search to its end.
    pub(super) async fn run(mut self) -> Finding {
        if let Err(stop) = self.steps().await {
            if self.finding.works() {
                self.finding.notes.push(format!("stopped early: {stop}"));
            }
            self.finding.stopped = Some(stop);
        }
        self.finding
    }

    async fn steps(&mut self) -> Result<(), Stop> {
        self.without_signature().await?;
        self.finding.header = self.names(Placement::Headers).await?;
        self.finding.parameter = self.names(Placement::Parameters).await?;
        let (names, placement) = match (&self.finding.header, &self.finding.parameter) {
            (Some(names), _) => (names, Placement::Headers),
            (None, Some(names)) => (names, Placement::Parameters),
            (None, None) => return Err(self.nothing()),
        };
        self.queries(self.settings.clone().with_names(names.clone()), placement)
            .await
    }

    /// Sends a request without a signature. A server that accepts it, or has no such list, shows
    /// nothing about signatures.
    async fn without_signature(&mut self) -> Result<(), Stop> {
        let attempt = Attempt {
            signed: None,
            query: None,
        };
        match self.send(attempt).await? {
            Reply::Accepted => Err(
                "the service answers requests without any signature, so nothing can be told: is NICECHAT_URL \
                 the service itself?"
                    .into(),
            ),
            Reply::Other(said) if said.status < 400 || matches!(said.status, 404 | 405) => Err(format!(
                "the service answered {} where NiceChat has its list of categories: is NICECHAT_URL right?",
                said.status
            )),
            Reply::Refused(said) | Reply::Other(said) => {
                self.unsigned = Some(said);
                Ok(())
            }
        }
    }

    /// The first names that the server accepts in this placement.
    // N9, N10, N11
    async fn names(&mut self, placement: Placement) -> Result<Option<Names>, Stop> {
        let mut tried = Vec::new();
        for names in candidates::names(&self.settings) {
            let label = label(&names, placement);
            if tried.contains(&label) {
                continue;
            }
            let signer = self.settings.clone().with_names(names.clone());
            let attempt = Attempt {
                signed: Some((signer, placement)),
                query: None,
            };
            match self.send(attempt).await? {
                Reply::Accepted => return Ok(Some(names)),
                Reply::Refused(said) | Reply::Other(said) => {
                    if self.unsigned.as_ref() != Some(&said) && self.reaction.is_none() {
                        self.reaction = Some((said.status, label.clone()));
                    }
                    self.finding.refused.push(label.clone());
                }
            }
            tried.push(label);
        }
        Ok(None)
    }

    /// Finds out whether queries are signed, and in which dialect.
    // N22, N27
    async fn queries(&mut self, signer: Signer, placement: Placement) -> Result<(), Stop> {
        let with = |signer: Signer, query| Attempt {
            signed: Some((signer, placement)),
            query: Some(query),
        };
        match self.send(with(signer.clone(), PLAIN)).await? {
            Reply::Accepted => {
                self.finding.rule = Some(QueryRule::Unsigned);
                self.note(
                    "queries are not signed, so GETs look alike in every dialect: only a form that is written \
                     can tell it; JSON with headers needs none",
                );
                return Ok(());
            }
            Reply::Refused(_) => {}
            Reply::Other(said) => {
                self.note(&format!(
                    "a GET with an unknown parameter is answered {}: query rule and dialect cannot be told",
                    said.status
                ));
                return Ok(());
            }
        }
        let signer = signer.with_query_rule(QueryRule::Signed);
        for dialect in candidates::dialects(&self.settings) {
            let attempt = with(signer.clone().with_dialect(dialect), TELLING);
            if self.send(attempt).await? == Reply::Accepted {
                self.finding.rule = Some(QueryRule::Signed);
                self.finding.dialect = Some(dialect);
                return Ok(());
            }
        }
        if self.send(with(signer, PLAIN)).await? == Reply::Accepted {
            self.finding.rule = Some(QueryRule::Signed);
            self.note("queries are signed, in none of the dialects that are known here");
        } else {
            self.note("a GET with a parameter is refused whether that is signed or not");
        }
        Ok(())
    }

    fn note(&mut self, text: &str) {
        self.finding.notes.push(text.to_owned());
    }

    /// Sends a request, if the maximum is not reached. Ends the search on an answer without a
    /// verdict.
    async fn send(&mut self, attempt: Attempt) -> Result<Reply, Stop> {
        if self.finding.requests == MOST {
            return Err(format!("{MOST} requests are sent, and more are not"));
        }
        self.finding.requests += 1;
        match self.asked.ask(&attempt).await {
            Ok(Reply::Other(said)) if said.status == 429 || said.status >= 500 => Err(format!(
                "the service answered {}, which is temporary: try again later",
                said.status
            )),
            Ok(reply) => Ok(reply),
            Err(error) => Err(crate::failure::chain(&error)),
        }
    }

    /// The reason that all requests were refused, as far as it is known.
    fn nothing(&self) -> Stop {
        let may_be = "the key or the secret may be wrong, or the service may let in certain addresses or clocks only";
        match (&self.reaction, &self.unsigned) {
            (Some((status, label)), _) => format!(
                "everything was refused, but the service answers otherwise ({status}) than to no signature when \
                 it finds {label}: it reads these, so key or secret are probably wrong, or this address or clock"
            ),
            (None, unsigned) => format!(
                "everything was refused as a request without any signature is ({}): {may_be}, or it reads names \
                 that its document does not have (NICECHAT_KEY_HEADER, NICECHAT_SIGNATURE_HEADER, \
                 NICECHAT_KEY_PARAMETER and NICECHAT_SIGNATURE_PARAMETER are tried first)",
                unsigned.as_ref().map_or(401, |said| said.status)
            ),
        }
    }
}

/// The names that matter in this placement; headers ignore case.
fn label(names: &Names, placement: Placement) -> String {
    match placement {
        Placement::Parameters => format!(
            "the parameters {} and {}",
            names.key_parameter_name(),
            names.signature_parameter_name()
        ),
        _ => format!(
            "the headers {} and {}",
            names.key_header_name(),
            names.signature_header_name()
        ),
    }
}

#[cfg(test)]
mod tests;
