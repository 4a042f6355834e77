//! The recorded request that is nearest to one that is not known.

use super::{exchange::Exchange, key::Key};
use crate::near::distance;

/// Letters that are compared: a long body is told from others by its beginning.
const COMPARED: usize = 400;

/// Names the nearest recorded request and the first difference from it.
pub(super) fn nearest(recorded: &[(Key, Exchange)], asked: &Key) -> String {
    let near = |(key, _): &&(Key, Exchange)| {
        (
            key.method != asked.method,
            far(&key.path, &asked.path),
            far(&key.headers, &asked.headers),
            far(&key.query, &asked.query),
            far(
                &String::from_utf8_lossy(&key.body),
                &String::from_utf8_lossy(&asked.body),
            ),
        )
    };
    let Some((key, exchange)) = recorded.iter().min_by_key(near) else {
        return "nothing was recorded".to_owned();
    };
    let name = exchange.name();
    match key.difference(asked) {
        Some((part, recorded, asked)) => {
            format!("the nearest is {name}, whose {part} is {recorded:?}, not {asked:?}")
        }
        None => format!("the nearest is {name}"),
    }
}

fn far(one: &str, other: &str) -> usize {
    let begin = |text: &str| text.chars().take(COMPARED).collect::<String>();
    match one == other {
        true => 0,
        false => 1 + distance(&begin(one), &begin(other)),
    }
}
