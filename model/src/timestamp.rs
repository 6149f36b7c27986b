//! Moments in time, in milliseconds, and the two ways in which X writes them.

use std::fmt;

/// Why a text is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTimestamp;

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time looks like 2013-12-14T04:35:55.000Z")
    }
}

impl std::error::Error for InvalidTimestamp {}

/// Milliseconds since 1970-01-01T00:00:00Z, between the years 0 and 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

const DAY_MS: i64 = 86_400_000;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// The last two digits of a number.
const fn pair(number: i64) -> [u8; 2] {
    [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8]
}

impl Timestamp {
    /// The first moment that can be written, `0000-01-01T00:00:00.000Z`.
    pub const MIN: Self = Self(-719_528 * DAY_MS);
    /// The last moment that can be written, `9999-12-31T23:59:59.999Z`.
    pub const MAX: Self = Self(2_932_897 * DAY_MS - 1);

    /// A time from milliseconds since 1970, moved into the years 0 to 9999.
    #[must_use]
    pub fn from_unix_ms(ms: i64) -> Self {
        Self(ms.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn unix_ms(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// So many milliseconds later.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self::from_unix_ms(self.0.saturating_add(ms))
    }

    /// The month of the calendar, in UTC, counted from January of the year 0.
    #[must_use]
    pub const fn month(self) -> u32 {
        let (year, month, _) = civil(self.0.div_euclid(DAY_MS));
        (year * 12 + month - 1) as u32
    }

    /// When such a month begins.
    #[must_use]
    pub fn of_month(month: u32) -> Self {
        let month = i64::from(month);
        days_from(month / 12, month % 12 + 1, 1).map_or(Self::MAX, |days| Self::from_unix_ms(days * DAY_MS))
    }

    /// Appends `2013-12-14T04:35:55.000Z`, the form of API v2.
    pub fn write_iso(self, out: &mut Vec<u8>) {
        let (year, month, day) = civil(self.0.div_euclid(DAY_MS));
        let ms = self.0.rem_euclid(DAY_MS);
        let [y1, y2] = pair(year / 100);
        let [y3, y4] = pair(year % 100);
        let [m1, m2] = pair(month);
        let [d1, d2] = pair(day);
        let [h1, h2] = pair(ms / 3_600_000);
        let [n1, n2] = pair(ms / 60_000 % 60);
        let [s1, s2] = pair(ms / 1000 % 60);
        let [f2, f3] = pair(ms % 100);
        let f1 = b'0' + (ms / 100 % 10) as u8;
        out.extend_from_slice(&[
            y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'.', f1, f2, f3,
            b'Z',
        ]);
    }

    /// Appends `Sat Dec 14 04:35:55 +0000 2013`, the form of API v1.1.
    pub fn write_v1(self, out: &mut Vec<u8>) {
        let [weekday, month] = self.words();
        let [year, day, hour, minute, second] = self.numbers();
        let [y1, y2] = pair(year / 100);
        let [y3, y4] = pair(year);
        let [d1, d2] = pair(day);
        let [h1, h2] = pair(hour);
        let [n1, n2] = pair(minute);
        let [s1, s2] = pair(second);
        out.extend_from_slice(weekday.as_bytes());
        out.push(b' ');
        out.extend_from_slice(month.as_bytes());
        out.extend_from_slice(&[b' ', d1, d2, b' ', h1, h2, b':', n1, n2, b':', s1, s2]);
        out.extend_from_slice(&[b' ', b'+', b'0', b'0', b'0', b'0', b' ', y1, y2, y3, y4]);
    }

    /// `Sat Dec 14 04:35:55 +0000 2013`, the form of API v1.1.
    #[must_use]
    pub fn to_v1(self) -> String {
        let mut out = Vec::with_capacity(30);
        self.write_v1(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    /// `Sat, 14 Dec 2013 04:35:55 GMT`, the form of headers (RFC 9110, 5.6.7).
    #[must_use]
    pub fn to_http(self) -> String {
        let [weekday, month] = self.words();
        let [year, day, hour, minute, second] = self.numbers();
        format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
    }

    /// The day of the week and the month.
    fn words(self) -> [&'static str; 2] {
        let days = self.0.div_euclid(DAY_MS);
        let (_, month, _) = civil(days);
        let weekday = WEEKDAYS.get(days.rem_euclid(7) as usize).copied().unwrap_or_default();
        [weekday, MONTHS.get(month as usize - 1).copied().unwrap_or_default()]
    }

    /// Year, day of the month, hour, minute and second.
    fn numbers(self) -> [i64; 5] {
        let (year, _, day) = civil(self.0.div_euclid(DAY_MS));
        let seconds = self.0.rem_euclid(DAY_MS) / 1000;
        [year, day, seconds / 3600, seconds / 60 % 60, seconds % 60]
    }

    /// Reads the form of API v2; the fraction of a second may be missing or have
    /// up to nine digits, and only UTC (`Z` or `+00:00`) is taken.
    ///
    /// # Errors
    /// [`InvalidTimestamp`] for any other form, and for days that do not exist.
    pub fn parse_iso(text: &str) -> Result<Self, InvalidTimestamp> {
        Self::read_written(text.as_bytes()).or_else(|| Self::read_iso(text)).ok_or(InvalidTimestamp)
    }

    /// Reads what [`Timestamp::write_iso`] writes, which is what most files hold.
    fn read_written(text: &[u8]) -> Option<Self> {
        let &[
            y1,
            y2,
            y3,
            y4,
            b'-',
            m1,
            m2,
            b'-',
            d1,
            d2,
            b'T',
            h1,
            h2,
            b':',
            n1,
            n2,
            b':',
            s1,
            s2,
            b'.',
            f1,
            f2,
            f3,
            b'Z',
        ] = text
        else {
            return None;
        };
        let digits = [y1, y2, y3, y4, m1, m2, d1, d2, h1, h2, n1, n2, s1, s2, f1, f2, f3];
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let pair = |tens: u8, ones: u8| i64::from(tens - b'0') * 10 + i64::from(ones - b'0');
        let days = days_from(pair(y1, y2) * 100 + pair(y3, y4), pair(m1, m2), pair(d1, d2))?;
        let (hour, minute, second) = (pair(h1, h2), pair(n1, n2), pair(s1, s2));
        let ms = (hour * 3600 + minute * 60 + second) * 1000 + i64::from(f1 - b'0') * 100 + pair(f2, f3);
        (hour < 24 && minute < 60 && second < 60).then_some(Self(days * DAY_MS + ms))
    }

    fn read_iso(text: &str) -> Option<Self> {
        let text = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00"))?;
        let (date, time) = text.split_once(['T', ' '])?;
        let mut date = date.split('-');
        let (year, month, day) = (number(date.next()?, 4)?, number(date.next()?, 2)?, number(date.next()?, 2)?);
        let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
        let fraction_ms = match fraction.len() {
            1..=9 => number(fraction, fraction.len())? * 1000 / 10_i64.pow(fraction.len() as u32),
            _ => return None,
        };
        let ms = clock(time)?;
        if date.next().is_some() {
            return None;
        }
        Some(Self(days_from(year, month, day)? * DAY_MS + ms + fraction_ms))
    }

    /// Reads the form of API v1.1, such as `Sat Dec 14 04:35:55 +0000 2013`. The
    /// name of the weekday is not checked.
    ///
    /// # Errors
    /// [`InvalidTimestamp`] for any other form or zone, and for days that do not exist.
    pub fn parse_v1(text: &str) -> Result<Self, InvalidTimestamp> {
        let read = || {
            let mut words = text.split(' ');
            let _weekday = words.next()?;
            let month = words.next()?;
            let month = 1 + MONTHS.iter().position(|&name| name == month)? as i64;
            let day = number(words.next()?, 2)?;
            let ms = clock(words.next()?)?;
            let (zone, year) = (words.next()?, number(words.next()?, 4)?);
            (zone == "+0000" && words.next().is_none()).then_some(())?;
            Some(Self(days_from(year, month, day)? * DAY_MS + ms))
        };
        read().ok_or(InvalidTimestamp)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Vec::with_capacity(24);
        self.write_iso(&mut out);
        f.write_str(std::str::from_utf8(&out).unwrap_or_default())
    }
}

/// Exactly `digits` decimal digits, nine at most.
fn number(text: &str, digits: usize) -> Option<i64> {
    let add = |number: i64, byte: u8| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0'));
    if text.len() == digits { text.bytes().try_fold(0, add) } else { None }
}

/// `hh:mm:ss` as milliseconds of the day.
fn clock(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let (hour, minute, second) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let fits = hour < 24 && minute < 60 && second < 60 && parts.next().is_none();
    fits.then_some((hour * 3600 + minute * 60 + second) * 1000)
}

/// Days since 1970 to year, month and day of the proleptic Gregorian calendar
/// (Howard Hinnant, "chrono-compatible low-level date algorithms").
const fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + (month <= 2) as i64, month, day)
}

/// The inverse of [`civil`]; `None` for a day that does not exist.
fn days_from(year: i64, month: i64, day: i64) -> Option<i64> {
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    ((1..=12).contains(&month) && civil(days) == (year, month, day)).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_known_moment() {
        let created = Timestamp::parse_iso("2013-12-14T04:35:55.000Z").unwrap();
        assert_eq!(created.unix_seconds(), 1_386_995_755);
        assert_eq!(created.to_string(), "2013-12-14T04:35:55.000Z");
        assert_eq!(created.to_v1(), "Sat Dec 14 04:35:55 +0000 2013");
        assert_eq!(Timestamp::parse_v1("Sat Dec 14 04:35:55 +0000 2013"), Ok(created));
        assert_eq!(Timestamp::parse_iso("2013-12-14T04:35:55Z"), Ok(created));
        assert_eq!(Timestamp::parse_iso("2013-12-14T04:35:55.123456+00:00"), Ok(Timestamp(created.0 + 123)));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for bad in [
            "",
            "2013",
            "2013-02-29T00:00:00Z",
            "2013-13-01T00:00:00Z",
            "2013-00-10T00:00:00Z",
            "2013-12-14T24:00:00Z",
            "2013-12-14T04:35:55",
            "2013-12-14T04:35:55+01:00",
            "2013-12-14T04:35:55.Z",
            "2013-12-14T04:35:55.1x0Z",
            "2013-12-14-01T04:35:55Z",
            "+013-12-14T04:35:55Z",
        ] {
            assert_eq!(Timestamp::parse_iso(bad), Err(InvalidTimestamp), "{bad:?}");
        }
        for bad in
            ["", "Sat Dec 14 04:35:55 +0100 2013", "Sat Dez 14 04:35:55 +0000 2013", "Sat Dec 14 04:35:55 +0000 2013 x"]
        {
            assert_eq!(Timestamp::parse_v1(bad), Err(InvalidTimestamp), "{bad:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn reading_undoes_writing(ms in Timestamp::MIN.0..=Timestamp::MAX.0) {
            let time = Timestamp::from_unix_ms(ms);
            proptest::prop_assert_eq!(Timestamp::parse_iso(&time.to_string()), Ok(time));
            let whole = Timestamp::from_unix_ms(ms.div_euclid(1000) * 1000);
            proptest::prop_assert_eq!(Timestamp::parse_v1(&whole.to_v1()), Ok(whole));
            let begins = Timestamp::of_month(time.month());
            proptest::prop_assert!(begins <= time && begins.month() == time.month());
            proptest::prop_assert!(begins == Timestamp::MIN || begins.plus_ms(-1).month() + 1 == time.month());
        }
    }
}
