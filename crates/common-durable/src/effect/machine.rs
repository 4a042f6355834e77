//! The states of an effect as one pure function, which every engine uses.
//!
//! There is no way from `sending` to `ready` but a proof that nothing was sent, and none from `unknown` to `ready` but
//! a look or a person.

use std::time::Duration;

use crate::{Decision, EffectState, End, Error, ErrorKind, Repeat, Retry};

/// The next state of an effect after an end or a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) state: EffectState,
    pub(crate) due: Due,
    /// A reason for the list of failures.
    pub(crate) failure: Option<String>,
    /// The service's id of the object.
    pub(crate) object: Option<String>,
    /// Whether the key got an edit that may still land.
    pub(crate) unsettles: bool,
}

/// When an effect that is still open is claimed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// Never: it is not open.
    Never,
    Now,
    After(Duration),
    /// By the worker's choice.
    Retry(Retry),
}

impl Turn {
    fn to(state: EffectState, due: Due) -> Self {
        Self {
            state,
            due,
            failure: None,
            object: None,
            unsettles: false,
        }
    }

    fn because(mut self, reason: &str) -> Self {
        self.failure = Some(reason.to_owned());
        self
    }

    fn landed(object: Option<&String>) -> Self {
        Self {
            object: object.cloned(),
            ..Self::to(EffectState::Landed, Due::Never)
        }
    }
}

/// Returns what the end of an attempt or look makes of an effect, or the end that does not fit its state.
pub(crate) fn settle(
    state: EffectState,
    repeat: Repeat,
    wait: Duration,
    end: &End,
) -> Result<Turn, Error> {
    use EffectState::{Doubled, Parked, Ready, Refused, Sending, Unknown};
    let turn = match (state, end) {
        (Ready | Sending | Unknown, End::Landed { object }) => Turn::landed(object.as_ref()),
        (Ready | Sending, End::Refused { reason }) => Turn::to(Refused, Due::Never).because(reason),
        (Ready | Sending, End::NotSent { reason, retry }) => {
            Turn::to(Ready, Due::Retry(*retry)).because(reason)
        }
        (Sending, End::Ambiguous { reason }) => ambiguous(repeat, wait).because(reason),
        (Unknown, End::Absent) => match repeat {
            Repeat::Never => Turn::to(Parked, Due::Never).because("a look found nothing"),
            Repeat::UniqueKey | Repeat::Edit | Repeat::AfterLook => Turn::to(Ready, Due::Now),
        },
        (Unknown, End::NotSeen { reason, retry }) => {
            Turn::to(Unknown, Due::Retry(*retry)).because(reason)
        }
        (Ready | Sending | Unknown, End::Unclear { reason }) => {
            Turn::to(Parked, Due::Never).because(reason)
        }
        (Ready | Sending | Unknown, End::Doubled { reason }) => {
            Turn::to(Doubled, Due::Never).because(reason)
        }
        _ => {
            return Err(Error::new(
                ErrorKind::WrongState,
                format!(
                    "the effect is {} and cannot end as {}",
                    state.name(),
                    end.name()
                ),
            ));
        }
    };
    Ok(turn)
}

/// Returns what an ambiguous attempt makes of an effect: a look follows when nothing can land any more. An edit needs
/// no look, because its key gets the newest edit once more.
pub(crate) fn ambiguous(repeat: Repeat, wait: Duration) -> Turn {
    match repeat {
        Repeat::Edit => Turn {
            unsettles: true,
            ..Turn::to(EffectState::Unknown, Due::Never)
        },
        _ => Turn::to(EffectState::Unknown, Due::After(wait)),
    }
}

/// Returns what a person's decision makes of an effect.
pub(crate) fn decide(state: EffectState, decision: &Decision) -> Result<Turn, Error> {
    use EffectState::{Buried, Doubled, Parked, Ready, Refused, Unknown};
    match (state, decision) {
        (Parked | Doubled | Unknown, Decision::Landed { object }) => {
            Ok(Turn::landed(object.as_ref()))
        }
        (Parked | Doubled | Unknown | Refused, Decision::Again) => Ok(Turn::to(Ready, Due::Now)),
        (Ready | Parked | Doubled | Unknown | Refused, Decision::Bury) => {
            Ok(Turn::to(Buried, Due::Never))
        }
        _ => Err(Error::new(
            ErrorKind::WrongState,
            format!("the effect is {}: there is nothing to decide", state.name()),
        )),
    }
}

impl End {
    const fn name(&self) -> &'static str {
        match self {
            Self::Landed { .. } => "landed",
            Self::Refused { .. } => "refused",
            Self::NotSent { .. } => "not sent",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Absent => "absent",
            Self::NotSeen { .. } => "not seen",
            Self::Unclear { .. } => "unclear",
            Self::Doubled { .. } => "doubled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAIT: Duration = Duration::from_secs(300);
    const REPEATS: [Repeat; 4] = [
        Repeat::UniqueKey,
        Repeat::Edit,
        Repeat::Never,
        Repeat::AfterLook,
    ];

    fn ends() -> Vec<End> {
        let reason = || "why".to_owned();
        let retry = Retry::default();
        vec![
            End::Landed { object: None },
            End::Refused { reason: reason() },
            End::NotSent {
                reason: reason(),
                retry,
            },
            End::Ambiguous { reason: reason() },
            End::Absent,
            End::NotSeen {
                reason: reason(),
                retry,
            },
            End::Unclear { reason: reason() },
            End::Doubled { reason: reason() },
        ]
    }

    #[test]
    fn d8_only_a_proof_or_a_look_makes_an_effect_ready_again() {
        for state in EffectState::ALL {
            for repeat in REPEATS {
                for end in ends() {
                    let Ok(turn) = settle(state, repeat, WAIT, &end) else {
                        continue;
                    };
                    if turn.state == EffectState::Ready {
                        let is_proof =
                            matches!(end, End::NotSent { .. }) && state != EffectState::Unknown;
                        let is_look = state == EffectState::Unknown
                            && matches!(end, End::Absent)
                            && repeat != Repeat::Never;
                        assert!(is_proof || is_look, "{state:?} {repeat:?} {end:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn d8_what_has_ended_does_not_move() {
        for state in EffectState::ALL
            .into_iter()
            .filter(|state| !state.is_open())
        {
            for end in ends() {
                let error = settle(state, Repeat::UniqueKey, WAIT, &end).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::WrongState);
            }
        }
    }

    #[test]
    fn d8_an_ambiguous_end_waits_before_the_look() {
        let end = End::Ambiguous {
            reason: "reset".to_owned(),
        };
        for repeat in [Repeat::UniqueKey, Repeat::Never, Repeat::AfterLook] {
            let turn = settle(EffectState::Sending, repeat, WAIT, &end).unwrap();
            assert_eq!(
                (turn.state, turn.due),
                (EffectState::Unknown, Due::After(WAIT))
            );
            assert!(!turn.unsettles);
        }
        let turn = settle(EffectState::Sending, Repeat::Edit, WAIT, &end).unwrap();
        assert!(turn.unsettles);
        assert!(settle(EffectState::Ready, Repeat::Edit, WAIT, &end).is_err());
    }

    #[test]
    fn d8_a_decision_moves_nothing_that_is_on_its_way() {
        for decision in [
            Decision::Landed { object: None },
            Decision::Again,
            Decision::Bury,
        ] {
            assert!(decide(EffectState::Sending, &decision).is_err());
            assert!(decide(EffectState::Landed, &decision).is_err());
            assert!(decide(EffectState::Parked, &decision).is_ok());
        }
    }
}
