//! One request, and the searches around it.

use std::{collections::BTreeMap, sync::Arc};

use common_api::{
    AnyOutput, OperationEntry, Sender,
    look::{LookPolicy, Looked, look_until},
};
use common_transport::{Client, Error};

use super::{
    answer::{self, Fate},
    kind::{Look, Method, Unclear},
    refusal,
    request::{self, Row},
    search,
};
use crate::{call::Mask, failure::Failure, time::Age};

/// The account and the method.
pub(super) struct Goal {
    pub(super) method: &'static Method,
    pub(super) entry: &'static OperationEntry,
    pub(super) sender: Arc<dyn Sender>,
    pub(super) mask: Mask,
    /// The shop of rows that name none.
    pub(super) site: Option<String>,
}

/// The end of a request.
pub(super) enum Sent {
    /// The service answered: the end of each row.
    Answered(Vec<Fate>),
    /// None has landed: the service refused the rows, for this reason.
    Refused(String),
    /// The request may have landed.
    Unclear(Error),
    /// None has landed, and others would not either.
    Failed(Error),
}

impl Goal {
    pub(super) async fn send(&self, rows: &[Row]) -> Sent {
        let all: Vec<&Row> = rows.iter().collect();
        match self.answer(&all).await {
            Ok(answer) => Sent::Answered(answer::fates(self.method, rows, &answer)),
            Err(error) if error.may_have_landed() => Sent::Unclear(error),
            Err(error) if refusal::is_of_rows(&error, self.method) => {
                Sent::Refused(refusal::reason(&error, &self.mask))
            }
            Err(error) => Sent::Failed(error),
        }
    }

    async fn answer(&self, rows: &[&Row]) -> Result<String, Error> {
        let operation = request::operation(self.method, self.entry, rows)?;
        let response = self.sender.answer(&operation, None).await?;
        match Client::read(&operation, response).await? {
            AnyOutput::Json(answer) => Ok(answer),
            _ => Ok(String::new()),
        }
    }

    /// The rows whose objects are there already, with their ids. Only objects that a list finds many at once are looked
    /// for before each request.
    pub(super) async fn existing(&self, rows: &[Row]) -> Result<BTreeMap<u64, String>, Error> {
        match self.method.unclear {
            Unclear::Look(look) if look.takes_many => self.find(look, rows).await,
            _ => Ok(BTreeMap::new()),
        }
    }

    async fn find(&self, look: Look, rows: &[Row]) -> Result<BTreeMap<u64, String>, Error> {
        let mut found = BTreeMap::new();
        for rows in rows.chunk_by(|one, other| one.site == other.site) {
            let own = rows.first().and_then(|row| row.site.as_deref());
            let site = own.or(self.site.as_deref());
            found.extend(search::find(look, &*self.sender, site, rows).await?);
        }
        Ok(found)
    }

    /// The rows whose objects are there to be changed. All of them, where that is not looked for.
    pub(super) async fn changed(
        &self,
        rows: &[Row],
    ) -> Result<Option<BTreeMap<u64, String>>, Error> {
        match self.method.changed {
            Some(look) => self.find(look, rows).await.map(Some),
            None => Ok(None),
        }
    }

    /// Looks for rows whose request may have landed, until all are found or the time is over.
    pub(super) async fn look(
        &self,
        look: Look,
        rows: &[Row],
        within: Age,
    ) -> Result<BTreeMap<u64, String>, Error> {
        let policy = LookPolicy::new().within(within.duration());
        let last = std::sync::Mutex::new(BTreeMap::new());
        let looked = look_until(policy, || async {
            let found = self.find(look, rows).await?;
            if found.len() == rows.len() {
                return Ok(Some(found));
            }
            *last
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner) = found;
            Ok(None)
        });
        Ok(match looked.await? {
            Looked::Found(found) => found,
            // Such a request lands whole or not at all, so objects of a part of the rows are older ones. Their rows are
            // refused when they are sent again.
            Looked::NotSeen(_) if !look.takes_many => BTreeMap::new(),
            Looked::NotSeen(_) => last
                .into_inner()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        })
    }

    /// A failure that ends the import.
    pub(super) fn failure(&self, error: &Error) -> Failure {
        crate::call::failure(error, &self.mask)
    }
}
