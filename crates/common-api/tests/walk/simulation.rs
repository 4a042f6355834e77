//! Walks over lists that change at random between any two requests, by the thousand and from seeds.
//!
//! What is counted: rows that were there from beginning to end and were not given out, and rows that were given
//! out twice. The lists are short and restless, so that one walk meets what a long one meets in hours.

use std::collections::HashSet;

use common_api::walk::{Care, Step, Walk};

use crate::list::{List, Random};

const WALKS: u64 = 10_000;

/// In how many of 100 gaps between two requests the list changes.
const LIVELINESS: [usize; 5] = [0, 5, 20, 50, 100];

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
    walks: usize,
    /// Requests and pages, by how lively the list is.
    paid: [(usize, usize); LIVELINESS.len()],
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
    let liveliness = random.below(LIVELINESS.len());
    let chance = LIVELINESS[liveliness];
    // The caller works on what it gets, so that it leaves the list.
    let works = changes != Changes::Moves && random.chance(25);
    let mut walk = Walk::new().care(care);
    let mut given = HashSet::new();
    sum.walks += 1;
    let pages = list.count().div_ceil(size).max(1);
    let mut asked = 0;
    loop {
        match walk.step() {
            Step::Ask(number) => {
                asked += 1;
                if random.chance(chance) {
                    match works && changes == Changes::OfOneKind {
                        true => go(&mut list, &mut random),
                        false => change(&mut list, &mut random, changes),
                    }
                }
                // The rows are read first and counted later, or the other way round.
                let (before, page) = (list.count(), list.page(number));
                if changes == Changes::Any && random.chance(chance / 10) {
                    change(&mut list, &mut random, changes);
                }
                let count = [before, list.count()][random.below(2)];
                let meta = list.meta(number, count);
                let names: Vec<_> = page.iter().map(|row| Some(row.to_string())).collect();
                if let Err(error) = walk.read(page, names, meta) {
                    println!("seed {seed}: {error:?}");
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
            Step::End => break,
        }
    }
    let skipped = list.throughout.difference(&given).count();
    sum.skipped += skipped;
    if skipped > 0 {
        sum.skipping.push(seed);
    }
    let paid = &mut sum.paid[liveliness];
    *paid = (paid.0 + asked, paid.1 + pages);
}

/// A number from the environment.
fn setting(name: &str, usual: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Runs the walks. `WALKS=100000` in the environment runs more, `BASE=7` others.
fn simulate(care: Care, changes: Changes) -> Sum {
    let first = setting("BASE", 0) * 1_000_000 + 1;
    let mut sum = Sum::default();
    for seed in first..first + setting("WALKS", WALKS) {
        walk(seed, care, changes, &mut sum);
    }
    println!(
        "{care:?}, {changes:?}: {} rows skipped in {} walks, {} doubled, {} errors",
        sum.skipped,
        sum.skipping.len(),
        sum.doubled,
        sum.errors,
    );
    for (chance, (asked, pages)) in LIVELINESS.iter().zip(sum.paid) {
        let requests = asked as f64 / pages as f64;
        println!("  changes in {chance} of 100 gaps: {requests:.1} requests a page");
    }
    sum
}

// R24, F2
#[test]
fn f2_nothing_is_skipped_or_doubled() {
    for care in [Care::default(), Care::Always] {
        for changes in [Changes::OfOneKind, Changes::Moves, Changes::Any] {
            let sum = simulate(care, changes);
            let outcome = (sum.skipped, sum.doubled, sum.errors);
            let seeds = sum.skipping;
            assert_eq!(outcome, (0, 0, 0), "{care:?}, {changes:?}: {seeds:?}");
        }
    }
}

// R24, F2: what totals cannot tell: see the module's documentation.
#[test]
fn f2_without_a_second_look_few_walks_skip_and_none_doubles() {
    for changes in [Changes::OfOneKind, Changes::Moves] {
        let sum = simulate(Care::OnHints, changes);
        assert_eq!((sum.skipped, sum.doubled, sum.errors), (0, 0, 0));
    }
    let sum = simulate(Care::OnHints, Changes::Any);
    assert_eq!((sum.doubled, sum.errors), (0, 0));
    let few = sum.walks / FEW;
    assert!(sum.skipping.len() < few, "{}", sum.skipping.len());
}

// F2: here a list grew by exactly one page, so that a page repeated the one before it.
#[test]
fn f2_a_list_that_grows_by_a_page_is_no_list_of_equal_pages() {
    let mut sum = Sum::default();
    for changes in [Changes::OfOneKind, Changes::Moves, Changes::Any] {
        walk(7_008_170, Care::default(), changes, &mut sum);
    }
    assert_eq!((sum.skipped, sum.doubled, sum.errors), (0, 0, 0));
}
