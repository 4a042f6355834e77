//! The sequence of comparisons and swaps of PHP's sort.
//!
//! PHP's comparison of keys is not transitive (`10` < `9a` by bytes, `9` < `10` as numbers, `9` <
//! `9a` by bytes), so the result depends on the algorithm. Up to 16 elements it is an insertion
//! sort, in steps of two from the seventh; above that a quicksort whose pivot is the median of
//! three elements (of five from 1024).
//!
//! No test can see a comparison that is repeated, or left out when its result is known: two elements
//! always compare the same, and never as equal.

/// Sorts in place; `greater(a, b)` is true when `a` belongs after `b`.
pub(super) fn zend_sort<T>(mut items: &mut [T], greater: &mut impl FnMut(&T, &T) -> bool) {
    while items.len() > 16 {
        let pivot = partition(items, greater);
        let (left, right) = items.split_at_mut(pivot);
        let right = &mut right[1..];
        // The shorter side first, which bounds the stack; the result does not depend on the order.
        if left.len() < right.len() {
            zend_sort(left, greater);
            items = right;
        } else {
            zend_sort(right, greater);
            items = left;
        }
    }
    insertion_sort(items, greater);
}

/// Moves a pivot to its place and returns that place.
fn partition<T>(items: &mut [T], greater: &mut impl FnMut(&T, &T) -> bool) -> usize {
    let (count, middle) = (items.len(), items.len() / 2);
    if count >= 1024 {
        let step = middle / 2;
        sort_network(items, &[0, step, middle, middle + step, count - 1], greater);
    } else {
        sort_network(items, &[0, middle, count - 1], greater);
    }
    items.swap(1, middle);
    let (mut low, mut high) = (2, count - 1);
    'done: loop {
        while greater(&items[1], &items[low]) {
            low += 1;
            if low == high {
                break 'done;
            }
        }
        high -= 1;
        if high == low {
            break;
        }
        while greater(&items[high], &items[1]) {
            high -= 1;
            if high == low {
                break 'done;
            }
        }
        items.swap(low, high);
        low += 1;
        if low == high {
            break;
        }
    }
    items.swap(1, low - 1);
    low - 1
}

fn insertion_sort<T>(items: &mut [T], greater: &mut impl FnMut(&T, &T) -> bool) {
    match items.len() {
        0 | 1 => {}
        2 => sort_network(items, &[0, 1], greater),
        3 => sort_network(items, &[0, 1, 2], greater),
        4 => sort_network(items, &[0, 1, 2, 3], greater),
        5 => sort_network(items, &[0, 1, 2, 3, 4], greater),
        count => {
            for at in 1..count {
                if greater(&items[at - 1], &items[at]) {
                    let place = if at < 6 {
                        linear_place(items, at, greater)
                    } else {
                        paired_place(items, at, greater)
                    };
                    items[place..=at].rotate_right(1);
                }
            }
        }
    }
}

/// The place where the element at `at` belongs, found one step at a time.
fn linear_place<T>(items: &[T], at: usize, greater: &mut impl FnMut(&T, &T) -> bool) -> usize {
    let mut place = at - 1;
    while place > 0 && greater(&items[place - 1], &items[at]) {
        place -= 1;
    }
    place
}

/// The place where the element at `at` belongs, found two steps at a time.
fn paired_place<T>(items: &[T], at: usize, greater: &mut impl FnMut(&T, &T) -> bool) -> usize {
    let mut place = at - 1;
    loop {
        place -= 2;
        if !greater(&items[place], &items[at]) {
            place += 1;
            return if greater(&items[place], &items[at]) {
                place
            } else {
                place + 1
            };
        }
        match place {
            0 => return 0,
            1 => return usize::from(greater(&items[at], &items[0])),
            _ => {}
        }
    }
}

/// Sorts two to five given places with PHP's fixed comparisons.
fn sort_network<T>(items: &mut [T], at: &[usize], greater: &mut impl FnMut(&T, &T) -> bool) {
    match *at {
        [a, b] => {
            if greater(&items[a], &items[b]) {
                items.swap(a, b);
            }
        }
        [a, b, c] => sort_three(items, [a, b, c], greater),
        [ref sorted @ .., last] => {
            sort_network(items, sorted, greater);
            let mut hole = last;
            for &place in sorted.iter().rev() {
                if !greater(&items[place], &items[hole]) {
                    return;
                }
                items.swap(place, hole);
                hole = place;
            }
        }
        [] => {}
    }
}

fn sort_three<T>(items: &mut [T], [a, b, c]: [usize; 3], greater: &mut impl FnMut(&T, &T) -> bool) {
    if !greater(&items[a], &items[b]) {
        if greater(&items[b], &items[c]) {
            items.swap(b, c);
            if greater(&items[a], &items[b]) {
                items.swap(a, b);
            }
        }
    } else if greater(&items[b], &items[c]) {
        items.swap(a, c);
    } else {
        items.swap(a, b);
        if greater(&items[b], &items[c]) {
            items.swap(b, c);
        }
    }
}
