//! Makes the table of first names from the two files that `xapi/src/tweet_binder/names.md` names.

use std::collections::BTreeMap;
use std::io::{self, Write as _};

/// Fewer children say too little.
const ENOUGH: u64 = 1000;
/// So many of a hundred have to be of one sex.
const CLEAR: u64 = 95;

/// Names that are more often places, days or words at the beginning of the name of an account.
const NO_NAMES: [&str; 23] = [
    "america",
    "arizona",
    "asia",
    "author",
    "babyboy",
    "babygirl",
    "brain",
    "china",
    "india",
    "south",
    "spring",
    "stanford",
    "sunday",
    "tesla",
    "tijuana",
    "tuesday",
    "valencia",
    "venice",
    "verona",
    "vienna",
    "viet",
    "washington",
    "west",
];

fn main() -> io::Result<()> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [female, male] = files.as_slice() else {
        return Err(io::Error::other("give finalFemaleNames.csv and finalMaleNames.csv"));
    };
    // Births, female and male.
    let mut names: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    for (path, sex) in [(female, 0), (male, 1)] {
        for line in std::fs::read_to_string(path)?.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').map(|field| field.trim_matches('"')).collect();
            let [name, _, births] = fields.as_slice() else { continue };
            let births: u64 = births.parse().map_err(io::Error::other)?;
            if let Some(sum) = names.entry(name.to_lowercase()).or_default().get_mut(sex) {
                *sum += births;
            }
        }
    }
    let mut out = io::stdout().lock();
    for (name, [female, male]) in names.into_iter().filter(|(name, _)| !NO_NAMES.contains(&name.as_str())) {
        let all = female + male;
        if all >= ENOUGH && female.max(male) * 100 >= all * CLEAR && name.bytes().all(|byte| byte.is_ascii_lowercase())
        {
            writeln!(out, "{name} {}", if female > male { 'f' } else { 'm' })?;
        }
    }
    Ok(())
}
