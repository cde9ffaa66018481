//! Notifications between servers that share a PostgreSQL database.

use std::borrow::Cow;

use domain::live::Change;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Error;

/// The PostgreSQL channel of the notifications.
pub(crate) const NOTIFY_CHANNEL: &str = "groundglass";

/// The payload of a `NOTIFY`, as JSON. Servers of different versions exchange it, so its fields keep their names.
#[derive(Serialize, Deserialize)]
pub(super) struct Notification<'a> {
    /// The epoch of the sending server's hub.
    pub(super) from: Uuid,
    /// The committed changes.
    pub(super) changes: Cow<'a, [Change]>,
    /// Whether access was taken away, as by revoking a token. Missing in notifications of older servers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) access: bool,
}

impl Notification<'_> {
    pub(super) fn encode(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(Error::unexpected)
    }

    pub(super) fn decode(payload: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(payload)
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        ids::OrganizationId,
        live::{ChangeKind, Location},
    };

    use super::*;

    #[test]
    fn keeps_its_wire_format() {
        let location = Location { organization: OrganizationId(Uuid::from_u128(2)), project: None, experiment: None };
        let changes = vec![Change { location, kind: ChangeKind::Updated }];
        let payload =
            Notification { from: Uuid::from_u128(1), changes: changes.into(), access: false }.encode().unwrap();
        assert_eq!(
            payload,
            concat!(
                r#"{"from":"00000000-0000-0000-0000-000000000001","changes":[{"place":"#,
                r#"{"organization":"00000000-0000-0000-0000-000000000002","project":null,"experiment":null},"what":"updated"}]}"#
            )
        );
        let decoded = Notification::decode(&payload).unwrap();
        assert_eq!((decoded.changes.len(), decoded.access), (1, false));
        let payload =
            Notification { from: Uuid::from_u128(1), changes: Cow::default(), access: true }.encode().unwrap();
        assert_eq!(payload, r#"{"from":"00000000-0000-0000-0000-000000000001","changes":[],"access":true}"#);
    }
}
