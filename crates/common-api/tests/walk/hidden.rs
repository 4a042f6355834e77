//! Changes that no total shows, one at a time and all of them; and what it costs to find them.

use std::collections::HashSet;

use common_api::walk::{Care, ListEnd, PageInfo, Step, Walk};

use crate::list::List;

const SIZE: usize = 3;

/// How pages are asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Paging {
    /// By number, and the answer says how many there are.
    Numbers,
    /// Each answer leads to the next page.
    Links,
}

/// A row that vanishes and one that comes, before the request of this number.
#[derive(Debug, Clone, Copy)]
struct Swap {
    before: usize,
    goes: usize,
    comes: usize,
}

/// The pages that were asked for, and the rows that were there throughout and were not given out.
fn walk(care: Care, paging: Paging, rows: usize, swap: Option<Swap>) -> (Vec<u64>, HashSet<u32>) {
    let mut list = List::new(rows, SIZE);
    let mut walk = Walk::new().care(care);
    let (mut asked, mut given) = (Vec::new(), HashSet::new());
    loop {
        match walk.step() {
            Step::Ask(number) => {
                if let Some(swap) = swap.filter(|swap| swap.before == asked.len()) {
                    list.remove(swap.goes);
                    list.insert(swap.comes);
                }
                let known = asked.iter().max().copied().unwrap_or_default();
                assert!(
                    paging == Paging::Numbers || number <= known + 1,
                    "no link leads there"
                );
                asked.push(number);
                let names = list
                    .page(number)
                    .into_iter()
                    .map(|row| Some(row.to_string()));
                let meta = match paging {
                    Paging::Numbers => list.meta(number, list.count()),
                    Paging::Links => links(&list, number),
                };
                walk.read(list.page(number), names, meta)
                    .expect("it makes progress");
            }
            Step::Give(page, fresh) => {
                for (row, _) in page.into_iter().zip(fresh).filter(|(_, fresh)| *fresh) {
                    assert!(given.insert(row), "{row} comes twice");
                }
            }
            Step::End => {
                let skipped = list.throughout.difference(&given).copied().collect();
                return (asked, skipped);
            }
        }
    }
}

fn links(list: &List, number: u64) -> PageInfo {
    let end = match list.count().div_ceil(SIZE) as u64 <= number {
        true => ListEnd::Here,
        false => ListEnd::Further,
    };
    PageInfo::new(end).total_count(Some(list.count() as u64))
}

/// How many of all swaps in a list of five pages make a walk skip a row.
fn skipping_swaps(care: Care, paging: Paging) -> Vec<Swap> {
    let rows = 5 * SIZE - 1;
    let mut skipping = Vec::new();
    for before in 1..12 {
        for goes in 0..rows {
            for comes in 0..rows {
                let swap = Swap {
                    before,
                    goes,
                    comes,
                };
                let (_, skipped) = walk(care, paging, rows, Some(swap));
                skipping.extend((!skipped.is_empty()).then_some(swap));
            }
        }
    }
    skipping
}

// F2
#[test]
fn f2_no_single_change_that_totals_hide_makes_a_walk_skip() {
    for paging in [Paging::Numbers, Paging::Links] {
        for care in [Care::default(), Care::Always] {
            let skipping = skipping_swaps(care, paging);
            assert!(skipping.is_empty(), "{care:?}, {paging:?}: {skipping:?}");
        }
        // The swaps are such as deceive a walk that reads each page once.
        assert!(skipping_swaps(Care::OnHints, paging).len() > 100);
    }
}

// F2
#[test]
fn f2_a_list_at_rest_costs_what_the_docs_say() {
    for pages in 1..=40_usize {
        let requests = |care, paging, rows| {
            let (asked, skipped) = walk(care, paging, rows, None);
            assert!(skipped.is_empty());
            asked.len()
        };
        let both_sides = match pages {
            1 => 1,
            _ => pages + pages.div_ceil(2),
        };
        let rows = SIZE * pages - 1;
        assert_eq!(requests(Care::default(), Paging::Numbers, rows), both_sides);
        assert_eq!(
            requests(Care::default(), Paging::Links, rows),
            2 * pages - 1
        );
        for paging in [Paging::Numbers, Paging::Links] {
            assert_eq!(requests(Care::OnHints, paging, rows), pages);
        }
        // A last page that is full is read twice in any case.
        let full = both_sides + usize::from(pages == 1 || pages % 2 == 0);
        assert_eq!(
            requests(Care::default(), Paging::Numbers, SIZE * pages),
            full
        );
    }
    let (asked, _) = walk(Care::default(), Paging::Numbers, SIZE * 6 - 1, None);
    assert_eq!(asked, [1, 3, 2, 1, 5, 4, 3, 6, 5]);
}
