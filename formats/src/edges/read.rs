//! Reads lines of two ids, most of them in one pass over their bytes. What is not plain (quoted
//! fields, other columns, comments, headers, mistakes) takes a slower way.

use std::borrow::Cow;

use memchr::memchr;
use model::UserId;

use super::{Column, EdgeError, EdgeProblem, Layout, Reads};

/// Reads the lines of one file.
#[derive(Debug)]
pub struct EdgeReader {
    layout: Layout,
    lines: u64,
    /// Known from the first line that is no comment.
    form: Option<Form>,
}

/// What the first line shows of all.
#[derive(Debug, Clone, Copy)]
struct Form {
    separator: Separator,
    /// From 0.
    columns: [usize; 2],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    /// Spaces and tabs, one or more.
    Blank,
    /// One of this byte.
    Byte(u8),
}

/// Tried in this order on the first line.
const SEPARATORS: [u8; 4] = [b',', b';', b'|', b'\t'];

impl EdgeReader {
    /// For a file that is read from its beginning.
    #[must_use]
    pub fn new(layout: Layout) -> Self {
        Self { layout, lines: 0, form: None }
    }

    /// How many lines were read.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Reads the next lines, which are whole, and gives each follower with whom it follows. The
    /// last line of a file may lack its end.
    ///
    /// # Errors
    /// [`EdgeError`] for the first line that is none of the layout.
    pub fn read(&mut self, mut text: &[u8], mut each: impl FnMut(UserId, UserId)) -> Result<(), EdgeError> {
        if self.lines == 0 {
            text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        }
        let reads = self.layout.reads;
        let mut give = |[first, second]: [u64; 2]| {
            let (first, second) = (UserId::new(first), UserId::new(second));
            match reads {
                Reads::Follows => each(first, second),
                Reads::FollowedBy => each(second, first),
            }
        };
        while !text.is_empty() {
            self.lines += 1;
            if let Some(form) = self.form
                && let Some((pair, rest)) = plain(text, form)
            {
                give(pair);
                text = rest;
                continue;
            }
            let (line, rest) = split_line(text);
            text = rest;
            let pair = self.line(line).map_err(|problem| EdgeError::new(self.lines, line, problem))?;
            pair.into_iter().for_each(&mut give);
        }
        Ok(())
    }

    /// The slower way. Nothing is in blank lines, comments and the header.
    fn line(&mut self, line: &[u8]) -> Result<Option<[u64; 2]>, EdgeProblem> {
        let line = line.trim_ascii();
        if line.first().is_none_or(|first| self.layout.comments.contains(first)) {
            return Ok(None);
        }
        let (form, is_first) = match self.form {
            Some(form) => (form, false),
            None => (self.layout.form(line)?, true),
        };
        self.form = Some(form);
        let fields = fields(line, form.separator)?;
        let chosen = self.layout.choose(form.columns, &fields)?;
        let is_header = is_first && self.layout.header && chosen.iter().all(|field| !starts_as_number(field));
        if is_header {
            return Ok(None);
        }
        let [first, second] = chosen;
        Ok(Some([id(first)?, id(second)?]))
    }
}

impl Layout {
    /// What the first line shows of all.
    fn form(&self, line: &[u8]) -> Result<Form, EdgeProblem> {
        let byte = SEPARATORS.into_iter().find(|separator| line.contains(separator));
        let separator = byte.map_or(Separator::Blank, Separator::Byte);
        Ok(Form { separator, columns: self.places(&fields(line, separator)?)? })
    }

    /// Where the two ids are, from 0, when the columns have these names.
    ///
    /// # Errors
    /// [`EdgeProblem`] when they are not there, or it is not said where.
    pub fn places(&self, names: &[impl AsRef<[u8]>]) -> Result<[usize; 2], EdgeProblem> {
        let has = names.len();
        let Some([first, second]) = &self.columns else {
            return match has {
                0 | 1 => Err(EdgeProblem::Single),
                _ if has > *self.width.end() => Err(EdgeProblem::TooMany { has }),
                _ => Ok([0, 1]),
            };
        };
        let place = |column: &Column| match column {
            Column::Number(wanted) if *wanted > has => Err(EdgeProblem::TooFew { has, wanted: *wanted }),
            Column::Number(wanted) => Ok(wanted.saturating_sub(1)),
            Column::Name(name) => names
                .iter()
                .position(|field| field.as_ref() == name.as_bytes())
                .ok_or_else(|| EdgeProblem::NoColumn { name: name.clone() }),
        };
        match [place(first)?, place(second)?] {
            [first, second] if first == second => Err(EdgeProblem::Same { column: first + 1 }),
            places => Ok(places),
        }
    }

    fn choose<'f>(&self, columns: [usize; 2], fields: &'f [Cow<'_, [u8]>]) -> Result<[&'f [u8]; 2], EdgeProblem> {
        let has = fields.len();
        if self.columns.is_none() && has > *self.width.end() {
            return Err(EdgeProblem::TooMany { has });
        }
        let field = |at: usize| {
            fields.get(at).map(Cow::as_ref).ok_or(match &self.columns {
                Some(_) => EdgeProblem::TooFew { has, wanted: at + 1 },
                None => EdgeProblem::Single,
            })
        };
        Ok([field(columns[0])?, field(columns[1])?])
    }
}

/// Two numbers in the first two columns, which are all there is on the line, and what comes
/// after it.
fn plain(text: &[u8], form: Form) -> Option<([u64; 2], &[u8])> {
    if form.columns != [0, 1] {
        return None;
    }
    let (first, mut rest) = number(text)?;
    match (form.separator, rest) {
        (Separator::Blank, [b' ' | b'\t', ..]) => {
            while let [b' ' | b'\t', more @ ..] = rest {
                rest = more;
            }
        }
        (Separator::Byte(separator), [byte, more @ ..]) if *byte == separator => rest = more,
        _ => return None,
    }
    let (second, rest) = number(rest)?;
    let rest = match rest {
        [] => rest,
        [b'\n', rest @ ..] | [b'\r', b'\n', rest @ ..] => rest,
        _ => return None,
    };
    Some(([first, second], rest))
}

/// The digits at the beginning, 1 to 19, and what comes after them.
fn number(text: &[u8]) -> Option<(u64, &[u8])> {
    let (mut rest, mut number) = (text, 0u64);
    while let [digit @ b'0'..=b'9', more @ ..] = rest {
        number = number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        rest = more;
    }
    (1..=19).contains(&(text.len() - rest.len())).then_some((number, rest))
}

fn split_line(text: &[u8]) -> (&[u8], &[u8]) {
    memchr(b'\n', text).and_then(|end| text.split_at_checked(end + 1)).unwrap_or((text, &[]))
}

fn id(field: &[u8]) -> Result<u64, EdgeProblem> {
    UserId::from_ascii(field).map(UserId::get).map_err(|_| EdgeProblem::no_id(field))
}

fn starts_as_number(field: &[u8]) -> bool {
    field.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-')
}

/// The fields of a line without their quotation marks and the spaces around them.
fn fields(line: &[u8], separator: Separator) -> Result<Vec<Cow<'_, [u8]>>, EdgeProblem> {
    let Separator::Byte(separator) = separator else {
        let words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        return Ok(words.map(Cow::Borrowed).collect());
    };
    let mut found = Vec::new();
    let mut rest = Some(line);
    while let Some(begun) = rest {
        let (field, after) = match begun.trim_ascii_start().strip_prefix(b"\"") {
            Some(quoted) => unquote(quoted)?,
            None => (Cow::Borrowed([].as_slice()), begun),
        };
        let (plain, next) = match memchr(separator, after) {
            Some(end) => (after.get(..end).unwrap_or_default(), after.get(end + 1..)),
            None => (after, None),
        };
        found.push(if field.is_empty() { Cow::Borrowed(plain.trim_ascii()) } else { field });
        rest = next;
    }
    Ok(found)
}

/// What stands before the closing quotation mark, two of which mean one, and what comes after.
fn unquote(mut rest: &[u8]) -> Result<(Cow<'_, [u8]>, &[u8]), EdgeProblem> {
    let mut field = Vec::new();
    loop {
        let end = memchr(b'"', rest).ok_or(EdgeProblem::OpenQuote)?;
        let (text, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        field.extend_from_slice(text);
        match after {
            [b'"', b'"', more @ ..] => {
                field.push(b'"');
                rest = more;
            }
            [_, more @ ..] => return Ok((Cow::Owned(field), more)),
            [] => return Err(EdgeProblem::OpenQuote),
        }
    }
}
