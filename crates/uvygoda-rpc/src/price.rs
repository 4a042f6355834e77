//! The marketplace's markup: converts the seller's sum to the price on the card, and back.

use common_model::Decimal;
use common_transport::Error;
use rust_decimal::RoundingStrategy;

/// The marketplace's markup on the seller's sum for one piece.
///
/// The documented rate is 1.18: a seller who wants 150 sets `PRICE` to 177. All sums are decimals,
/// rounded by [`Rounding`].
///
/// ```
/// use uvygoda_rpc::{Decimal, Markup, Rounding};
///
/// let markup = Markup::default();
/// assert_eq!(markup.price(Decimal::from(150)).unwrap(), Decimal::from(177));
/// assert_eq!(markup.proceeds(Decimal::from(177)).unwrap(), Decimal::from(150));
///
/// let whole_roubles = Markup::default().rounding(Rounding::Up).digits(0);
/// assert_eq!(whole_roubles.price("19.99".parse().unwrap()).unwrap(), Decimal::from(24));
/// ```
// U38
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Markup {
    rate: Decimal,
    rounding: Option<Rounding>,
    digits: u32,
}

/// Rounding of the digits that are not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rounding {
    /// Away from zero: the seller never gets less than wanted.
    Up,
    /// Towards zero.
    Down,
    /// To the nearest, halves away from zero, as shops round.
    HalfUp,
    /// To the nearest, halves to the even digit, as banks round.
    HalfEven,
}

impl Markup {
    /// A markup with another rate than the 1.18 of [`Markup::default`].
    ///
    /// # Errors
    /// The rate is not above zero.
    pub fn new(rate: Decimal) -> Result<Self, Error> {
        if rate <= Decimal::ZERO {
            return Err(Error::invalid_input(
                "rate",
                "a markup rate is above zero, as 1.18",
            ));
        }
        Ok(Self {
            rate,
            ..Self::default()
        })
    }

    /// Sets the rounding for both directions. By default a price is rounded up and proceeds are
    /// rounded down, so that neither promises the seller too much.
    #[must_use]
    pub fn rounding(mut self, rounding: Rounding) -> Self {
        self.rounding = Some(rounding);
        self
    }

    /// Sets the number of digits after the point. Default: 2 (kopecks).
    #[must_use]
    pub fn digits(mut self, digits: u32) -> Self {
        self.digits = digits;
        self
    }

    /// The price on the card for a seller who wants `wanted` for one piece.
    ///
    /// # Errors
    /// The sum is negative, or beyond the range of a decimal.
    pub fn price(&self, wanted: Decimal) -> Result<Decimal, Error> {
        let price = not_negative("wanted", wanted)?.checked_mul(self.rate);
        self.round("wanted", price, Rounding::Up)
    }

    /// The seller's sum for one piece with `price` on the card.
    ///
    /// # Errors
    /// The price is negative, or beyond the range of a decimal.
    pub fn proceeds(&self, price: Decimal) -> Result<Decimal, Error> {
        let proceeds = not_negative("PRICE", price)?.checked_div(self.rate);
        self.round("PRICE", proceeds, Rounding::Down)
    }

    fn round(
        &self,
        field: &str,
        sum: Option<Decimal>,
        careful: Rounding,
    ) -> Result<Decimal, Error> {
        let sum = sum.ok_or_else(|| Error::invalid_input(field, "the sum is too large"))?;
        let strategy = self.rounding.unwrap_or(careful).strategy();
        Ok(sum
            .round_dp_with_strategy(self.digits, strategy)
            .normalize())
    }
}

impl Default for Markup {
    fn default() -> Self {
        Self {
            rate: Decimal::new(118, 2),
            rounding: None,
            digits: 2,
        }
    }
}

impl Rounding {
    fn strategy(self) -> RoundingStrategy {
        match self {
            Self::Up => RoundingStrategy::AwayFromZero,
            Self::Down => RoundingStrategy::ToZero,
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::HalfEven => RoundingStrategy::MidpointNearestEven,
        }
    }
}

fn not_negative(field: &str, sum: Decimal) -> Result<Decimal, Error> {
    if sum < Decimal::ZERO {
        return Err(Error::invalid_input(field, "a sum is not negative"));
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn u38_the_documented_example_goes_both_ways() {
        let markup = Markup::default();
        assert_eq!(markup.price(decimal("150")).unwrap(), decimal("177"));
        assert_eq!(markup.proceeds(decimal("177")).unwrap(), decimal("150"));
    }

    #[test]
    fn u38_no_float_drift_and_the_rounding_is_the_named_one() {
        // 19.99 x 1.18 = 23.5882 exactly.
        for (rounding, digits, price) in [
            (Rounding::Up, 2, "23.59"),
            (Rounding::Down, 2, "23.58"),
            (Rounding::HalfUp, 2, "23.59"),
            (Rounding::HalfUp, 3, "23.588"),
            (Rounding::HalfUp, 4, "23.5882"),
            (Rounding::Up, 0, "24"),
        ] {
            let markup = Markup::default().rounding(rounding).digits(digits);
            assert_eq!(
                markup.price(decimal("19.99")).unwrap(),
                decimal(price),
                "{rounding:?}"
            );
        }
        // 1.25 x 1.18 = 1.475: the two ways to round a half differ at an even digit only.
        let half = |rounding| Markup::default().rounding(rounding).price(decimal("1.25"));
        assert_eq!(half(Rounding::HalfUp).unwrap(), decimal("1.48"));
        assert_eq!(half(Rounding::HalfEven).unwrap(), decimal("1.48"));
        let half = |rounding| Markup::default().rounding(rounding).price(decimal("3.75"));
        assert_eq!(half(Rounding::HalfUp).unwrap(), decimal("4.43"));
        assert_eq!(half(Rounding::HalfEven).unwrap(), decimal("4.42"));
    }

    #[test]
    fn u38_unless_told_the_seller_never_gets_less_than_wanted() {
        let markup = Markup::default();
        for kopecks in 0..5_000 {
            let wanted = Decimal::new(kopecks, 2);
            let price = markup.price(wanted).unwrap();
            assert!(markup.proceeds(price).unwrap() >= wanted, "{wanted}");
        }
    }

    #[test]
    fn u38_senseless_sums_are_refused_by_name() {
        let markup = Markup::default();
        assert_eq!(
            markup.price(decimal("-1")).unwrap_err().field(),
            Some("wanted")
        );
        assert_eq!(
            markup.proceeds(decimal("-1")).unwrap_err().field(),
            Some("PRICE")
        );
        assert!(markup.price(Decimal::MAX).is_err());
        assert!(Markup::new(Decimal::ZERO).is_err());
    }
}
