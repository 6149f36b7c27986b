//! The words of synthetic profiles. Their frequency is that of their repetition here.

/// Given names in ASCII, for usernames and names alike: 64, none the beginning of another.
#[rustfmt::skip]
pub(super) const GIVEN: &[&str] = &[
    "Aaron", "Abena", "Adam", "Aisha", "Alba", "Amelia", "Anton", "Arjun", "Ben", "Bianca", "Bruno", "Carla", "Chloe",
    "Clara", "Dalia", "David", "Diego", "Dmitri", "Elena", "Emeka", "Emma", "Erik", "Fatima", "Felix", "Grace", "Hana",
    "Hugo", "Ines", "Ingrid", "Ivan", "Jack", "Jamal", "Jasmin", "Jonas", "Julia", "Kenji", "Kwame", "Laura", "Leila",
    "Lucas", "Maria", "Mateo", "Mehmet", "Mia", "Nadia", "Noah", "Olga", "Omar", "Paula", "Pedro", "Priya", "Quinn",
    "Rosa", "Ruth", "Samir", "Sofia", "Tariq", "Thomas", "Uma", "Victor", "Wanjiru", "Yuki", "Zainab", "Zoe",
];

/// What stands before an underscore in usernames: 8.
pub(super) const PREFIXES: &[&str] = &["real", "the", "its", "dr", "im", "not", "just", "mr"];

/// Family names, with the letters that they have.
#[rustfmt::skip]
pub(super) const FAMILY: &[&str] = &[
    "Smith", "Nakamura", "Ivanova", "Silva", "al-Sayed", "Dubois", "Müller", "Sharma", "Mensah", "Kovač", "Yılmaz",
    "García", "O'Neill", "Petrov", "Berg", "Ramos", "Okafor", "Haddad", "Jensen", "Núñez", "Lefèvre", "Wójcik", "Rossi",
    "Santos", "Nguyễn", "Kim", "Johnson", "Brown", "Martínez", "Andersson", "Osei", "Cohen", "Papadopoulos", "Hughes",
];

/// Names that are written otherwise.
#[rustfmt::skip]
pub(super) const WHOLE_NAMES: &[&str] = &[
    "田中 花子", "佐藤健", "さくら", "ゆうき＠低浮上", "김민준", "이서연", "王小明", "陳美玲", "محمد العلي", "فاطمة", "Анна Иванова",
    "Дмитрий", "राहुल शर्मा", "สมชาย", "Γιώργος", "אבי כהן", "タカシ@趣味垢", "まゆ",
];

/// Names of what is no person; a name in front of them is the whole.
pub(super) const ORGANISATIONS: &[&str] = &["News", "FC", "Radio", "Studio", "Photography", "Fan Page", "Bot", "Labs"];

/// Signs beside names and in bios.
#[rustfmt::skip]
pub(super) const SIGNS: &[&str] = &[
    "🐦", "✨", "🌸", "🇧🇷", "💙", "🏳️‍🌈", "⚽", "🎮", "📚", "🌍", "☕", "🐳", "♥️", "🎶", "🚀", "🔥", "🇺🇦", "👩🏽‍💻",
];

/// Pieces of bios.
#[rustfmt::skip]
pub(super) const PHRASES: &[&str] = &[
    "coffee", "journalist", "opinions my own", "researcher at the university", "birds", "football", "mother of two",
    "software engineer", "writing about data", "climate", "music and photos", "he/him", "she/her", "they/them", "dreamer",
    "est. 2009", "“views” are not advice", "running", "cats", "news & politics", "student", "Retweets are not endorsements",
    "living my best life", "just here for the memes", "Husband. Father. Believer", "20", "gamer", "part-time poet",
    "I'm not a \"morning person\"", "DM for business", "PhD candidate, computational biology", "café au lait",
    "Founder & CEO", "Tweets about trains, maps and old cities", "proud parent", "Aspiring author | slow reader",
    "日本語とか英語とか", "無言フォロー失礼します", "음악을 좋아해요", "成人済み", "Estudiante de ingeniería", "Passionné de cinéma",
    "Любитель кино", "حب الحياة", "only good vibes", "former teacher", "in love with the sea", "Software & bread",
];

/// What stands between two pieces of a bio.
pub(super) const BETWEEN: &[&str] = &[" | ", ". ", ", ", " · ", "\n", " ", " ", " / "];

/// Tags without their sign.
#[rustfmt::skip]
pub(super) const TAGS: &[&str] = &[
    "climate", "birding", "OpenScience", "rustlang", "BLM", "music", "WorldCup", "café", "写真", "TeamSeas", "AmWriting",
    "NeverGiveUp", "dataviz", "30DaysOfCode",
];

/// Places as people give them.
#[rustfmt::skip]
pub(super) const LOCATIONS: &[&str] = &[
    "Berlin", "São Paulo, Brasil", "東京", "Lagos, Nigeria", "NYC", "everywhere", "Paris, France", "earth 🌍", "London",
    "United States", "she/her", "日本", "İstanbul, Türkiye", "Los Angeles, CA", "India", "Manchester, England", "🇨🇦",
    "México", "somewhere over the rainbow", "Bogotá, D.C., Colombia", "Jakarta Selatan, DKI Jakarta", "서울", "Toronto",
    "Cape Town", "in your \"head\"",
];

/// Beginnings of posts.
#[rustfmt::skip]
pub(super) const POSTS: &[&str] = &[
    "Good morning", "I wrote about this for years, and it is out now", "Thread", "So proud of the whole team", "おはよう",
    "This is the best photo I ever took", "Some news: I am moving", "Please read &amp; share", "Pinned for a reason",
    "We did it", "My new account", "Every bird I saw this year, in one map", "ask me anything", "Obrigado a todos",
];

/// Languages of posts; as often as they stand here.
pub(super) const LANGUAGES: &[&str] =
    &["en", "en", "en", "en", "ja", "ja", "es", "es", "pt", "ar", "fr", "tr", "ko", "in", "de", "und"];

/// Where links lead, all of it reserved for examples; a path follows.
pub(super) const LINKS: &[&str] =
    &["example.com/", "shop.example.com/", "example.org/people/", "example.net/", "blog.example.org/2019/"];

/// Countries in which accounts are withheld.
pub(super) const COUNTRIES: &[&str] = &["DE", "FR", "IN", "TR", "RU", "JP"];
