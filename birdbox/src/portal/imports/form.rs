//! The form with which a file is sent, and what it says.

use formats::edges::{Column, PRESETS};
use model::Timestamp;

use super::super::form::{Choice, Field, Form, Item};
use super::job::{Order, WHATS};
use crate::admin::protocol::OnConflict;

/// The form.
#[derive(Debug)]
pub(super) struct ImportForm {
    pub(super) what: Choice,
    pub(super) conflict: Choice,
    pub(super) observed_at: Field,
    pub(super) preset: Choice,
    pub(super) columns: Field,
    /// What is wrong with the file.
    pub(super) file_error: Option<String>,
}

const CONFLICTS: [(OnConflict, &str, &str); 3] = [
    (OnConflict::Newer, "newer", "The newer observation wins"),
    (OnConflict::Keep, "keep", "What is stored stays"),
    (OnConflict::Replace, "replace", "The file wins, however old"),
];

const TIME_WRONG: &str = "Give a time such as 2022-03-01T00:00:00Z, or nothing.";
const COLUMNS_WRONG: &str = "Give two different columns of a file that is no known data set, by number from 1 or by name, such as user_id,follower_id; or nothing.";

impl ImportForm {
    /// As it is before anything is typed.
    pub(super) fn new() -> Self {
        let first = |at: usize| at == 0;
        let whats = WHATS.iter().enumerate().map(|(at, (_, word, label))| Item::new(*word, *label, first(at)));
        let conflicts = CONFLICTS.iter().enumerate().map(|(at, (_, word, label))| Item::new(*word, *label, first(at)));
        let presets = PRESETS.iter().map(|preset| Item::new(preset.name, preset.about, false));
        Self {
            what: Choice {
                name: "what",
                label: "What it is",
                hint: "Text, plain or packed with gzip or zstd; follows also Parquet.",
                options: whats.collect(),
                error: None,
            },
            conflict: Choice {
                name: "conflict",
                label: "When something is known already",
                hint: "For users and posts.",
                options: conflicts.collect(),
                error: None,
            },
            observed_at: Field::new(
                "observed_at",
                "Observed at",
                "When lines that do not say so were observed, such as 2022-03-01T00:00:00Z. May be empty: now.",
                "",
            ),
            preset: Choice {
                name: "preset",
                label: "Data set of follows",
                hint: "Before follows are loaded, you see what the first lines say.",
                options: [Item::new("", "None of these", true)].into_iter().chain(presets).collect(),
                error: None,
            },
            columns: Field::new(
                "columns",
                "Columns of the two ids",
                "For follows: by number from 1 or by name, such as user_id,follower_id. May be empty: the first two.",
                "",
            ),
            file_error: None,
        }
    }

    /// As it was typed. What is not in the form stays as it is.
    pub(super) fn fill(&mut self, form: &Form) {
        for field in [&mut self.observed_at, &mut self.columns] {
            form.get(field.name).clone_into(&mut field.value);
        }
        for choice in [&mut self.what, &mut self.conflict, &mut self.preset] {
            if let Some(value) = form.all(choice.name).next() {
                choice.choose(value);
            }
        }
    }

    /// What it asks for; nothing if something is wrong, which stands beside its field then.
    pub(super) fn order(&mut self) -> Option<Order> {
        let what = WHATS.iter().find(|(_, word, _)| *word == self.what.value()).map(|(what, ..)| *what);
        let conflict = CONFLICTS.iter().find(|(_, word, _)| *word == self.conflict.value()).map(|(rule, ..)| *rule);
        let preset = PRESETS.iter().position(|preset| preset.name == self.preset.value());
        let typed = self.observed_at.value.trim();
        let observed_at = if typed.is_empty() { Ok(None) } else { Timestamp::parse_iso(typed).map(Some) };
        if observed_at.is_err() {
            self.observed_at.error = Some(TIME_WRONG);
        }
        let columns = columns(self.columns.value.trim(), preset.is_some());
        if columns.is_err() {
            self.columns.error = Some(COLUMNS_WRONG);
        }
        if self.preset.error.is_some() {
            return None;
        }
        Some(Order { what: what?, conflict: conflict?, observed_at: observed_at.ok()?, preset, columns: columns.ok()? })
    }
}

/// Two columns, or none.
fn columns(text: &str, is_known: bool) -> Result<Option<[Column; 2]>, ()> {
    if text.is_empty() {
        return Ok(None);
    }
    let column = |text: &str| match text.trim() {
        "" | "0" => None,
        text => Some(text.parse().map_or_else(|_| Column::Name(text.to_owned()), Column::Number)),
    };
    let pair = text.split_once(',').and_then(|(one, other)| Some([column(one)?, column(other)?]));
    pair.filter(|[one, other]| one != other && !is_known).map(Some).ok_or(())
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::super::job::What;
    use super::*;

    fn order(query: &str) -> (Option<Order>, ImportForm) {
        let mut form = ImportForm::new();
        form.fill(&Form::of(query.as_bytes()));
        (form.order(), form)
    }

    #[test]
    fn the_words_are_those_of_the_command_line() {
        let words: Vec<_> =
            OnConflict::value_variants().iter().filter_map(clap::ValueEnum::to_possible_value).collect();
        assert_eq!(
            words.iter().map(clap::builder::PossibleValue::get_name).collect::<Vec<_>>(),
            CONFLICTS.map(|(_, word, _)| word)
        );
    }

    #[test]
    fn what_is_wrong_stands_beside_its_field() {
        let (right, _) = order("what=edges&columns=2,+name&conflict=keep&observed_at=2022-03-01T00:00:00Z");
        let right = right.unwrap();
        assert_eq!((right.what, right.conflict), (What::Edges, OnConflict::Keep));
        assert_eq!(right.columns, Some([Column::Number(2), Column::Name("name".into())]));
        assert!(order("what=edges").0.is_some());
        for columns in ["1", "1,1", "0,1", ",", "a,"] {
            assert_eq!(
                order(&format!("what=edges&columns={columns}")).1.columns.error,
                Some(COLUMNS_WRONG),
                "{columns}"
            );
        }
        assert!(order("what=edges&preset=kwak&columns=1,2").1.columns.error.is_some());
        assert!(order("observed_at=yesterday").1.observed_at.error.is_some());
        for query in ["what=pictures", "conflict=no", "preset=mine"] {
            assert!(order(query).0.is_none(), "{query}");
        }
    }
}
