//! The settings of the price list: amounts of money, and the day on which they held.

use std::fmt;

use super::setting::Setting;

/// A price in dollars, to the millionth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Price(u32);

impl Price {
    const DECIMALS: usize = 6;

    /// In millionths of a dollar.
    #[must_use]
    pub fn micros(self) -> u32 {
        self.0
    }
}

impl Setting for Price {
    const QUOTED: bool = false;

    fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !are_digits(whole) || !are_digits(part) || part.len() > Self::DECIMALS {
            return None;
        }
        format!("{whole}{part:0<width$}", width = Self::DECIMALS).parse().ok().map(Self)
    }

    fn expected() -> String {
        "give a price in dollars, such as 0.010".to_owned()
    }
}

/// In dollars, such as `0.010`.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000);
        f.write_str(text.strip_suffix("000").unwrap_or(&text))
    }
}

/// A day, such as 2026-08-28.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PriceDate(String);

impl Setting for PriceDate {
    fn parse(text: &str) -> Option<Self> {
        let fits = |(at, byte): (usize, u8)| if [4, 7].contains(&at) { byte == b'-' } else { byte.is_ascii_digit() };
        (text.len() == 10 && text.bytes().enumerate().all(fits)).then(|| Self(text.to_owned()))
    }

    fn expected() -> String {
        "give a day, such as 2026-08-28".to_owned()
    }
}

impl fmt::Display for PriceDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_read_to_the_millionth() {
        for (text, micros, shown) in [
            ("0.010", 10_000, "0.010"),
            ("1", 1_000_000, "1.000"),
            ("0.000001", 1, "0.000001"),
            ("2.5", 2_500_000, "2.500"),
        ] {
            let price = Price::parse(text).unwrap();
            assert_eq!((price.micros(), price.to_string().as_str()), (micros, shown), "{text}");
        }
        for bad in ["", ".5", "-1", "1,5", "0.0000001", "5000", "$1", "1e3"] {
            assert_eq!(Price::parse(bad), None, "{bad}");
        }
        assert!(PriceDate::parse("2026-08-28").is_some() && PriceDate::parse("28.08.2026").is_none());
    }
}
