//! The pages: who may send their forms, what browsers may do with them.

use std::sync::Barrier;
use std::thread;

use super::browser::{Browser, Reply, authorize_parameters, authorize_target, send, with};
use super::place::{PASSWORD, Place};

fn target(place: &Place) -> String {
    authorize_target(&authorize_parameters(place))
}

fn assert_guarded(page: &Reply) {
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; form-action 'self'"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'; base-uri 'none'"), "{policy}");
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert!(page.header("cache-control").unwrap().contains("no-store"));
    assert!(!page.body.contains("<script") && !page.body.contains("style="));
}

#[test]
fn every_page_is_guarded_and_its_cookies_are_for_this_server_alone() {
    let place = Place::new();
    let mut browser = Browser::new(&place);
    let target = target(&place);
    let page = browser.get(&target);
    assert_guarded(&page);
    let cookie = page.header("set-cookie").unwrap();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    let consent = browser.sign_in(&place, &target);
    assert_guarded(&consent);
    let policy = consent.header("content-security-policy").unwrap();
    assert!(policy.contains("form-action 'self' http://127.0.0.1:8000;"), "{policy}");
    assert_guarded(&browser.get("/i/oauth2/authorize"));
    assert_guarded(&browser.get("/oauth/authorize?oauth_token=x"));
    assert_guarded(&browser.post(&target, &[]));
    let secure = send(place.server.address(), "GET", &target, &[("X-Forwarded-Proto", "https")], "");
    let cookie = secure.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-birdbox_visit=") && cookie.ends_with("; Secure"), "{cookie}");
    // No script of another origin reads them, though it may read the API.
    let foreign = send(place.server.address(), "GET", &target, &[("Origin", "https://evil.example")], "");
    assert_eq!(foreign.header("access-control-allow-origin"), None);
    assert_eq!(foreign.header("cross-origin-resource-policy"), Some("same-origin"));
    let style = browser.get("/i/oauth/pages.css");
    assert_eq!((style.status, style.header("content-type")), (200, Some("text/css; charset=utf-8")));
}

#[test]
fn a_form_needs_the_proof_of_its_own_page_browser_and_session() {
    let place = Place::new();
    let target = target(&place);
    let mut browser = Browser::new(&place);
    let first = browser.get(&target);
    let proof_of_sign_in = first.between("name=\"proof\" value=\"", "\"").unwrap().to_owned();
    let consent = browser.sign_in(&place, &target);
    let proof = consent.between("name=\"proof\" value=\"", "\"").unwrap().to_owned();
    let allow = ("step", "allow");
    let refused = |reply: Reply, what: &str| {
        assert_eq!((reply.status, reply.header("location")), (403, None), "{what}: {reply:?}");
    };
    refused(browser.post(&target, &[allow]), "no proof");
    refused(browser.post(&target, &[allow, ("proof", "")]), "an empty proof");
    refused(browser.post(&target, &[allow, ("proof", &proof_of_sign_in)]), "the proof of another session");
    refused(browser.post(&format!("{target}&x=y"), &[allow, ("proof", &proof)]), "the proof of another page");
    refused(browser.post_from(&target, "cross-site", &[allow, ("proof", &proof)]), "a form of another site");
    refused(browser.post_from(&target, "same-site", &[allow, ("proof", &proof)]), "a form of a neighbour");
    let mut other = Browser::new(&place);
    refused(other.post(&target, &[allow, ("proof", &proof)]), "no cookies");
    other.get(&target);
    refused(other.post(&target, &[allow, ("proof", &proof)]), "the proof of another browser");
    assert_eq!(browser.post_from(&target, "same-origin", &[allow, ("proof", &proof)]).status, 302);
}

#[test]
fn a_new_session_has_a_new_name_and_an_ended_one_is_gone() {
    let place = Place::new();
    let target = target(&place);
    let mut browser = Browser::new(&place);
    browser.cookies.insert("birdbox_session".to_owned(), "a".repeat(43));
    let consent = browser.sign_in(&place, &target);
    let session = browser.cookies.get("birdbox_session").unwrap().clone();
    assert_ne!(session, "a".repeat(43), "nobody chooses the name of a session for somebody else");
    let out = browser.submit(&target, &consent, &[("step", "sign_out")]);
    assert_eq!((out.status, out.header("location")), (303, Some(target.as_str())));
    browser.cookies.insert("birdbox_session".to_owned(), session);
    assert!(browser.get(&target).body.contains("name=\"password\""));
    browser.sign_in(&place, &target);
    place.pass(12 * 3_600_000);
    assert!(browser.get(&target).body.contains("name=\"password\""));
}

#[test]
fn passwords_are_guessed_ten_times_and_nobody_learns_who_exists() {
    let place = Place::new();
    let target = target(&place);
    let mut browser = Browser::new(&place);
    let page = browser.get(&target);
    let mut guess = |username: &str, password: &str| {
        browser.submit(&target, &page, &[("step", "sign_in"), ("username", username), ("password", password)])
    };
    let say = |reply: &Reply| reply.between("role=\"alert\">", "<").unwrap_or_default().to_owned();
    let wrong = guess(place.username(), "wrong");
    assert_eq!((wrong.status, say(&wrong)), (403, "The username or the password is wrong.".to_owned()));
    for username in ["nobody_at_all", "TwitterDev", "not a name"] {
        let reply = guess(username, "wrong");
        assert_eq!((reply.status, say(&reply)), (wrong.status, say(&wrong)), "{username}");
    }
    let spelled = [format!("@{}", place.username()), place.username().to_uppercase(), format!(" {}", place.username())];
    for name in spelled.iter().cycle().take(9) {
        assert_eq!(guess(name, "wrong").status, 403);
    }
    assert_eq!(guess(place.username(), PASSWORD).status, 429, "also with the right password");
    place.pass(15 * 60_000);
    assert_eq!(guess(&spelled[0], PASSWORD).status, 303);
}

#[test]
fn a_new_password_ends_a_lockout() {
    let place = Place::new();
    let target = target(&place);
    let mut browser = Browser::new(&place);
    let page = browser.get(&target);
    let mut guess = |password: &str| {
        let fields = [("step", "sign_in"), ("username", place.username()), ("password", password)];
        browser.submit(&target, &page, &fields).status
    };
    let refused: Vec<u16> = (0..11).map(|_| guess("wrong")).collect();
    assert_eq!((refused[..10].iter().all(|status| *status == 403), refused[10]), (true, 429));
    place.set_password("another horse");
    assert_eq!(guess("another horse"), 303);
}

#[test]
fn a_flood_of_sign_ins_is_refused_early() {
    const FLOOD: usize = 24;
    let place = Place::new();
    let target = target(&place);
    let mut browser = Browser::new(&place);
    let page = browser.get(&target);
    let begin = Barrier::new(FLOOD);
    let statuses: Vec<u16> = thread::scope(|scope| {
        let guess = |number: usize| {
            let mut stranger = browser.clone();
            let username = format!("nobody{number}");
            let (begin, page, target) = (&begin, &page, &target);
            scope.spawn(move || {
                begin.wait();
                let fields = [("step", "sign_in"), ("username", &username), ("password", "wrong")];
                stranger.submit(target, page, &fields).status
            })
        };
        let threads: Vec<_> = (0..FLOOD).map(guess).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let count = |status| statuses.iter().filter(|known| **known == status).count();
    assert_eq!(count(403) + count(429), FLOOD, "{statuses:?}");
    assert!(count(403) >= 4 && count(429) > 0, "{statuses:?}");
    let fields = [("step", "sign_in"), ("username", place.username()), ("password", PASSWORD)];
    assert_eq!(browser.submit(&target, &page, &fields).status, 303);
}

#[test]
fn accounts_are_picked_under_the_names_of_this_machine_alone() {
    let place = Place::set(&[("auth", "login", "picker")]);
    let target = target(&place);
    let mut browser = Browser::new(&place);
    let page = browser.get(&target);
    assert!(!page.body.contains("name=\"password\"") && page.body.contains("Or choose an account"), "{page:?}");
    let wrong = browser.submit(&target, &page, &[("step", "sign_in"), ("username", "nobody_at_all")]);
    assert_eq!(wrong.status, 403);
    let signed_in = browser.submit(&target, &page, &[("step", "sign_in"), ("username", "TwitterDev")]);
    assert_eq!(signed_in.status, 303);
    let consent = browser.get(&target);
    assert!(consent.body.contains("@TwitterDev") && consent.body.contains("Authorize app"), "{consent:?}");
    // A name that somebody made to lead here, so that a page of theirs may read ours.
    let request = format!("GET {target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    let rebound = crate::harness::Exchange::new(place.server.address()).send(request.as_bytes());
    assert!(rebound.starts_with("HTTP/1.1 403") && rebound.contains("Not under this name"), "{rebound}");
    // A proxy on this machine that lets others in.
    let from = |client: &str| send(place.server.address(), "GET", &target, &[("X-Forwarded-For", client)], "").status;
    assert_eq!((from("203.0.113.9"), from("127.0.0.1, 203.0.113.9"), from("203.0.113.9, ::1")), (403, 403, 200));
}

#[test]
fn a_mismatch_shows_the_registered_addresses_on_this_machine() {
    let place = Place::new();
    let parameters = with(authorize_parameters(&place), &[("redirect_uri", "https://evil.example/")]);
    let page = Browser::new(&place).get(&authorize_target(&parameters));
    assert!(page.body.contains("<code>http://127.0.0.1:8000/callback</code>"), "{page:?}");
    let public = Place::set(&[("server", "public", "true")]);
    let parameters = with(authorize_parameters(&public), &[("redirect_uri", "https://evil.example/")]);
    let page = Browser::new(&public).get(&authorize_target(&parameters));
    assert!(page.status == 400 && !page.body.contains("127.0.0.1"), "{page:?}");
}
