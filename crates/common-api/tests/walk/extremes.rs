//! Walks that are told extreme numbers: they end, in a bounded number of steps.

use common_api::walk::{Care, ListEnd, PageInfo, Step, Walk};

const EXTREMES: [u64; 7] = [0, 1, 2, 1000, u64::MAX / 2, u64::MAX - 1, u64::MAX];

/// What the pages hold.
#[derive(Debug, Clone, Copy)]
enum Rows {
    None,
    TheSame,
    NewForAWhile,
    WithoutIdentity,
}

fn rows(rows: Rows, asked: u64) -> Vec<Option<String>> {
    match rows {
        Rows::None => Vec::new(),
        Rows::TheSame => vec![Some("a".into()), Some("b".into())],
        Rows::NewForAWhile if asked < 40 => {
            vec![Some(asked.to_string()), Some(format!("{asked}x"))]
        }
        Rows::NewForAWhile => Vec::new(),
        Rows::WithoutIdentity => vec![None; usize::from(asked < 40)],
    }
}

fn ends(total: Option<u64>, end: ListEnd) -> PageInfo {
    PageInfo::new(end).total_count(total).current_page(total)
}

/// Walks while the answers alternate between two of what they say; how often it asked.
fn asked(care: Care, from: u64, kind: Rows, says: [PageInfo; 2]) -> u64 {
    let mut walk = Walk::new().care(care).from_page(from);
    let mut asked = 0;
    loop {
        match walk.step() {
            Step::Ask(_) => {
                let meta = says[usize::from(asked % 2 == 1)];
                asked += 1;
                let case = || format!("{care:?} from {from}, {kind:?}, {says:?}");
                assert!(asked < 3_000, "{}", case());
                if walk.read((), rows(kind, asked), meta).is_err() {
                    return asked;
                }
            }
            Step::Give(..) => {}
            Step::End => return asked,
        }
    }
}

// H14, H8
#[test]
fn h14_walks_end_whatever_numbers_they_are_told() {
    let kinds = [
        Rows::None,
        Rows::TheSame,
        Rows::NewForAWhile,
        Rows::WithoutIdentity,
    ];
    let mut says: Vec<PageInfo> = Vec::new();
    for number in EXTREMES {
        says.push(ends(Some(number), ListEnd::AtPage(number)));
        says.push(ends(None, ListEnd::AtPage(number)));
        says.push(ends(Some(number), ListEnd::Further));
    }
    says.extend([ListEnd::Unknown, ListEnd::Here, ListEnd::Further].map(PageInfo::new));
    for care in [Care::OnHints, Care::BothSides, Care::Always] {
        for from in [0, 1, u64::MAX - 1, u64::MAX] {
            for kind in kinds {
                for (one, other) in says.iter().flat_map(|a| says.iter().map(move |b| (*a, *b))) {
                    asked(care, from, kind, [one, other]);
                }
            }
        }
    }
}

/// How many pages a walk asks for until it ends or fails; `rows` and `meta` are given how often it has asked and for
/// which page.
fn pages_asked(
    rows: impl Fn(u64, u64) -> Vec<u64>,
    meta: impl Fn(u64, u64) -> PageInfo,
) -> (u64, bool) {
    let (mut walk, mut asked) = (Walk::new(), 0);
    loop {
        match walk.step() {
            Step::Ask(page) => {
                asked += 1;
                assert!(asked < 5_000, "it goes on and on");
                let names = rows(asked, page)
                    .into_iter()
                    .map(|row| Some(row.to_string()));
                if walk.read((), names, meta(asked, page)).is_err() {
                    return (asked, false);
                }
            }
            Step::Give(..) => {}
            Step::End => return (asked, true),
        }
    }
}

// H8
#[test]
fn h8_pages_without_anything_new_end_the_walk_however_the_totals_grow() {
    type Rows = fn(u64, u64) -> Vec<u64>;
    type Total = fn(u64, u64) -> u64;
    let rows: [(&str, Rows); 5] = [
        ("the same page", |_, _| (0..20).collect()),
        ("pages in turn", |asked, _| {
            (asked % 7 * 20..asked % 7 * 20 + 20).collect()
        }),
        ("a page that rotates", |asked, _| {
            (0..20).map(|at| (at + asked) % 20).collect()
        }),
        ("fewer and fewer rows", |asked, _| {
            (asked.min(20)..20).collect()
        }),
        ("no rows", |_, _| Vec::new()),
    ];
    let totals: [(&str, Total); 5] = [
        ("grows by one", |asked, _| 1_000 + asked),
        ("grows by pages", |asked, _| 1_000 + 20 * asked),
        ("doubles", |asked, _| 1 << asked.min(60)),
        ("comes and goes", |asked, _| 1_000 + asked % 2 * 20),
        ("stays", |_, _| 600_000),
    ];
    for (name, rows) in rows {
        for (grows, total) in totals {
            for pages in [30_000, 1_000_000, u64::MAX] {
                let meta = |asked, page| {
                    PageInfo::new(ListEnd::AtPage(pages))
                        .total_count(Some(total(asked, page)))
                        .current_page(Some(page))
                };
                let (asked, is_end) = pages_asked(rows, meta);
                assert!(asked <= 600 && !is_end, "{name}, {grows}, {pages}: {asked}");
            }
        }
    }
    // The very same page is no progress, and 64 of them are enough.
    let meta = |asked, page| {
        PageInfo::new(ListEnd::AtPage(1_000_000))
            .total_count(Some(1_000 + asked))
            .current_page(Some(page))
    };
    assert_eq!(pages_asked(|_, _| (0..20).collect(), meta), (65, false));
}

// H8
#[test]
fn h8_one_page_under_every_number_is_an_error_also_in_a_short_list() {
    for total in [None, Some(20), Some(80)] {
        let meta = |_, page| {
            PageInfo::new(ListEnd::AtPage(4))
                .total_count(total)
                .current_page(Some(page))
        };
        let (_, is_end) = pages_asked(|_, _| (0..20).collect(), meta);
        assert!(!is_end, "{total:?}");
    }
}

// F6
#[test]
fn f6_rows_that_were_set_aside_cost_no_second_walk() {
    for aside in 0..4_u64 {
        let rows = |_, page: u64| {
            let first = (page - 1) * 20;
            let missing = if page.is_multiple_of(3) { aside } else { 0 };
            (first + missing..first + 20).collect()
        };
        let meta = |_, page: u64| {
            PageInfo::new(ListEnd::AtPage(10))
                .total_count(Some(200))
                .current_page(Some(page))
                .rows_aside(if page.is_multiple_of(3) { aside } else { 0 })
        };
        assert_eq!(pages_asked(rows, meta), (16, true), "{aside}");
    }
}

// F1
#[test]
fn f1_empty_pages_in_the_middle_are_passed_with_any_care() {
    for care in [Care::OnHints, Care::BothSides, Care::Always] {
        for empty in 1..=4_u64 {
            for meta in [
                PageInfo::new(ListEnd::AtPage(5)),
                PageInfo::new(ListEnd::Further),
            ] {
                let mut walk = Walk::new().care(care);
                let mut given = Vec::new();
                loop {
                    match walk.step() {
                        Step::Ask(page) => {
                            let rows = (page != empty).then(|| Some(page.to_string()));
                            let end = if page == 5 { ListEnd::Here } else { meta.end };
                            let meta = PageInfo::new(end).total_count(Some(4));
                            walk.read(page, rows, meta).expect("it makes progress");
                        }
                        Step::Give(page, _) => given.push(page),
                        Step::End => break,
                    }
                }
                let expected: Vec<u64> = (1..=5).filter(|page| *page != empty).collect();
                assert_eq!(given, expected, "{care:?}, {empty}, {meta:?}");
            }
        }
    }
}
