//! Walks that are told extreme numbers: they end, in a bounded number of steps.

use common_api::walk::{Care, End, Meta, Step, Walk};

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

fn ends(total: Option<u64>, end: End) -> Meta {
    Meta::new(end).total_count(total).current_page(total)
}

/// Walks while the answers alternate between two of what they say; how often it asked.
fn asked(care: Care, from: u64, kind: Rows, says: [Meta; 2]) -> u64 {
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
    let mut says: Vec<Meta> = Vec::new();
    for number in EXTREMES {
        says.push(ends(Some(number), End::AtPage(number)));
        says.push(ends(None, End::AtPage(number)));
        says.push(ends(Some(number), End::Further));
    }
    says.extend([End::Unknown, End::Here, End::Further].map(Meta::new));
    for care in [Care::OnHints, Care::Always] {
        for from in [0, 1, u64::MAX - 1, u64::MAX] {
            for kind in kinds {
                for (one, other) in says.iter().flat_map(|a| says.iter().map(move |b| (*a, *b))) {
                    asked(care, from, kind, [one, other]);
                }
            }
        }
    }
}
