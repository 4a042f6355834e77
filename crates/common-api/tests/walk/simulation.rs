//! Walks over lists that change at random between any two requests, by the thousand and from seeds.
//!
//! What is counted: rows that were there from beginning to end and were not given out, and rows that were given
//! out twice. The lists are short and restless, so that one walk meets what a long one meets in hours.

use std::collections::HashSet;

use common_api::walk::{Care, Step, Walk};

use crate::list::{List, Random};

const WALKS: u64 = 10_000;

/// Of so many walks over the most restless of lists one may skip a row.
const FEW: usize = 100;

/// What may happen between two requests.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Changes {
    /// Rows come or rows go, anywhere: the total tells of it.
    OfOneKind,
    /// Rows change places.
    Moves,
    /// Rows come and go at once, as many or not, so that the total may stay what it was.
    Any,
}

#[derive(Debug, Default)]
struct Sum {
    skipped: usize,
    skipping: Vec<u64>,
    doubled: usize,
    errors: usize,
    asked: usize,
    pages: usize,
    walks: usize,
}

fn somewhere(random: &mut Random, rows: usize) -> usize {
    match random.below(3) {
        0 => 0,
        1 => rows,
        _ => random.below(rows + 1),
    }
}

fn come(list: &mut List, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let at = somewhere(random, list.count());
        list.insert(at);
    }
}

fn go(list: &mut List, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let at = somewhere(random, list.count().saturating_sub(1));
        list.remove(at);
    }
}

fn change(list: &mut List, random: &mut Random, changes: Changes) {
    match (changes, random.below(4)) {
        (Changes::Moves, _) | (Changes::Any, 3) => {
            let from = random.below(list.count());
            let to = somewhere(random, list.count());
            list.shift(from, to);
        }
        (_, 0) => come(list, random),
        (Changes::OfOneKind, _) | (_, 1) => go(list, random),
        (Changes::Any, _) => {
            go(list, random);
            come(list, random);
        }
    }
}

fn walk(seed: u64, care: Care, changes: Changes, sum: &mut Sum) {
    let mut random = Random::new(seed);
    let size = [3, 5, 10][random.below(3)];
    let mut list = List::new(random.below(80), size);
    let liveliness = [0, 5, 20, 50, 100][random.below(5)];
    // The caller works on what it gets, so that it leaves the list.
    let works = changes != Changes::Moves && random.chance(25);
    let mut walk = Walk::new().care(care);
    let mut given = HashSet::new();
    sum.walks += 1;
    sum.pages += list.count().div_ceil(size).max(1);
    loop {
        match walk.step() {
            Step::Ask(number) => {
                sum.asked += 1;
                if random.chance(liveliness) {
                    match works && changes == Changes::OfOneKind {
                        true => go(&mut list, &mut random),
                        false => change(&mut list, &mut random, changes),
                    }
                }
                // The rows are read first and counted later, or the other way round.
                let (before, page) = (list.count(), list.page(number));
                if changes == Changes::Any && random.chance(liveliness / 10) {
                    change(&mut list, &mut random, changes);
                }
                let count = [before, list.count()][random.below(2)];
                let meta = list.meta(number, count);
                let names: Vec<_> = page.iter().map(|row| Some(row.to_string())).collect();
                if walk.read(page, names, meta).is_err() {
                    sum.errors += 1;
                    return;
                }
            }
            Step::Give(page, fresh) => {
                for (row, _) in page.into_iter().zip(fresh).filter(|(_, fresh)| *fresh) {
                    sum.doubled += usize::from(!given.insert(row));
                    if works && random.chance(80) {
                        list.remove_row(row);
                    }
                }
            }
            Step::ListEnd => break,
        }
    }
    let skipped = list.throughout.difference(&given).count();
    sum.skipped += skipped;
    if skipped > 0 {
        sum.skipping.push(seed);
    }
}

/// Runs the walks; `WALKS=100000` in the environment runs more.
fn simulate(care: Care, changes: Changes) -> Sum {
    let walks = std::env::var("WALKS")
        .ok()
        .and_then(|walks| walks.parse().ok());
    let mut sum = Sum::default();
    for seed in 1..=walks.unwrap_or(WALKS) {
        walk(seed, care, changes, &mut sum);
    }
    println!(
        "{care:?}, {changes:?}: {} rows skipped in {} walks, {} doubled, {} errors, {} requests for {} pages",
        sum.skipped,
        sum.skipping.len(),
        sum.doubled,
        sum.errors,
        sum.asked,
        sum.pages
    );
    sum
}

// R24, F2: where the totals tell of changes, where rows change places, and with care, nothing is skipped.
#[test]
fn f2_nothing_is_skipped_or_doubled() {
    for (care, changes) in [
        (Care::OnHints, Changes::OfOneKind),
        (Care::OnHints, Changes::Moves),
        (Care::Always, Changes::Any),
    ] {
        let sum = simulate(care, changes);
        let outcome = (sum.skipped, sum.doubled, sum.errors);
        assert_eq!(
            outcome,
            (0, 0, 0),
            "{care:?}, {changes:?}: {:?}",
            sum.skipping
        );
    }
}

// R24, F2: what page numbers cannot tell: see the module's documentation.
#[test]
fn f2_without_a_hint_few_walks_skip_and_none_doubles() {
    let sum = simulate(Care::OnHints, Changes::Any);
    assert_eq!((sum.doubled, sum.errors), (0, 0));
    let few = sum.walks / FEW;
    assert!(sum.skipping.len() < few, "{}", sum.skipping.len());
}
