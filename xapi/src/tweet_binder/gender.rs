//! `gender`: what the first name of an account lets expect.
//!
//! unverified(tweetbinder-gender): Tweet Binder says that it estimates, and not how. Here it is
//! the given names of the United States (`names.md` beside this file), which knows little of the
//! rest of the world, so a name is `undefined` unless nearly all who bear it are of one sex, and
//! wherever the account seems to be no person.

use model::{Gender, VerifiedType};

/// Lines of a name in small letters, a blank, and `f` or `m`, in the order of the names.
static NAMES: &str = include_str!("names.txt");

/// What stands before a first name.
const TITLES: [&str; 14] =
    ["adm", "capt", "chief", "col", "doctor", "dr", "gen", "hon", "judge", "lt", "prof", "professor", "rep", "sen"];

/// Words that people have in no name, and organisations in many.
const ORGANISATIONS: [&str; 58] = [
    "academy",
    "agency",
    "air",
    "airlines",
    "app",
    "association",
    "bank",
    "books",
    "bot",
    "cafe",
    "center",
    "centre",
    "church",
    "city",
    "club",
    "co",
    "college",
    "company",
    "corp",
    "council",
    "county",
    "department",
    "digital",
    "fc",
    "foundation",
    "fund",
    "games",
    "gmbh",
    "group",
    "hospital",
    "hotel",
    "inc",
    "institute",
    "journal",
    "labs",
    "library",
    "llc",
    "ltd",
    "magazine",
    "media",
    "museum",
    "music",
    "network",
    "news",
    "office",
    "official",
    "party",
    "press",
    "project",
    "radio",
    "records",
    "restaurant",
    "school",
    "society",
    "studio",
    "team",
    "tv",
    "university",
];

/// What the name of an account, and the kind of its check mark, let expect.
#[must_use]
pub fn estimate(name: &str, verified_type: Option<VerifiedType>) -> Gender {
    match verified_type {
        Some(VerifiedType::Business) => return Gender::Undefined,
        // Governments' check marks are for people in office too.
        Some(VerifiedType::Government | VerifiedType::Blue | VerifiedType::None) | None => {}
    }
    let mut words = name.split(|letter: char| letter.is_whitespace() || SEPARATORS.contains(&letter));
    if words.clone().any(|word| ORGANISATIONS.binary_search(&plain(word).as_str()).is_ok()) {
        return Gender::Undefined;
    }
    // An initial says nothing, and nor does what has no letter at all.
    let first = words.find_map(|word| Some(plain(word)).filter(|word| word.len() > 1 && !is_title(word)));
    first.and_then(|first| look_up(&first)).unwrap_or(Gender::Undefined)
}

/// What stands between words besides blanks. A hyphen does not: Jean-Marie is no Jean.
const SEPARATORS: [char; 9] = [',', '/', '|', '(', ')', '_', '.', '•', '·'];

fn is_title(word: &str) -> bool {
    TITLES.binary_search(&word).is_ok()
}

/// A word in small letters without what surrounds it, such as emoji and quotes; letters of
/// Western languages without their accents, as the registers of the United States write them.
fn plain(word: &str) -> String {
    let word = word.trim_matches(|letter: char| !letter.is_alphabetic());
    word.chars().flat_map(char::to_lowercase).map(without_accent).collect()
}

const fn without_accent(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        _ => letter,
    }
}

/// The line of a name, by bisection of the text.
fn look_up(name: &str) -> Option<Gender> {
    let mut rest = NAMES;
    while !rest.is_empty() {
        // The line around the middle. Lines end, and all is ASCII, so that each cut is one.
        let middle = rest.len() / 2;
        let start = rest.get(..middle)?.rfind('\n').map_or(0, |end| end + 1);
        let end = middle + rest.get(middle..)?.find('\n')?;
        let (known, gender) = rest.get(start..end)?.split_once(' ')?;
        match name.cmp(known) {
            std::cmp::Ordering::Less => rest = rest.get(..start)?,
            std::cmp::Ordering::Greater => rest = rest.get(end + 1..)?,
            std::cmp::Ordering::Equal => return Some(if gender == "f" { Gender::Female } else { Gender::Male }),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Gender {
        estimate(name, None)
    }

    #[test]
    fn every_name_of_the_table_is_found() {
        let mut names = NAMES.lines().map(|line| line.split_once(' ').unwrap()).collect::<Vec<_>>();
        assert_eq!(names.len(), 8111);
        for (name, gender) in &names {
            let expected = if *gender == "f" { Gender::Female } else { Gender::Male };
            assert_eq!(look_up(name), Some(expected), "{name}");
        }
        let before = names.clone();
        names.sort_unstable();
        names.dedup_by_key(|(name, _)| *name);
        assert_eq!(names, before, "bisection needs them in order");
    }

    #[test]
    fn the_words_beside_the_table_are_in_order() {
        assert!(TITLES.is_sorted() && ORGANISATIONS.is_sorted());
    }

    #[test]
    fn the_first_name_decides() {
        for name in
            ["Ada Lovelace", "MARIA", "Sen. Susan Collins", "🌻 Émilie du Châtelet", "Grace M. Hopper", "A. Linda"]
        {
            assert_eq!(of(name), Gender::Female, "{name}");
        }
        for name in ["Alan Turing", "josé", "Dr. Martin King", "\"Robert\" Smith", "Linus_T"] {
            assert_eq!(of(name), Gender::Male, "{name}");
        }
    }

    #[test]
    fn what_is_unsure_or_no_person_is_undefined() {
        let unsure =
            ["", "🐳", "Tweet Binder PRO", "Kim", "Taylor Smith", "Jean-Marie", "Zzyzx", "日本", "a", "zzzz", "X"];
        let others = ["Chelsea FC", "Chase Bank", "Madison County", "Rose Museum", "Dr."];
        for name in unsure.into_iter().chain(others) {
            assert_eq!(of(name), Gender::Undefined, "{name}");
        }
        assert_eq!(estimate("Wendy", Some(VerifiedType::Business)), Gender::Undefined);
        assert_eq!(estimate("Wendy", Some(VerifiedType::Blue)), Gender::Female);
    }
}
