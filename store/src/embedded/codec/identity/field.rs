//! How the members of a row are written: numbers of a fixed size, texts after their
//! length, what may be missing after a byte that says so.

use model::{
    AccountId, AppId, AppType, Approval, ChallengeMethod, Day, GrantId, Permissions, ProjectId, Scopes, Sealed, Tier,
    Timestamp, TokenDigest, TokenId, UserId,
};

use super::super::{Malformed, Reader};

/// Something that a row holds.
pub(crate) trait Field: Sized {
    /// Appends it.
    fn put(&self, out: &mut Vec<u8>);
    /// Reads what [`Self::put`] wrote.
    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed>;
}

/// Something that a row is found by. It is written so that it sorts as it should.
pub(crate) trait RowKey: Copy {
    /// Appends it.
    fn put(self, out: &mut Vec<u8>);
    /// Reads what [`Self::put`] wrote.
    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed>;
}

macro_rules! ids {
    ($($id:ident),*) => {$(
        impl Field for $id {
            fn put(&self, out: &mut Vec<u8>) {
                self.get().put(out);
            }

            fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
                u64::take(reader).map(Self::new)
            }
        }

        impl RowKey for $id {
            fn put(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.get().to_be_bytes());
            }

            fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
                reader.array().map(u64::from_be_bytes).map(Self::new)
            }
        }
    )*};
}

ids!(AccountId, ProjectId, AppId, TokenId, GrantId, UserId);

/// Days sort by time.
impl RowKey for Day {
    fn put(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.get().to_be_bytes());
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        reader.array().map(u32::from_be_bytes).map(Self::new)
    }
}

impl Field for Day {
    fn put(&self, out: &mut Vec<u8>) {
        self.get().put(out);
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        u32::take(reader).map(Self::new)
    }
}

impl<A: Field, B: Field> Field for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok((A::take(reader)?, B::take(reader)?))
    }
}

impl RowKey for () {
    fn put(self, _: &mut Vec<u8>) {}

    fn take(_: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(())
    }
}

impl RowKey for TokenDigest {
    fn put(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_bytes());
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        reader.array().map(Self::new)
    }
}

impl<A: RowKey, B: RowKey> RowKey for (A, B) {
    fn put(self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok((A::take(reader)?, B::take(reader)?))
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Field for $number {
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
                reader.array().map(<$number>::from_le_bytes)
            }
        }
    )*};
}

numbers!(u8, u32, u64);

/// Values that have a word are stored as their place in the list of all.
macro_rules! words {
    ($($word:ident),*) => {$(
        impl Field for $word {
            fn put(&self, out: &mut Vec<u8>) {
                let place = Self::ALL.iter().position(|(value, _)| value == self).unwrap_or_default();
                (place as u8).put(out);
            }

            fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
                let place = u8::take(reader)?;
                Self::ALL.get(usize::from(place)).map(|(value, _)| *value).ok_or(Malformed)
            }
        }
    )*};
}

words!(Approval, Permissions, AppType, Tier, ChallengeMethod);

impl Field for bool {
    fn put(&self, out: &mut Vec<u8>) {
        u8::from(*self).put(out);
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        match u8::take(reader)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Malformed),
        }
    }
}

impl Field for Timestamp {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.unix_ms().to_le_bytes());
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        reader.time()
    }
}

impl Field for Scopes {
    fn put(&self, out: &mut Vec<u8>) {
        self.bits().put(out);
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        u32::take(reader).map(Self::from_bits)
    }
}

impl Field for TokenDigest {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_bytes());
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        reader.array().map(Self::new)
    }
}

impl Field for Sealed {
    fn put(&self, out: &mut Vec<u8>) {
        put_bytes(self.as_bytes(), out);
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        take_bytes(reader).map(|bytes| Self::new(bytes.to_vec()))
    }
}

impl Field for String {
    fn put(&self, out: &mut Vec<u8>) {
        put_bytes(self.as_bytes(), out);
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        std::str::from_utf8(take_bytes(reader)?).map(str::to_owned).map_err(|_| Malformed)
    }
}

impl<T: Field> Field for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        if bool::take(reader)? { T::take(reader).map(Some) } else { Ok(None) }
    }
}

impl<T: Field> Field for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u32).put(out);
        self.iter().for_each(|item| item.put(out));
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        (0..u32::take(reader)?).map(|_| T::take(reader)).collect()
    }
}

fn put_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    (bytes.len() as u32).put(out);
    out.extend_from_slice(bytes);
}

fn take_bytes<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Malformed> {
    let length = u32::take(reader)?;
    reader.bytes(length as usize)
}
