//! Users, authentication, sessions and tokens.

use std::net::{IpAddr, Ipv4Addr};

use domain::people::{NewToken, Password, Role, Scope};
use tracker::{Actor, Credential, Error, NewUser, Secret};

use crate::{
    Case, cases,
    test_tracker::{TestTracker, parse_email, parse_name, test_password},
};

const CLIENT_IP: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

pub fn cases() -> Vec<Case> {
    cases![people:
        first_owner_link_creates_one_owner,
        new_first_owner_link_invalidates_the_old_one,
        creating_a_user_at_the_command_line_invalidates_the_link,
        first_user_is_an_owner,
        email_addresses_are_unique,
        signing_in_requires_the_correct_password,
        password_attempts_are_limited,
        signing_out_ends_only_the_current_session,
        operator_password_change_ends_all_sessions,
        users_cannot_end_sessions_of_others,
        tokens_have_a_scope_and_expire,
        revoked_token_stops_working_in_every_process,
        users_change_their_own_password,
        users_create_and_revoke_their_own_tokens,
        a_token_that_its_user_revokes_stops_at_once,
        tokens_cannot_manage_the_account,
        number_of_tokens_is_limited,
        secrets_are_not_stored_in_plain_text
    ]
}

fn new_user(address: &str, role: Option<Role>) -> NewUser {
    NewUser {
        email: parse_email(address),
        name: parse_name("Ana"),
        role,
        password: test_password(),
        organization: None,
    }
}

async fn first_owner_link_creates_one_owner(test: TestTracker) {
    let tracker = &test.tracker;
    let link = tracker.create_first_owner_link().await.unwrap().unwrap();
    assert!(tracker.is_first_owner_link_valid(link.reveal()).await.unwrap());
    let (address, ana) = (parse_email("ana@example.org"), parse_name("Ana"));
    let wrong = tracker.claim_first_owner("not the link", &address, &ana, &test_password()).await;
    assert!(matches!(wrong, Err(Error::NotFound("link"))));

    let session = tracker.claim_first_owner(link.reveal(), &address, &ana, &test_password()).await.unwrap();
    let actor = tracker.actor_by_session(session.reveal()).await.unwrap().unwrap();
    assert_eq!((actor.name.as_str(), actor.email.as_str()), ("Ana", "ana@example.org"));
    let organizations = tracker.organizations(&actor).await.unwrap();
    assert_eq!((organizations[0].name.as_str(), organizations[0].role), ("Acme", Role::Owner));

    let again = tracker
        .claim_first_owner(link.reveal(), &parse_email("eve@example.org"), &parse_name("Eve"), &test_password())
        .await;
    assert!(matches!(again, Err(Error::NotFound("link"))));
    assert_eq!(tracker.create_first_owner_link().await.unwrap(), None);
}

async fn new_first_owner_link_invalidates_the_old_one(test: TestTracker) {
    let old = test.tracker.create_first_owner_link().await.unwrap().unwrap();
    let new = test.tracker.create_first_owner_link().await.unwrap().unwrap();
    assert!(!test.tracker.is_first_owner_link_valid(old.reveal()).await.unwrap());
    assert!(test.tracker.is_first_owner_link_valid(new.reveal()).await.unwrap());
}

async fn creating_a_user_at_the_command_line_invalidates_the_link(test: TestTracker) {
    let link = test.tracker.create_first_owner_link().await.unwrap().unwrap();
    test.tracker.operator().create_user(&new_user("ana@example.org", None)).await.unwrap();
    assert!(!test.tracker.is_first_owner_link_valid(link.reveal()).await.unwrap());
}

async fn first_user_is_an_owner(test: TestTracker) {
    let operator = test.tracker.operator();
    let refused = operator.create_user(&new_user("ana@example.org", Some(Role::Member))).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    operator.create_user(&new_user("ana@example.org", None)).await.unwrap();
    operator.create_user(&new_user("bo@example.org", None)).await.unwrap();
    let listed = operator.list_users().await.unwrap();
    let rows: Vec<_> = listed.iter().map(|(user, org, role)| (user.email.as_str(), org.as_str(), *role)).collect();
    assert_eq!(rows, [("ana@example.org", "Acme", Role::Owner), ("bo@example.org", "Acme", Role::Member)]);
}

async fn email_addresses_are_unique(test: TestTracker) {
    let operator = test.tracker.operator();
    operator.create_user(&new_user("ana@example.org", None)).await.unwrap();
    let duplicate = operator.create_user(&new_user("ANA@example.org", None)).await;
    assert!(matches!(duplicate, Err(Error::Conflict(message)) if message.contains("ana@example.org")));
}

async fn signing_in_requires_the_correct_password(test: TestTracker) {
    let tracker = &test.tracker;
    tracker.operator().create_user(&new_user("ana@example.org", None)).await.unwrap();
    let ana = parse_email("ana@example.org");
    let session = tracker.sign_in(&ana, "tripod-lens-17", CLIENT_IP).await.unwrap();
    assert!(tracker.actor_by_session(session.reveal()).await.unwrap().is_some());

    let wrong = tracker.sign_in(&ana, "tripod-lens-18", CLIENT_IP).await.unwrap_err().to_string();
    let unknown =
        tracker.sign_in(&parse_email("eve@example.org"), "tripod-lens-17", CLIENT_IP).await.unwrap_err().to_string();
    assert_eq!(wrong, unknown, "the error must not reveal which users exist");
    // The password of the dummy hash does not sign in unknown users.
    let unknown = tracker.sign_in(&parse_email("eve@example.org"), "password of unknown users", CLIENT_IP).await;
    assert!(matches!(unknown, Err(Error::Invalid(_))));
    assert_eq!(tracker.actor_by_session("").await.unwrap(), None);
}

async fn password_attempts_are_limited(test: TestTracker) {
    let tracker = &test.tracker;
    tracker.operator().create_user(&new_user("ana@example.org", None)).await.unwrap();
    let ana = parse_email("ana@example.org");
    for _ in 0..10 {
        assert!(matches!(tracker.sign_in(&ana, "wrong", CLIENT_IP).await, Err(Error::Invalid(_))));
    }
    let limited = tracker.sign_in(&ana, "tripod-lens-17", CLIENT_IP).await;
    assert!(matches!(limited, Err(Error::TooMany { after_seconds: 1..=31 })));
    tracker.sign_in(&ana, "tripod-lens-17", [10, 0, 0, 2].into()).await.expect("other addresses are not limited");
}

async fn signing_out_ends_only_the_current_session(test: TestTracker) {
    let tracker = &test.tracker;
    tracker.operator().create_user(&new_user("ana@example.org", None)).await.unwrap();
    let ana = parse_email("ana@example.org");
    let here = tracker.sign_in(&ana, "tripod-lens-17", CLIENT_IP).await.unwrap();
    let there = tracker.sign_in(&ana, "tripod-lens-17", CLIENT_IP).await.unwrap();
    let actor = tracker.actor_by_session(here.reveal()).await.unwrap().unwrap();
    let sessions = tracker.sessions(&actor).await.unwrap();
    assert_eq!(sessions.iter().filter(|session| session.current).count(), 1);
    assert_eq!(sessions.len(), 2);

    tracker.sign_out(&actor).await.unwrap();
    assert_eq!(tracker.actor_by_session(here.reveal()).await.unwrap(), None);
    assert!(tracker.actor_by_session(there.reveal()).await.unwrap().is_some());
}

async fn operator_password_change_ends_all_sessions(test: TestTracker) {
    let tracker = &test.tracker;
    tracker.operator().create_user(&new_user("ana@example.org", None)).await.unwrap();
    let ana = parse_email("ana@example.org");
    let session = tracker.sign_in(&ana, "tripod-lens-17", CLIENT_IP).await.unwrap();
    let new = Password::parse("another-lens-18").unwrap();
    tracker.operator().set_password(&ana, &new).await.unwrap();
    assert_eq!(tracker.actor_by_session(session.reveal()).await.unwrap(), None);
    assert!(tracker.sign_in(&ana, "tripod-lens-17", CLIENT_IP).await.is_err());
    tracker.sign_in(&ana, "another-lens-18", CLIENT_IP).await.unwrap();
    let unknown = tracker.operator().set_password(&parse_email("eve@example.org"), &new).await;
    assert!(matches!(unknown, Err(Error::NotFound("user"))));
}

async fn users_cannot_end_sessions_of_others(test: TestTracker) {
    let tracker = &test.tracker;
    for address in ["ana@example.org", "bo@example.org"] {
        tracker.operator().create_user(&new_user(address, None)).await.unwrap();
    }
    let session = tracker.sign_in(&parse_email("ana@example.org"), "tripod-lens-17", CLIENT_IP).await.unwrap();
    let ana = tracker.actor_by_session(session.reveal()).await.unwrap().unwrap();
    let bo = test.actor_with_token(&parse_email("bo@example.org"), Scope::Write).await;
    let Credential::Session(id) = ana.credential else { panic!("not a session") };
    assert!(matches!(tracker.end_session(&bo, id).await, Err(Error::NotFound("session"))));
    assert!(tracker.actor_by_session(session.reveal()).await.unwrap().is_some());
    tracker.end_session(&ana, id).await.unwrap();
    assert_eq!(tracker.actor_by_session(session.reveal()).await.unwrap(), None);
}

async fn tokens_have_a_scope_and_expire(test: TestTracker) {
    let operator = test.tracker.operator();
    operator.create_user(&new_user("ana@example.org", None)).await.unwrap();
    let ana = parse_email("ana@example.org");
    let reader = operator.create_token(&ana, &NewToken::unnamed(Scope::Read, Some(3_600))).await.unwrap();
    assert!(reader.reveal().starts_with("groundglass_"));
    let actor = test.tracker.actor_by_token(reader.reveal()).await.unwrap().unwrap();
    assert!(matches!(actor.credential, Credential::Token { scope: Scope::Read, .. }));
    // A token is not a session.
    assert_eq!(test.tracker.actor_by_session(reader.reveal()).await.unwrap(), None);

    let expired = operator.create_token(&ana, &NewToken::unnamed(Scope::Write, Some(-1))).await.unwrap();
    assert_eq!(test.tracker.actor_by_token(expired.reveal()).await.unwrap(), None);
    let listed = operator.list_tokens().await.unwrap();
    assert_eq!(listed.iter().map(|token| token.scope).collect::<Vec<_>>(), [Scope::Write, Scope::Read]);
    assert!(listed[1].last_used_at.is_some() && listed[0].last_used_at.is_none());
    let unknown = operator.create_token(&parse_email("eve@example.org"), &NewToken::unnamed(Scope::Read, None)).await;
    assert!(matches!(unknown, Err(Error::NotFound("user"))));
}

async fn revoked_token_stops_working_in_every_process(test: TestTracker) {
    let operator = test.tracker.operator();
    operator.create_user(&new_user("ana@example.org", None)).await.unwrap();
    let secret =
        operator.create_token(&parse_email("ana@example.org"), &NewToken::unnamed(Scope::Write, None)).await.unwrap();
    let id = operator.list_tokens().await.unwrap()[0].id;
    let other = test.another_tracker().await.unwrap();
    // The access is cached now.
    assert!(test.tracker.actor_by_token(secret.reveal()).await.unwrap().is_some());
    other.operator().revoke_token(id).await.unwrap();
    assert_eq!(test.tracker.actor_by_token(secret.reveal()).await.unwrap(), None);
    let revoked_at = operator.list_tokens().await.unwrap()[0].revoked_at;
    other.operator().revoke_token(id).await.unwrap();
    assert_eq!(
        operator.list_tokens().await.unwrap()[0].revoked_at,
        revoked_at,
        "revoking again keeps the time of revocation"
    );
    other.close().await;
}

/// Creates a user and signs them in.
async fn signed_in_user(test: &TestTracker, address: &str) -> (Secret, Actor) {
    test.tracker.operator().create_user(&new_user(address, None)).await.unwrap();
    let session = test.tracker.sign_in(&parse_email(address), "tripod-lens-17", CLIENT_IP).await.unwrap();
    let actor = test.tracker.actor_by_session(session.reveal()).await.unwrap().unwrap();
    (session, actor)
}

async fn users_change_their_own_password(test: TestTracker) {
    let tracker = &test.tracker;
    let (here, ana) = signed_in_user(&test, "ana@example.org").await;
    let there = tracker.sign_in(&ana.email, "tripod-lens-17", CLIENT_IP).await.unwrap();
    let token = tracker.create_token(&ana, &NewToken::unnamed(Scope::Read, None)).await.unwrap();
    let new = Password::parse("another-lens-18").unwrap();

    let wrong = tracker.change_password(&ana, "tripod-lens-16", &new, CLIENT_IP).await;
    assert!(matches!(wrong, Err(Error::Invalid(text)) if text == "this is not your current password"));
    assert!(tracker.actor_by_session(there.reveal()).await.unwrap().is_some(), "nothing changed");

    tracker.change_password(&ana, "tripod-lens-17", &new, CLIENT_IP).await.unwrap();
    assert!(tracker.actor_by_session(here.reveal()).await.unwrap().is_some());
    assert_eq!(tracker.actor_by_session(there.reveal()).await.unwrap(), None);
    assert!(tracker.actor_by_token(token.reveal()).await.unwrap().is_some());
    assert!(tracker.sign_in(&ana.email, "tripod-lens-17", CLIENT_IP).await.is_err());
    tracker.sign_in(&ana.email, "another-lens-18", CLIENT_IP).await.unwrap();

    let mut attempts = 0;
    while !matches!(tracker.change_password(&ana, "guess", &new, CLIENT_IP).await, Err(Error::TooMany { .. })) {
        attempts += 1;
        assert!(attempts < 20, "attempts are not limited");
    }
}

async fn users_create_and_revoke_their_own_tokens(test: TestTracker) {
    let tracker = &test.tracker;
    let (_, ana) = signed_in_user(&test, "ana@example.org").await;
    let (_, bo) = signed_in_user(&test, "bo@example.org").await;
    let new = NewToken { name: Some(parse_name("GPU box")), scope: Scope::Write, lifetime_seconds: Some(3_600) };
    let secret = tracker.create_token(&ana, &new).await.unwrap();
    assert_eq!(tracker.actor_by_token(secret.reveal()).await.unwrap().unwrap().user, ana.user);
    tracker.create_token(&ana, &NewToken::unnamed(Scope::Read, None)).await.unwrap();

    let listed = tracker.tokens(&ana).await.unwrap();
    let names = listed.iter().map(|token| token.name.as_ref().map(domain::Name::as_str)).collect::<Vec<_>>();
    assert_eq!(names, [None, Some("GPU box")]);
    assert_eq!((listed[1].scope, &listed[1].email), (Scope::Write, &ana.email));
    assert!(listed[1].expires_at.is_some() && listed[1].last_used_at.is_some());
    assert_eq!(tracker.tokens(&bo).await.unwrap(), []);

    assert!(matches!(tracker.revoke_token(&bo, listed[1].id).await, Err(Error::NotFound("token"))));
    let other = test.another_tracker().await.unwrap();
    tracker.revoke_token(&ana, listed[1].id).await.unwrap();
    assert_eq!(other.actor_by_token(secret.reveal()).await.unwrap(), None);
    assert_eq!(tracker.tokens(&ana).await.unwrap().len(), 1);
    other.close().await;
}

async fn tokens_cannot_manage_the_account(test: TestTracker) {
    let tracker = &test.tracker;
    let (_, ana) = signed_in_user(&test, "ana@example.org").await;
    let script = test.actor_with_token(&ana.email, Scope::Write).await;
    let id = tracker.tokens(&ana).await.unwrap()[0].id;
    let password = Password::parse("another-lens-18").unwrap();
    let results = [
        tracker.tokens(&script).await.map(|_| ()),
        tracker.create_token(&script, &NewToken::unnamed(Scope::Read, None)).await.map(|_| ()),
        tracker.revoke_token(&script, id).await,
        tracker.change_password(&script, "tripod-lens-17", &password, CLIENT_IP).await,
    ];
    for result in results {
        assert!(matches!(result, Err(Error::Forbidden(_))), "{result:?}");
    }
}

async fn a_token_that_its_user_revokes_stops_at_once(test: TestTracker) {
    let (_, ana) = signed_in_user(&test, "ana@example.org").await;
    for _ in 0..20 {
        let secret = test.tracker.create_token(&ana, &NewToken::unnamed(Scope::Write, None)).await.unwrap();
        assert!(test.tracker.actor_by_token(secret.reveal()).await.unwrap().is_some(), "cached now");
        let id = test.tracker.tokens(&ana).await.unwrap()[0].id;
        test.tracker.revoke_token(&ana, id).await.unwrap();
        assert_eq!(test.tracker.actor_by_token(secret.reveal()).await.unwrap(), None);
    }
}

async fn number_of_tokens_is_limited(test: TestTracker) {
    let tracker = &test.tracker;
    let (_, ana) = signed_in_user(&test, "ana@example.org").await;
    let new = NewToken::unnamed(Scope::Read, None);
    for _ in 0..500 {
        tracker.create_token(&ana, &new).await.unwrap();
    }
    assert!(matches!(tracker.create_token(&ana, &new).await, Err(Error::Conflict(_))));
    let id = tracker.tokens(&ana).await.unwrap()[0].id;
    tracker.revoke_token(&ana, id).await.unwrap();
    tracker.create_token(&ana, &new).await.unwrap();
}

async fn secrets_are_not_stored_in_plain_text(test: TestTracker) {
    let operator = test.tracker.operator();
    operator.create_user(&new_user("ana@example.org", None)).await.unwrap();
    let token =
        operator.create_token(&parse_email("ana@example.org"), &NewToken::unnamed(Scope::Write, None)).await.unwrap();
    let session = test.tracker.sign_in(&parse_email("ana@example.org"), "tripod-lens-17", CLIENT_IP).await.unwrap();
    let dump = test.dump_credentials().await;
    assert!(dump.contains("ana@example.org"), "the dump contains stored values");
    for secret in [token.reveal(), session.reveal(), "tripod-lens-17"] {
        assert!(!dump.contains(secret));
    }
}
