//! Every sentence of a 400, and the problems that are nothing but a status.
//!
//! `data/refusals.txt` holds blocks of three lines: a claim, a path with its query and
//! perhaps a host, and the whole body.

use xapi::{Dialect, Problem, Style, Vocabulary};

use crate::request::{body_of, parse};

#[test]
fn faulty_requests_are_refused_in_the_words_of_x() {
    let text = include_str!("../data/refusals.txt");
    let mut wrong = Vec::new();
    for block in text.split("\n\n") {
        let [claim, request, expected] = block.trim_end().split('\n').collect::<Vec<_>>().try_into().unwrap();
        let (target, host) = request.split_once(' ').unwrap_or((request, "api.twitter.com"));
        let refused = parse(target, host).map(|_| ()).unwrap_err();
        assert_eq!(refused.problem.status(), 400, "{claim}");
        let found = body_of(&refused, target);
        if found != expected {
            wrong.push(format!("{claim}\n  {request}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_refusal_without_parameters_is_title_type_status_detail() {
    for (problem, status, phrase) in [
        (Problem::unauthorized(), 401, "Unauthorized"),
        (Problem::not_found(), 404, "Not Found"),
        (Problem::method_not_allowed(), 405, "Method Not Allowed"),
        (Problem::of_status(403), 403, "Forbidden"),
        (Problem::of_status(429), 429, "Too Many Requests"),
        (Problem::of_status(503), 503, "Service Unavailable"),
    ] {
        let types = Style::default().for_host("api.x.com").problem_types(Vocabulary::Tweet);
        let mut body = Vec::new();
        xapi::write_problem(&problem, Dialect::V2, types, &mut body);
        let expected =
            format!("{{\"title\":\"{phrase}\",\"type\":\"about:blank\",\"status\":{status},\"detail\":\"{phrase}\"}}");
        assert_eq!((problem.status(), String::from_utf8(body).unwrap()), (status, expected));
    }
}
