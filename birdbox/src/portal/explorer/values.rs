//! What a person has filled in for an operation, by the names of its row, and the address that
//! brings it back.

use xapi::{Input, InputValue, Operation, inputs, operation::Value};

use crate::portal::form::Form;

/// What stands before the name of an input in forms and addresses.
pub(super) const PREFIX: &str = "p.";

/// The field whose text stands in the query behind all inputs.
pub(super) const OTHER: &str = "other";

/// An input, and what stands in it; nothing if it is left out.
#[derive(Debug)]
pub(super) struct Filled {
    pub(super) input: Input,
    pub(super) value: String,
}

/// All inputs of an operation, in the order of the table.
#[derive(Debug)]
pub(super) struct Values(pub(super) Vec<Filled>);

impl Values {
    /// From a form or an address. What was ticked and what was typed beside it is one list; all else
    /// stays as it was typed.
    pub(super) fn of(operation: &Operation, form: &Form) -> Self {
        let fill = |input: Input| {
            let name = format!("{PREFIX}{}", input.name);
            let said: Vec<&str> = form.all(&name).filter(|said| !said.is_empty()).collect();
            let value = match said.first() {
                Some(_) if input.is_list() => {
                    let said: Vec<_> = said.into_iter().filter(|said| !said.trim().is_empty()).collect();
                    said.join(",").split(',').map(str::trim).collect::<Vec<_>>().join(",")
                }
                Some(first) => (*first).to_owned(),
                None => String::new(),
            };
            Filled { input, value }
        };
        Self(inputs(operation).into_iter().map(fill).collect())
    }

    /// The inputs that are filled in.
    pub(super) fn filled(&self) -> impl Iterator<Item = &Filled> {
        self.0.iter().filter(|filled| !filled.value.is_empty())
    }

    /// What stands in an input, or nothing.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|filled| filled.input.name == name).map(|filled| filled.value.as_str()).unwrap_or_default()
    }
}

impl Filled {
    /// The parts of a list.
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.value.split(',').map(str::trim).filter(|part| !part.is_empty())
    }

    /// Whether it is a list, each part of which is a value.
    pub(super) fn is_list(&self) -> bool {
        self.input.is_list()
    }

    /// The value as a number, where the input takes one.
    pub(super) fn number(&self) -> Option<i64> {
        let is_number = matches!(self.input.value, InputValue::Plain(Value::Number { .. } | Value::Cursor));
        let number: i64 = self.value.parse().ok().filter(|_| is_number)?;
        // `+1` and `01` are other texts than `1`.
        (number.to_string() == self.value && i32::try_from(number).is_ok()).then_some(number)
    }
}

/// What was typed of other parameters, as a part of a query: what cannot stand in one is encoded, and
/// nothing else is changed.
pub(super) fn other(form: &Form) -> String {
    let typed = form.get(OTHER).trim();
    typed.trim_start_matches(['?', '&']).bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_graphic() && !br##""#<>"##.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

/// The names in a form that are no inputs of the operation.
pub(super) fn unknown(operation: &Operation, form: &Form) -> Vec<String> {
    let known = inputs(operation);
    let of_inputs = form.names().filter_map(|name| name.strip_prefix(PREFIX));
    let mut unknown: Vec<String> = Vec::new();
    for name in of_inputs.filter(|name| known.iter().all(|input| input.name != *name)) {
        let shown: String = name.chars().take(40).collect();
        if unknown.len() < 5 && !unknown.contains(&shown) {
            unknown.push(shown);
        }
    }
    unknown
}
