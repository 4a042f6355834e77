//! The result of a run.

use super::World;
use crate::terms::{MILLISECOND, Micros, SECOND};

/// The result of a run.
#[derive(Debug, Default)]
pub(in crate::tests) struct Report {
    pub(in crate::tests) starts: u64,
    /// Arrivals that make a second hold more than the cap.
    pub(in crate::tests) over: u64,
    /// Most arrivals in a second.
    pub(in crate::tests) most: usize,
    /// Arrivals a second from the first to the last, divided by the cap.
    pub(in crate::tests) pace: f64,
    pub(in crate::tests) asks: u64,
    /// Starts of each process.
    pub(in crate::tests) shares: Vec<u64>,
    /// Waits of the calls of high priority.
    pub(in crate::tests) waits: Vec<Micros>,
    /// Starts of low priority.
    pub(in crate::tests) low: u64,
    /// Arrivals while a pause lasted that the service had asked for, and the longest time without arrivals after it
    /// began.
    pub(in crate::tests) in_pause: usize,
    pub(in crate::tests) silence: Micros,
}

impl World {
    pub(in crate::tests) fn judge(&mut self) {
        self.arrivals.sort_unstable();
        let (arrivals, cap) = (&self.arrivals, self.setup.terms.cap as usize);
        let mut oldest = 0;
        for (place, at) in arrivals.iter().enumerate() {
            while arrivals[oldest] + SECOND <= *at {
                oldest += 1;
            }
            let inside = place - oldest + 1;
            self.report.most = self.report.most.max(inside);
            self.report.over += u64::from(inside > cap);
        }
        if let Some((at, pause)) = self.pause {
            // What is on the way already does not count.
            let way = 40 * MILLISECOND;
            let during = arrivals
                .iter()
                .filter(|it| (at + way..at + pause).contains(*it));
            self.report.in_pause = during.count();
            let around = arrivals
                .windows(2)
                .filter(|pair| pair[1] > at && pair[0] < at + pause);
            self.report.silence = around.map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
        }
        self.report.starts = arrivals.len() as u64;
        if let [first, .., last] = arrivals[..] {
            self.report.pace =
                (arrivals.len() - 1) as f64 / ((last - first) as f64 / 1e6) / cap as f64;
        }
    }
}
