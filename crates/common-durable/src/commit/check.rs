//! Checks of a commit against the limits of its store, before the engine takes it.

use crate::{Commit, Error, ErrorKind, Key, Limits, NewEffect, NewEvent, Statement, Step};

impl Commit {
    /// Checks the sizes of all values, for authors of engines.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`] with the name of the limit, [`ErrorKind::InvalidInput`] for an empty name or for times
    /// of a purge in the wrong order.
    pub fn check(&self, limits: &Limits) -> Result<(), Error> {
        within("number of steps", self.steps().len(), limits.steps)?;
        for (place, step) in self.steps().iter().enumerate() {
            step.check(limits).map_err(|error| error.at_step(place))?;
        }
        Ok(())
    }

    /// Approximate number of bytes that the commit occupies while it waits, for authors of engines.
    pub fn weight(&self) -> usize {
        self.steps().iter().map(Step::weight).sum()
    }
}

impl Step {
    fn check(&self, limits: &Limits) -> Result<(), Error> {
        match self {
            Self::Append(event) => check_event(event, limits),
            Self::Intend(effect) => check_effect(effect, limits),
            Self::Send { note, .. } => within("note", note.len(), limits.position),
            Self::Erase(key) => check_key(key, limits),
            Self::ReplaySince { source, .. } => check_name("source", source, limits),
            Self::MoveCursor(step) => {
                check_name("name of the cursor", &step.name, limits)?;
                within("position", step.to.as_str().len(), limits.position)
            }
            Self::Purge {
                bodies_before,
                ids_before,
                ..
            } if ids_before > bodies_before => Err(Error::new(
                ErrorKind::InvalidInput,
                "purge: ids cannot be forgotten before bodies are removed",
            )),
            Self::Own(statement) => check_statement(statement, limits),
            _ => Ok(()),
        }
    }

    fn weight(&self) -> usize {
        const BASE: usize = 256;
        BASE + match self {
            Self::Append(event) => event.body.len() + headers_size(event),
            Self::Intend(effect) => effect.params.len(),
            Self::Send { note, .. } => note.len(),
            Self::MoveCursor(step) => step.to.as_str().len(),
            Self::Own(statement) => statement.args.iter().map(value_size).sum(),
            _ => 0,
        }
    }
}

fn check_event(event: &NewEvent, limits: &Limits) -> Result<(), Error> {
    check_name("source", &event.source, limits)?;
    within("body", event.body.len(), limits.body)?;
    within("headers", headers_size(event), limits.headers)?;
    if let Some(id) = &event.event_id {
        check_text("id of the event", id)?;
        within("id of the event", id.len(), limits.key)?;
    }
    event
        .key
        .iter()
        .chain(&event.erasure_keys)
        .try_for_each(|key| check_key(key, limits))
}

fn check_effect(effect: &NewEffect, limits: &Limits) -> Result<(), Error> {
    check_name("account", &effect.account, limits)?;
    check_name("operation", &effect.operation, limits)?;
    within("parameters", effect.params.len(), limits.body)?;
    if let Some(key) = &effect.natural_key {
        check_text("natural key", key)?;
        within("natural key", key.len(), limits.key)?;
    }
    effect
        .key
        .iter()
        .chain(&effect.erasure_keys)
        .try_for_each(|key| check_key(key, limits))
}

fn check_statement(statement: &Statement, limits: &Limits) -> Result<(), Error> {
    let size = statement.args.iter().map(value_size).sum();
    within("arguments of the statement", size, limits.body)
}

fn value_size(value: &crate::Value) -> usize {
    match value {
        crate::Value::Text(text) => text.len(),
        crate::Value::Blob(bytes) => bytes.len(),
        _ => 8,
    }
}

fn headers_size(event: &NewEvent) -> usize {
    let size = |(name, value): &(String, bytes::Bytes)| name.len() + value.len();
    event.headers.iter().map(size).sum()
}

fn check_key(key: &Key, limits: &Limits) -> Result<(), Error> {
    within("key", key.len(), limits.key)
}

fn check_name(what: &str, name: &str, limits: &Limits) -> Result<(), Error> {
    if name.is_empty() {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            format!("{what}: it is empty"),
        ));
    }
    check_text(what, name)?;
    within(what, name.len(), limits.name)
}

/// PostgreSQL has no NUL in a text, so no engine takes it.
fn check_text(what: &str, text: &str) -> Result<(), Error> {
    if text.contains('\0') {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            format!("{what}: it holds a NUL character"),
        ));
    }
    Ok(())
}

fn within(what: &str, size: usize, limit: usize) -> Result<(), Error> {
    if size > limit {
        return Err(Error::new(
            ErrorKind::TooLarge,
            format!("{what}: {size} is above the limit of {limit}"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Position, Repeat, Timestamp};

    fn refused(commit: Commit) -> (ErrorKind, String) {
        let error = commit.check(&Limits::default()).unwrap_err();
        (error.kind(), error.to_string())
    }

    #[test]
    fn d2_a_body_above_the_limit_is_named() {
        let limit = Limits::default().body;
        let at = Commit::new().append(NewEvent::new("s", vec![0; limit]));
        assert!(at.check(&Limits::default()).is_ok());
        let above = Commit::new()
            .restored()
            .append(NewEvent::new("s", vec![0; limit + 1]));
        let (kind, text) = refused(above);
        assert_eq!(kind, ErrorKind::TooLarge);
        assert_eq!(
            text,
            "too large: body: 1048577 is above the limit of 1048576 (step 1 of the commit)"
        );
    }

    #[test]
    fn d2_every_field_has_a_limit() {
        let long = "x".repeat(70_000);
        let event = || NewEvent::new("s", "");
        let effect = || NewEffect::new("a", "o", "", Repeat::Never);
        for commit in [
            Commit::new().append(NewEvent::new(long.clone(), "")),
            Commit::new().append(event().event_id(long.clone())),
            Commit::new().append(event().key(long.clone())),
            Commit::new().append(event().erase_by(long.clone())),
            Commit::new().append(event().header("h", long.clone())),
            Commit::new().intend(effect().key(long.clone())),
            Commit::new().intend(effect().natural_key(long.clone())),
            Commit::new().intend(NewEffect::new("a", long.clone(), "", Repeat::Never)),
            Commit::new().move_cursor(long.clone(), None, Position::new("1")),
            Commit::new().move_cursor("c", None, Position::new(long.clone())),
            Commit::new().erase(long.clone()),
            (0..1_001).fold(Commit::new(), |commit, _| commit.restored()),
        ] {
            assert_eq!(refused(commit).0, ErrorKind::TooLarge);
        }
    }

    #[test]
    fn d2_names_that_cannot_be_stored_are_refused() {
        let time = Timestamp::from_millis;
        for commit in [
            Commit::new().append(NewEvent::new("", "")),
            Commit::new().append(NewEvent::new("a\0b", "")),
            Commit::new().purge(time(1), time(2), 10),
        ] {
            assert_eq!(refused(commit).0, ErrorKind::InvalidInput);
        }
    }
}
