//! Help, and what is said of arguments that are wrong.

use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::ffi::OsStrExt;

use crate::place::{Place, start};

#[test]
fn wrong_arguments_are_one_line_and_exit_code_two() {
    let place = Place::with_data();
    let cases = [
        ("fly", "unrecognized subcommand 'fly'; see `birdbox --help`"),
        ("serve now", "unexpected argument 'now' found; see `birdbox serve --help`"),
        (
            "serve --listen nowhere",
            "--listen: cannot use \"nowhere\"; give an address and a port, such as 127.0.0.1:8080",
        ),
        (
            "serve --listen 0.0.0.0:0",
            "server.listen: 0.0.0.0:0 can be reached from other machines, in plain HTTP; give --tls auto, or --public (server.public = true) if that is meant, or listen on 127.0.0.1",
        ),
        (
            "serve --proxy 0.0.0.0:0",
            "proxy.listen: 0.0.0.0:0 can be reached from other machines; set proxy.password, which clients must show, or listen on 127.0.0.1",
        ),
        (
            "serve --proxy 0.0.0.0:0 --public",
            "proxy.listen: 0.0.0.0:0 can be reached from other machines; set proxy.password, which clients must show, or listen on 127.0.0.1",
        ),
        (
            "serve --tls files",
            "server.tls: \"files\" needs server.tls_cert and server.tls_key; name both, or set it to \"auto\"",
        ),
        (
            "ca show",
            "there is no certificate authority in the data directory yet; make one with: birdbox ca rotate, or start birdbox serve --tls auto",
        ),
        (
            "serve --sample all",
            "invalid value 'all' for '--sample <SAMPLE>' [possible values: legislators, none]; see `birdbox serve --help`",
        ),
        ("serve --data .", "--data: .: holds other files and no Birdbox data; give an empty or a new directory"),
        ("serve --data native.ndjson", "--data: native.ndjson: not a directory; give another path"),
        ("export users -o /dev/full", "-o: /dev/full cannot be written (no storage space); name another file"),
        ("serve --limits none", "--limits: cannot use \"none\"; give faithful, off, or a factor such as x10"),
        (
            "env --data nowhere",
            "--data: there is no Birdbox data in nowhere; start `birdbox serve` there once, or import something",
        ),
        (
            "env -o xml",
            "invalid value 'xml' for '--output <FORM>' [possible values: export, dotenv, json]; see `birdbox env --help`",
        ),
        ("config now", "unexpected argument 'now' found; see `birdbox config --help`"),
        (
            "completions csh",
            "invalid value 'csh' for '<SHELL>' [possible values: bash, elvish, fish, powershell, zsh]; tip: a similar value exists: 'zsh'; see `birdbox completions --help`",
        ),
        ("man fly", "COMMAND: there is no command fly; `birdbox --help` lists all"),
        ("import", "a subcommand is missing; see `birdbox import --help`"),
        ("import csv a.csv", "unrecognized subcommand 'csv'; see `birdbox import --help`"),
        (
            "import native native.ndjson --observed-at now",
            "invalid value 'now' for '--observed-at <TIME>': a time looks like 2013-12-14T04:35:55.000Z; see `birdbox import native --help`",
        ),
        (
            "import native native.ndjson --on-conflict win",
            "invalid value 'win' for '--on-conflict <RULE>' [possible values: newer, keep, replace]; see `birdbox import native --help`",
        ),
        (
            "import edges a.txt",
            "--preset: files do not say who of two follows the other; name the data set with --preset, or give --direction follows or --direction followed-by",
        ),
        (
            "import edges a.txt --preset snap",
            "invalid value 'snap' for '--preset <NAME>' [possible values: snap-ego, kwak, law, mpi, konect, higgs]; tip: a similar value exists: 'snap-ego'; see `birdbox import edges --help`",
        ),
        (
            "import edges a.txt --direction follows --columns 1",
            "invalid value '1' for '--columns <FIRST,SECOND>': give two columns, such as 1,2 or user_id,follower_id; see `birdbox import edges --help`",
        ),
        (
            "import edges a.txt --columns 1,2",
            "the following required arguments were not provided: --direction <WHAT>; see `birdbox import edges --help`",
        ),
        ("export", "a subcommand is missing; see `birdbox export --help`"),
        ("export users --data native.ndjson", "--data: native.ndjson: not a directory; give another path"),
        ("export users -o no/where", "-o: no/where cannot be written (entity not found); name another file"),
        ("export users -o birdbox-data", "-o: birdbox-data cannot be written (is a directory); name another file"),
        ("generate", "a subcommand is missing; see `birdbox generate --help`"),
        (
            "generate users",
            "the following required arguments were not provided: --users <N>; see `birdbox generate users --help`",
        ),
        (
            "generate users --users 0",
            "invalid value '0' for '--users <N>': 0 is not in 1..=100000000; see `birdbox generate users --help`",
        ),
        (
            "generate users --users 1 --seed x",
            "invalid value 'x' for '--seed <S>': invalid digit found in string; see `birdbox generate users --help`",
        ),
        (
            "generate users --users 1 -o no/where",
            "-o: no/where cannot be written (entity not found); name another file",
        ),
        ("user", "a subcommand is missing; see `birdbox user --help`"),
        ("user get", "the following required arguments were not provided: <USER>; see `birdbox user get --help`"),
        (
            "user get a-b",
            "invalid value 'a-b' for '<USER>': give an id (1 to 19 digits) or a username, such as @TwitterDev; see `birdbox user get --help`",
        ),
        ("user get nobody", "USER: there is no user @nobody; give the id or the username of one that exists"),
        ("user set 99 name=x", "USER: there is no user 99; give the id or the username of one that exists"),
        (
            "user set alice",
            "the following required arguments were not provided: <MEMBER=VALUE>...; see `birdbox user set --help`",
        ),
        ("user set alice name", "MEMBER=VALUE: \"name\" has no =; write for example location=Earth"),
        ("user set alice nmae=x", "MEMBER=VALUE: \"nmae\" cannot be set; did you mean name?"),
        ("user set alice name=x verified=yes", "verified=yes: verified takes true or false"),
        ("user create bob", "USERNAME: @bob belongs to user 12; rename that one first, or choose another"),
        ("user create dora --id 12", "--id: there is a user 12 already; give another id, or none to have one made"),
        (
            "user create dora --id x",
            "invalid value 'x' for '--id <ID>': an id is 1 to 19 decimal digits; see `birdbox user create --help`",
        ),
        ("user create a_name_of_16_long", "USERNAME: @a_name_of_16_long is too long; give at most 15 characters"),
        ("user create dora location", "MEMBER=VALUE: \"location\" has no =; write for example location=Earth"),
        ("user rename alice BOB", "USERNAME: @BOB belongs to user 12; rename that one first, or choose another"),
        (
            "user rename alice a.b",
            "invalid value 'a.b' for '<USERNAME>': a username is 1 to 20 letters, digits or underscores; see `birdbox user rename --help`",
        ),
        ("user suspend nobody", "USER: there is no user @nobody; give the id or the username of one that exists"),
        ("user deactivate nobody", "USER: there is no user @nobody; give the id or the username of one that exists"),
        ("user restore nobody", "USER: there is no user @nobody; give the id or the username of one that exists"),
        ("user protect nobody", "USER: there is no user @nobody; give the id or the username of one that exists"),
        ("user delete nobody", "USER: there is no user @nobody; give the id or the username of one that exists"),
        (
            "user get alice --config none.toml",
            "none.toml: cannot be read (No such file or directory (os error 2)); check the path given with --config",
        ),
        ("user create alice --data no/where", "--data: no/where: the directory above it does not exist; make it first"),
        (
            "user get alice --data .",
            "--data: .: holds other files and no Birdbox data; give an empty or a new directory",
        ),
    ];
    let before = place.ok("export users");
    let names = place.names();
    for (arguments, expected) in cases {
        let said = place.run(arguments);
        assert_eq!(said.complaint(), (2, expected), "birdbox {arguments}");
        assert_eq!(said.out, "", "birdbox {arguments}");
    }
    assert_eq!(place.ok("export users"), before);
    assert_eq!(place.names(), names);
}

#[test]
fn an_argument_that_is_no_text_is_named() {
    let place = Place::new();
    let mut command = place.command("user get");
    command.arg(OsStr::from_bytes(b"\xFF@"));
    let output = start(&mut command).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let line = "birdbox: \"\\xFF@\" is no text in UTF-8; see `birdbox user get --help`\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), line);
}

#[test]
fn output_for_which_there_is_no_room_is_an_error() {
    let place = Place::with_data();
    for arguments in ["user get alice", "export users", "config"] {
        let mut command = place.command(arguments);
        command.stdout(File::create("/dev/full").unwrap());
        let output = start(&mut command).wait_with_output().unwrap();
        let line = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "birdbox {arguments}");
        assert!(line.starts_with("birdbox: the standard output cannot be written: "), "{line}");
    }
}

#[test]
fn help_and_version_go_to_standard_output() {
    let place = Place::new();
    assert!(place.ok("--version").starts_with("birdbox "));
    for command in [
        "",
        "serve",
        "env",
        "config",
        "completions",
        "man",
        "import",
        "export users",
        "postman",
        "postman collection",
        "generate users",
        "user",
        "user set",
    ] {
        let help = place.ok(&format!("{command} --help"));
        assert!(help.contains("Example") && help.contains("\n  birdbox"), "birdbox {command} --help");
        assert!(help.lines().all(|line| line.chars().count() <= 110), "birdbox {command} --help");
    }
    assert_eq!(place.names(), [""; 0], "help touches no data");
}

#[test]
fn every_shell_gets_completions_and_every_command_a_page() {
    let place = Place::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(place.ok(&format!("completions {shell}")).contains("on-conflict"), "{shell}");
    }
    assert!(place.ok("man").contains(".TH birdbox 1"));
    assert!(place.ok("man user set").contains("followers_count"));
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let place = Place::new();
    let mut child = start(&mut place.command("completions bash"));
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()));
}
