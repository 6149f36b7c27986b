//! The catalogue of errors: each with its reply, when it comes, what to do, and a request that brings
//! it about where one request can.
//!
//! The replies are written by the constructors that answer requests; no sentence of the API stands
//! here. A test of the server sends the requests and compares.

mod oauth;
mod tweet_binder;
mod v1;
mod v2;

use crate::operation::{Authentication, Dialect, Operation, OperationId};
use crate::problem::{Fault, Problem};
use crate::style::ProblemTypes;

/// Where an error is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// By API v2 and Labs, instead of data.
    Refused,
    /// By API v2 and Labs, in `errors` beside data, with 200.
    Beside,
    /// By API v1.1.
    V1,
    /// By the endpoints that give and end tokens.
    OAuth,
    /// By Tweet Binder's API.
    TweetBinder,
}

impl Group {
    /// Every group, in the order of the catalogue.
    pub const ALL: [Self; 5] = [Self::Refused, Self::Beside, Self::V1, Self::OAuth, Self::TweetBinder];

    /// Its heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Refused => "API v2 and Labs: refused requests",
            Self::Beside => "API v2 and Labs: problems beside data",
            Self::V1 => "API v1.1",
            Self::OAuth => "Tokens: OAuth 1.0a and OAuth 2.0",
            Self::TweetBinder => "Tweet Binder",
        }
    }

    /// A word for it in addresses.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Beside => "beside",
            Self::V1 => "v1",
            Self::OAuth => "oauth",
            Self::TweetBinder => "tweet-binder",
        }
    }
}

/// What brings an error about.
#[derive(Debug, Clone, Copy)]
pub enum Made {
    /// One request, which the sample answers so. Whoever calls, where it is a user, is
    /// [`OWNER`](super::OWNER).
    By(OperationId, Authentication, &'static [(&'static str, &'static str)]),
    /// No one request of the explorer, but this.
    How(&'static str),
}

/// One error.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Where it is told.
    pub group: Group,
    /// What stands in its address, once in the catalogue.
    pub slug: &'static str,
    /// By what clients know it: the end of its type, its code, or its word.
    pub name: &'static str,
    /// The status of the reply.
    pub status: u16,
    /// When it comes.
    pub when: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// What brings it about.
    pub made: Made,
    body: fn() -> Vec<u8>,
}

impl Row {
    /// The body of the reply, or the member of `errors`, as the request of [`Self::made`] gets it.
    #[must_use]
    pub fn body(&self) -> String {
        String::from_utf8_lossy(&(self.body)()).into_owned()
    }

    /// The operation of the request that brings it about.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        let Made::By(id, ..) = self.made else { return None };
        crate::operation::OPERATIONS.iter().find(|row| row.id == id)
    }
}

/// Every error.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    [v2::REFUSED, v2::BESIDE, v1::ROWS, oauth::ROWS, tweet_binder::ROWS].into_iter().flatten()
}

fn written(problem: &Problem) -> Vec<u8> {
    let mut body = Vec::new();
    problem.write(Dialect::V2, ProblemTypes::Twitter, &mut body);
    body
}

/// A hundred and one ids.
#[rustfmt::skip]
const MANY: &str = "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1";

/// A 400 that names one parameter.
fn fault(parameter: &str, value: &str, message: String) -> Vec<u8> {
    let fault = Fault { parameter: Some(parameter.to_owned()), values: vec![value.to_owned()], message };
    written(&Problem::invalid_request(vec![fault]))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::input::inputs;

    #[test]
    fn every_error_has_an_address_and_says_when_and_what_to_do() {
        let slugs: HashSet<_> = rows().map(|row| row.slug).collect();
        assert_eq!(slugs.len(), rows().count());
        for row in rows() {
            assert!(row.when.ends_with('.') && row.fix.ends_with('.'), "{}", row.slug);
            assert!(!row.body().is_empty(), "{}", row.slug);
        }
    }

    #[test]
    fn requests_name_inputs_that_their_operation_has() {
        for row in rows() {
            let (Some(operation), Made::By(_, _, values)) = (row.operation(), row.made) else { continue };
            for (name, _) in values {
                assert!(inputs(operation).iter().any(|input| input.name == *name), "{}: {name}", row.slug);
            }
        }
    }

    /// The named constructors and constants of a file, each with the line in which it begins.
    fn names<'a>(source: &'a str, before: &str) -> Vec<&'a str> {
        let lines = source.lines().filter_map(|line| line.trim_start().strip_prefix(before));
        lines.map(|rest| rest.split([':', '(', '<']).next().unwrap()).collect()
    }

    #[test]
    fn every_problem_and_every_error_of_v1_is_in_the_catalogue() {
        let catalogue = [include_str!("v2.rs"), include_str!("v1.rs"), include_str!("oauth.rs")].concat();
        let problems = names(include_str!("../../problem.rs"), "pub fn ");
        let errors = names(include_str!("../../v1_error.rs"), "pub const ");
        assert!(problems.len() > 15 && errors.len() > 20, "{problems:?} {errors:?}");
        let helpers = ["of_status", "write"];
        for name in problems.iter().chain(&errors).filter(|name| !helpers.contains(name)) {
            assert!(catalogue.contains(&format!("::{name}")), "no row has {name}");
        }
    }
}
