//! What people type into the forms, and how it stands there again with what is wrong beside it.

/// The fields of a form or of a query, decoded, in their order.
#[derive(Debug, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// From a query or a body. What cannot be decoded is kept as well as it can, so that it stands in
    /// the form again; no name or address can hold the mark that stands for what is no text.
    pub(super) fn of(text: &[u8]) -> Self {
        Self(xapi::lossy_pairs(text))
    }

    /// One more field.
    pub(super) fn add(&mut self, name: String, value: String) {
        self.0.push((name, value));
    }

    /// The first value of a field, or nothing.
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The names of all fields, in their order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Every value of a field.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What is wrong with a name that `admin::identity::name` does not take.
pub(super) fn name_wrong(most: usize) -> String {
    format!("Give 1 to {most} characters that can be seen.")
}

/// A field for text.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    /// What it holds, as it was typed.
    pub(super) value: String,
    /// What is wrong with that.
    pub(super) error: Option<&'static str>,
}

/// A field for one of several values.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) options: Vec<Item>,
    pub(super) error: Option<&'static str>,
}

/// One of several values.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

impl Field {
    pub(super) fn new(name: &'static str, label: &'static str, hint: &'static str, value: &str) -> Self {
        Self { name, label, hint, value: value.to_owned(), error: None }
    }
}

impl Choice {
    /// The value that is chosen, or nothing.
    pub(super) fn value(&self) -> &str {
        self.options.iter().find(|option| option.chosen).map(|option| option.value.as_str()).unwrap_or_default()
    }

    /// Chooses a value. One that is not offered is wrong.
    pub(super) fn choose(&mut self, value: &str) {
        self.options.iter_mut().for_each(|option| option.chosen = option.value == value);
        if !self.options.iter().any(|option| option.chosen) {
            self.error = Some("Choose one of these.");
        }
    }
}

impl Item {
    pub(super) fn new(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> Self {
        Self { value: value.into(), label: label.into(), chosen }
    }
}
