//! Slots at caps so high that the gaps between them are shorter than what a late start may catch up.

use super::{simulation::terms, twin::Twin};
use crate::{
    protocol::{Answer, Ask},
    terms::{MILLISECOND, Micros, SECOND},
};

// D17: an ask whose answer was lost gives its stamps back twice. If two slots had one stamp, the second time would take
// the stamp of another process.
#[test]
fn d17_no_two_slots_have_the_same_stamp() {
    for cap in [400, 500, 1_000, 2_000_000] {
        let (mut twin, terms) = (Twin::default(), terms(cap));
        let mut asks = [0, 1].map(|_| Ask {
            waiting: [2, 0],
            ..Ask::default()
        });
        let mut stamps: Vec<Micros> = Vec::new();
        for step in 0..3_000 {
            let now = 1_700_000_000 * SECOND + step * MILLISECOND;
            for (id, ask) in ["a", "b"].iter().zip(&mut asks) {
                let answer = Answer::read(&twin.step(now, 1, id, &terms, ask));
                let Some(Answer::Done(told)) = answer else {
                    panic!("{answer:?}");
                };
                (ask.version, ask.epoch, ask.members) = (told.version, told.epoch, told.members);
                stamps.extend(told.slots.iter().map(|slot| slot.stamp));
            }
        }
        let all = stamps.len();
        stamps.sort_unstable();
        stamps.dedup();
        assert!(all > 300, "cap {cap}: {all} slots");
        assert_eq!(stamps.len(), all, "cap {cap}");
    }
}
