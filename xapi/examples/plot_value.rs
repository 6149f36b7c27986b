//! Draws what `value` gives for accounts of all sizes, beside the two values that Tweet Binder published.
//!
//!     cargo run -p xapi --example plot_value > docs/tweet-binder-value.svg

use std::fmt::Write as _;
use std::io::{self, Write as _};

use xapi::tweet_binder::{Audience, value_in_cents};

fn main() -> io::Result<()> {
    io::stdout().write_all(svg().as_bytes())
}

/// Where the axes are, and the powers of ten that they show.
const LEFT: f64 = 80.0;
const RIGHT: f64 = 700.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 430.0;
const FOLLOWERS: [i32; 2] = [2, 8];
const VALUES: [i32; 2] = [-2, 6];

/// A kind of account: a colour, words, what it is like with so many followers.
type Kind = (&'static str, &'static str, fn(u64) -> Audience);

const KINDS: [Kind; 4] = [
    ("#b35900", "on a list for 7 followers, follows 1 in 1000", |followers| Audience {
        followers,
        following: followers / 1000,
        lists: followers / 7,
        verified: false,
    }),
    ("#1f6fb2", "on a list for 1000 followers, verified", |followers| Audience {
        followers,
        following: 250,
        lists: followers / 1000,
        verified: true,
    }),
    ("#4d8f3a", "on no list, follows nobody", |followers| Audience { followers, ..Audience::default() }),
    ("#8a8a8a", "on no list, follows as many", |followers| Audience {
        followers,
        following: followers,
        ..Audience::default()
    }),
];

const PUBLISHED: [(&str, Audience); 2] = [
    ("2.92", Audience { followers: 1070, following: 1050, lists: 153, verified: false }),
    ("48,883.09", Audience { followers: 33_785_453, following: 250, lists: 31_704, verified: true }),
];

fn place(power: f64, [least, most]: [i32; 2], start: f64, end: f64) -> f64 {
    start + (power - f64::from(least)) / f64::from(most - least) * (end - start)
}

fn x(followers: u64) -> f64 {
    place((followers as f64).log10(), FOLLOWERS, LEFT, RIGHT)
}

fn y(cents: u64) -> f64 {
    place((cents as f64 / 100.0).log10(), VALUES, BOTTOM, TOP)
}

/// The whole picture.
pub(crate) fn svg() -> String {
    let mut out = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 740 480\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title>The value of an account by its followers</title>\n\
         <rect width=\"740\" height=\"480\" fill=\"#ffffff\"/>\n",
    );
    axes(&mut out);
    for (at, (colour, words, audience)) in KINDS.iter().enumerate() {
        let points: Vec<String> = (0..=60)
            .map(|step| 10_f64.powf(2.0 + f64::from(step) / 10.0).round() as u64)
            .map(|followers| (followers, value_in_cents(audience(followers))))
            .map(|(followers, cents)| format!("{:.1},{:.1}", x(followers), y(cents)))
            .collect();
        let _ = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            points.join(" ")
        );
        let _ = writeln!(out, "<text x=\"{}\" y=\"{}\" fill=\"{colour}\">{words}</text>", LEFT + 20.0, 50 + 20 * at);
    }
    for (shown, audience) in PUBLISHED {
        let (x, y) = (x(audience.followers), y(value_in_cents(audience)));
        let _ = writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"#b00020\"/>");
        let _ = writeln!(out, "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"#b00020\">{shown}</text>", x + 8.0, y + 16.0);
    }
    out.push_str("</svg>\n");
    out
}

fn axes(out: &mut String) {
    for power in FOLLOWERS[0]..=FOLLOWERS[1] {
        let x = place(f64::from(power), FOLLOWERS, LEFT, RIGHT);
        let _ = writeln!(out, "<path d=\"M{x:.1} {TOP}V{BOTTOM}\" stroke=\"#dddddd\"/>");
        let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">10^{power}</text>", BOTTOM + 20.0);
    }
    for power in VALUES[0]..=VALUES[1] {
        let y = place(f64::from(power), VALUES, BOTTOM, TOP);
        let _ = writeln!(out, "<path d=\"M{LEFT} {y:.1}H{RIGHT}\" stroke=\"#dddddd\"/>");
        let _ = writeln!(out, "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">10^{power}</text>", LEFT - 8.0, y + 4.0);
    }
    let middle = f64::midpoint(LEFT, RIGHT);
    let _ = writeln!(out, "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">followers</text>", BOTTOM + 42.0);
    let _ = writeln!(out, "<text x=\"{}\" y=\"18\" text-anchor=\"end\">value</text>", LEFT - 8.0);
}
