//! Multipart uploads by scripts: each part is sent to a signed URL, and the last request lists the parts.

use std::io;

use bytes::Bytes;
use domain::{
    files::MediaType,
    ids::{ObjectId, UploadId},
    people::Right,
};
use futures_util::Stream;
use uuid::Uuid;

use super::{
    SignedAction, SignedUrl, UPLOAD_LIMIT, object_access,
    parts::{self, MAX_PARTS, PartRow},
};
use crate::{
    Actor, Error, Tracker,
    db::{Reader, sql},
};

impl Tracker {
    /// Begins a multipart upload of an object.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the object does not exist or `who` may not see it; [`Error::Forbidden`] for viewers;
    /// [`Error::Conflict`] if the object is already uploaded.
    pub async fn begin_multipart_upload(
        &self,
        who: &Actor,
        object: ObjectId,
        content_type: Option<&MediaType>,
    ) -> Result<UploadId, Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let (access, uploaded) = object_access(&mut conn, who, object).await?;
        access.require(Right::WriteContent)?;
        if uploaded {
            return Err(Error::Conflict("this object is already uploaded; create a new object".to_owned()));
        }
        let id = UploadId(Uuid::now_v7());
        parts::insert_upload(&mut conn, id, object, content_type).await?;
        write.commit().await?;
        Ok(id)
    }

    /// Returns a signed URL that allows anyone who has it to send one part.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the object does not have this upload or `who` may not see it; [`Error::Forbidden`] for
    /// viewers; [`Error::Invalid`] if the number is not between 1 and 10,000.
    pub async fn sign_part_upload(
        &self,
        who: &Actor,
        object: ObjectId,
        upload: UploadId,
        number: i64,
    ) -> Result<SignedUrl, Error> {
        if !(1..=MAX_PARTS).contains(&number) {
            return Err(parts::invalid_part_number());
        }
        let reader = self.require_upload(who, object, upload).await?;
        drop(reader);
        self.sign_url(SignedAction::Part { upload, number }, object).await
    }

    /// Stores a part sent to a signed URL, of 0 bytes to 5 GiB. Returns its ETag, which the final list must contain.
    ///
    /// # Errors
    /// Returns [`Error::Forbidden`] if the signed URL is invalid or for another action; [`Error::NotFound`] if the upload
    /// has ended; [`Error::Invalid`] if the stream fails or is too long; [`Error::Full`] if there is no space left.
    pub async fn upload_signed_part(
        &self,
        signed_url: &SignedUrl,
        body: impl Stream<Item = io::Result<Bytes>>,
    ) -> Result<String, Error> {
        self.verify_signed_url(signed_url).await?;
        let SignedAction::Part { upload, number } = signed_url.action else {
            return Err(Error::Forbidden("this signed URL is not for uploading a part".to_owned()));
        };
        self.store_part(upload, number, (UPLOAD_LIMIT, false), body).await
    }

    /// Completes an upload: the listed parts become the object's bytes, and other parts are deleted. A part is listed by
    /// its number and ETag. Does nothing if the upload is already complete.
    ///
    /// # Errors
    /// Returns [`Error::Invalid`] if a part is missing or has another ETag, or the list is empty or not in ascending order;
    /// [`Error::NotFound`] if the upload does not exist or `who` may not see it; [`Error::Forbidden`] for viewers.
    pub async fn complete_multipart_upload(
        &self,
        who: &Actor,
        object: ObjectId,
        upload: UploadId,
        listed: &[(i64, String)],
    ) -> Result<(), Error> {
        let mut reader = match self.require_upload(who, object, upload).await {
            // The upload is complete, and only the response was lost.
            Err(Error::NotFound("upload")) if self.object_is_uploaded(object).await? => return Ok(()),
            reader => reader?,
        };
        let row = parts::find_upload(&mut reader.conn(), upload, "").await?.ok_or(Error::NotFound("upload"))?;
        let received = parts::list_parts(&mut reader.conn(), upload).await?;
        drop(reader);
        let parts = select_listed_parts(&received, listed)?;
        let blob = self.hash_parts(&row, &parts).await?;
        let mut write = self.write().await?;
        let orphaned = self.assemble_parts(&mut write, upload, &parts, &blob).await?;
        write.commit().await?;
        self.delete_orphaned(&orphaned).await;
        Ok(())
    }

    /// Aborts an upload and deletes its parts. Succeeds if the upload does not exist.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the object does not exist or `who` may not see it; [`Error::Forbidden`] for viewers.
    pub async fn abort_multipart_upload(&self, who: &Actor, object: ObjectId, upload: UploadId) -> Result<(), Error> {
        match self.require_upload(who, object, upload).await {
            Ok(reader) => drop(reader),
            Err(Error::NotFound("upload")) => return Ok(()),
            Err(error) => return Err(error),
        }
        self.discard_upload(upload).await
    }

    /// Checks that the object has this upload, and that `who` may write to its experiment.
    async fn require_upload(&self, who: &Actor, object: ObjectId, upload: UploadId) -> Result<Reader, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        let (access, _) = object_access(&mut conn, who, object).await?;
        access.require(Right::WriteContent)?;
        match parts::find_upload(&mut conn, upload, "").await? {
            Some(row) if row.object_id == object.0 => Ok(reader),
            _ => Err(Error::NotFound("upload")),
        }
    }

    async fn object_is_uploaded(&self, object: ObjectId) -> Result<bool, Error> {
        let found: Option<bool> = sql!(self.read().await?.conn(), |c| sqlx::query_scalar(
            "SELECT sha256 IS NOT NULL FROM objects WHERE id = $1"
        )
        .bind(object.0)
        .fetch_optional(c))?;
        Ok(found.unwrap_or(false))
    }
}

/// Returns the listed parts.
fn select_listed_parts(received: &[PartRow], listed: &[(i64, String)]) -> Result<Vec<PartRow>, Error> {
    if listed.is_empty() {
        return Err(Error::Invalid("the list of parts is empty".to_owned()));
    }
    if !listed.is_sorted_by(|a, b| a.0 < b.0) {
        return Err(Error::Invalid("the list of parts must be in ascending order, with each part once".to_owned()));
    }
    let find = |(number, etag): &(i64, String)| {
        let part = received.iter().find(|part| part.number == *number);
        let part = part.ok_or_else(|| Error::Invalid(format!("part {number} has not arrived")))?;
        // Some clients quote the ETag, others remove the quotation marks.
        if part.storage_key != etag.trim_matches('"') {
            return Err(Error::Invalid(format!(
                "the ETag of part {number} does not match; list the one returned when the part was last sent"
            )));
        }
        Ok(part.clone())
    };
    listed.iter().map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_parts_must_match_received_parts() {
        let part = |number| PartRow { number, storage_key: format!("key{number}"), size: 1 };
        let received = [part(1), part(2), part(3)];
        let check = |listed: &[(i64, &str)], expected: Result<&[i64], &str>| {
            let listed: Vec<_> = listed.iter().map(|(number, etag)| (*number, (*etag).to_owned())).collect();
            let found = select_listed_parts(&received, &listed).map_err(|error| error.to_string());
            let found = found.map(|parts| parts.iter().map(|part| part.number).collect::<Vec<_>>());
            assert_eq!(found.as_deref().map_err(String::as_str), expected);
        };
        check(&[(1, "key1"), (2, "\"key2\"")], Ok(&[1, 2]));
        check(&[(1, "key1"), (3, "key3")], Ok(&[1, 3]));
        check(&[], Err("the list of parts is empty"));
        let not_ascending = Err("the list of parts must be in ascending order, with each part once");
        check(&[(2, "key2"), (1, "key1")], not_ascending);
        check(&[(1, "key1"), (1, "key1")], not_ascending);
        check(&[(4, "key4")], Err("part 4 has not arrived"));
        let other_etag = "the ETag of part 1 does not match; list the one returned when the part was last sent";
        check(&[(1, "key2")], Err(other_etag));
    }
}
