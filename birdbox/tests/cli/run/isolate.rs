//! A network of its own for the program, where the system allows that.

use super::{is_allowed, place, script};

#[test]
fn the_hosts_of_x_are_this_machine_and_there_is_no_other_network() {
    let place = place();
    let outside = std::fs::read_to_string("/etc/hosts").unwrap();
    let said = script(&place, &["--isolate"], "id -u; cat /etc/hosts /proc/net/dev");
    if !is_allowed(&said) {
        return;
    }
    let mut lines = said.out.lines();
    assert_eq!(lines.next(), Some(rustix::process::getuid().as_raw().to_string().as_str()));
    let hosts = "127.0.0.1 api.x.com api.twitter.com x.com twitter.com mobile.twitter.com api.tweetbinder.com";
    assert_eq!(lines.next(), Some(hosts));
    let interfaces: Vec<_> = said.out.lines().filter_map(|line| line.trim().split_once(": ")).collect();
    assert!(interfaces.iter().any(|(name, _)| *name == "lo") && !said.out.contains("eth0:"), "{said:?}");
    assert_eq!(std::fs::read_to_string("/etc/hosts").unwrap(), outside, "the mount is seen outside");
}

#[test]
fn the_exit_code_and_the_streams_are_those_of_the_program() {
    let place = place();
    if !is_allowed(&script(&place, &["--isolate"], "true")) {
        return;
    }
    for (body, code) in [("exit 7", 7), ("kill -9 $$", 137)] {
        assert_eq!(script(&place, &["--isolate"], body).code, code, "{body}");
    }
    assert_eq!(place.run("run --isolate -- ./missing").complaint().0, 127);
    let said = place.pipe("to be read\n", "run --isolate -- cat");
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "to be read\n", ""));
}
