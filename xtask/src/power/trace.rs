//! Reads what `strace -f -y` wrote: which thread begins and ends which system call.

use std::collections::HashMap;

/// One call, with the words between its parentheses and its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call<'a> {
    pub(super) name: &'a str,
    pub(super) arguments: String,
    /// Empty as long as it runs.
    pub(super) result: &'a str,
}

/// What happened to a call in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event<'a> {
    Begins(Call<'a>),
    Ends(Call<'a>),
}

/// All events in their order.
pub(super) fn events(trace: &str) -> Vec<Event<'_>> {
    let mut running = HashMap::new();
    let mut events = Vec::new();
    for line in trace.lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(call) = rest.strip_suffix("<unfinished ...>") {
            let Some((name, arguments)) = call.split_once('(') else { continue };
            let call = Call { name, arguments: arguments.trim_end().to_owned(), result: "" };
            running.insert(thread, call.clone());
            events.push(Event::Begins(call));
        } else if let Some(end) = rest.strip_prefix("<... ") {
            let (Some(call), Some((_, result))) = (running.remove(thread), end.rsplit_once(" = ")) else { continue };
            events.push(Event::Ends(Call { result, ..call }));
        } else if let Some((call, result)) = rest.rsplit_once(" = ") {
            let Some((name, arguments)) = call.split_once('(') else { continue };
            let arguments = arguments.trim_end().trim_end_matches(')').to_owned();
            let call = Call { name, arguments, result: "" };
            events.push(Event::Begins(call.clone()));
            events.push(Event::Ends(Call { result, ..call }));
        }
    }
    events
}

impl Call<'_> {
    /// The path of the file that its first argument, or its result, is open on.
    pub(super) fn path(&self) -> Option<&str> {
        let of = if self.name == "openat" { self.result } else { &self.arguments };
        let (_, path) = of.split_once('<')?;
        path.split_once('>').map(|(path, _)| path)
    }

    /// The number by which its file is open.
    pub(super) fn handle(&self) -> Option<&str> {
        let of = if self.name == "openat" { self.result } else { &self.arguments };
        of.split_once('<').map(|(handle, _)| handle)
    }

    /// The path between quotes, of calls that take names.
    pub(super) fn named(&self) -> Option<&str> {
        self.arguments.split('"').nth(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_threads_are_told_apart() {
        let trace = "7 fsync(3</d/a> <unfinished ...>\n8 write(4</d/b>, \"x\"..., 1) = 1\n7 <... fsync resumed>) = 0\n";
        let events = events(trace);
        let [Event::Begins(sync), Event::Begins(write), Event::Ends(_), Event::Ends(synced)] = events.as_slice() else {
            panic!("{events:?}")
        };
        assert_eq!((sync.path(), write.path(), write.handle()), (Some("/d/a"), Some("/d/b"), Some("4")));
        assert_eq!((synced.name, synced.result), ("fsync", "0"));
    }
}
