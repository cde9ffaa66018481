//! Getting in, being known again, and being thrown out.

use std::net::{IpAddr, Ipv4Addr};

use domain::people::{NewToken, Password, Role, Scope};
use tracker::{Actor, Credential, Error, NewUser, Secret};

use crate::{
    Case, cases,
    test_tracker::{TestTracker, parse_email, parse_name, test_password},
};

const HOME: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

pub fn cases() -> Vec<Case> {
    cases![people:
        the_first_link_makes_one_owner_once,
        a_newer_link_replaces_the_older,
        somebody_made_at_the_command_line_ends_the_link,
        the_first_person_is_an_owner,
        an_address_belongs_to_one_person,
        signing_in_needs_the_right_password,
        guessing_is_stopped,
        a_session_ends_by_signing_out,
        a_new_password_ends_all_sessions,
        sessions_of_others_are_out_of_reach,
        tokens_have_scope_and_end,
        a_revoked_token_is_dead_in_every_process,
        people_change_their_own_password,
        people_make_and_revoke_their_own_tokens,
        a_token_opens_no_account,
        there_is_an_end_to_tokens,
        secrets_are_not_in_the_database
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

async fn the_first_link_makes_one_owner_once(test: TestTracker) {
    let tracker = &test.tracker;
    let link = tracker.first_owner_link().await.unwrap().unwrap();
    assert!(tracker.first_owner_link_works(link.reveal()).await.unwrap());
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
    assert_eq!(tracker.first_owner_link().await.unwrap(), None);
}

async fn a_newer_link_replaces_the_older(test: TestTracker) {
    let old = test.tracker.first_owner_link().await.unwrap().unwrap();
    let new = test.tracker.first_owner_link().await.unwrap().unwrap();
    assert!(!test.tracker.first_owner_link_works(old.reveal()).await.unwrap());
    assert!(test.tracker.first_owner_link_works(new.reveal()).await.unwrap());
}

async fn somebody_made_at_the_command_line_ends_the_link(test: TestTracker) {
    let link = test.tracker.first_owner_link().await.unwrap().unwrap();
    test.tracker.operator().create_user(&new_user("ana@example.org", None)).await.unwrap();
    assert!(!test.tracker.first_owner_link_works(link.reveal()).await.unwrap());
}

async fn the_first_person_is_an_owner(test: TestTracker) {
    let operator = test.tracker.operator();
    let refused = operator.create_user(&new_user("ana@example.org", Some(Role::Member))).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    operator.create_user(&new_user("ana@example.org", None)).await.unwrap();
    operator.create_user(&new_user("bo@example.org", None)).await.unwrap();
    let listed = operator.list_users().await.unwrap();
    let rows: Vec<_> = listed.iter().map(|(user, org, role)| (user.email.as_str(), org.as_str(), *role)).collect();
    assert_eq!(rows, [("ana@example.org", "Acme", Role::Owner), ("bo@example.org", "Acme", Role::Member)]);
}

async fn an_address_belongs_to_one_person(test: TestTracker) {
    let operator = test.tracker.operator();
    operator.create_user(&new_user("ana@example.org", None)).await.unwrap();
    let twice = operator.create_user(&new_user("ANA@example.org", None)).await;
    assert!(matches!(twice, Err(Error::Conflict(sentence)) if sentence.contains("ana@example.org")));
}

async fn signing_in_needs_the_right_password(test: TestTracker) {
    let tracker = &test.tracker;
    tracker.operator().create_user(&new_user("ana@example.org", None)).await.unwrap();
    let ana = parse_email("ana@example.org");
    let session = tracker.sign_in(&ana, "tripod-lens-17", HOME).await.unwrap();
    assert!(tracker.actor_by_session(session.reveal()).await.unwrap().is_some());

    let wrong = tracker.sign_in(&ana, "tripod-lens-18", HOME).await.unwrap_err().to_string();
    let nobody =
        tracker.sign_in(&parse_email("eve@example.org"), "tripod-lens-17", HOME).await.unwrap_err().to_string();
    assert_eq!(wrong, nobody, "the answer tells who is there");
    // The password that stands for nobody's is nobody's.
    let nobody = tracker.sign_in(&parse_email("eve@example.org"), "nobody has this password", HOME).await;
    assert!(matches!(nobody, Err(Error::Invalid(_))));
    assert_eq!(tracker.actor_by_session("").await.unwrap(), None);
}

async fn guessing_is_stopped(test: TestTracker) {
    let tracker = &test.tracker;
    tracker.operator().create_user(&new_user("ana@example.org", None)).await.unwrap();
    let ana = parse_email("ana@example.org");
    for _ in 0..10 {
        assert!(matches!(tracker.sign_in(&ana, "wrong", HOME).await, Err(Error::Invalid(_))));
    }
    let stopped = tracker.sign_in(&ana, "tripod-lens-17", HOME).await;
    assert!(matches!(stopped, Err(Error::TooMany { after_seconds: 1..=31 })));
    tracker.sign_in(&ana, "tripod-lens-17", [10, 0, 0, 2].into()).await.expect("ana herself, elsewhere");
}

async fn a_session_ends_by_signing_out(test: TestTracker) {
    let tracker = &test.tracker;
    tracker.operator().create_user(&new_user("ana@example.org", None)).await.unwrap();
    let ana = parse_email("ana@example.org");
    let here = tracker.sign_in(&ana, "tripod-lens-17", HOME).await.unwrap();
    let there = tracker.sign_in(&ana, "tripod-lens-17", HOME).await.unwrap();
    let actor = tracker.actor_by_session(here.reveal()).await.unwrap().unwrap();
    let sessions = tracker.sessions(&actor).await.unwrap();
    assert_eq!(sessions.iter().filter(|session| session.current).count(), 1);
    assert_eq!(sessions.len(), 2);

    tracker.sign_out(&actor).await.unwrap();
    assert_eq!(tracker.actor_by_session(here.reveal()).await.unwrap(), None);
    assert!(tracker.actor_by_session(there.reveal()).await.unwrap().is_some());
}

async fn a_new_password_ends_all_sessions(test: TestTracker) {
    let tracker = &test.tracker;
    tracker.operator().create_user(&new_user("ana@example.org", None)).await.unwrap();
    let ana = parse_email("ana@example.org");
    let session = tracker.sign_in(&ana, "tripod-lens-17", HOME).await.unwrap();
    let new = Password::parse("another-lens-18").unwrap();
    tracker.operator().set_password(&ana, &new).await.unwrap();
    assert_eq!(tracker.actor_by_session(session.reveal()).await.unwrap(), None);
    assert!(tracker.sign_in(&ana, "tripod-lens-17", HOME).await.is_err());
    tracker.sign_in(&ana, "another-lens-18", HOME).await.unwrap();
    let nobody = tracker.operator().set_password(&parse_email("eve@example.org"), &new).await;
    assert!(matches!(nobody, Err(Error::NotFound("person"))));
}

async fn sessions_of_others_are_out_of_reach(test: TestTracker) {
    let tracker = &test.tracker;
    for address in ["ana@example.org", "bo@example.org"] {
        tracker.operator().create_user(&new_user(address, None)).await.unwrap();
    }
    let session = tracker.sign_in(&parse_email("ana@example.org"), "tripod-lens-17", HOME).await.unwrap();
    let ana = tracker.actor_by_session(session.reveal()).await.unwrap().unwrap();
    let bo = test.actor_with_token(&parse_email("bo@example.org"), Scope::Write).await;
    let Credential::Session(id) = ana.credential else { panic!("a session") };
    assert!(matches!(tracker.end_session(&bo, id).await, Err(Error::NotFound("session"))));
    assert!(tracker.actor_by_session(session.reveal()).await.unwrap().is_some());
    tracker.end_session(&ana, id).await.unwrap();
    assert_eq!(tracker.actor_by_session(session.reveal()).await.unwrap(), None);
}

async fn tokens_have_scope_and_end(test: TestTracker) {
    let operator = test.tracker.operator();
    operator.create_user(&new_user("ana@example.org", None)).await.unwrap();
    let ana = parse_email("ana@example.org");
    let reads = operator.create_token(&ana, &NewToken::unnamed(Scope::Read, Some(3_600))).await.unwrap();
    assert!(reads.reveal().starts_with("groundglass_"));
    let actor = test.tracker.actor_by_token(reads.reveal()).await.unwrap().unwrap();
    assert!(matches!(actor.credential, Credential::Token { scope: Scope::Read, .. }));
    // A token is not a session, nor the other way round.
    assert_eq!(test.tracker.actor_by_session(reads.reveal()).await.unwrap(), None);

    let over = operator.create_token(&ana, &NewToken::unnamed(Scope::Write, Some(-1))).await.unwrap();
    assert_eq!(test.tracker.actor_by_token(over.reveal()).await.unwrap(), None);
    let listed = operator.list_tokens().await.unwrap();
    assert_eq!(listed.iter().map(|token| token.scope).collect::<Vec<_>>(), [Scope::Write, Scope::Read]);
    assert!(listed[1].last_used_at.is_some() && listed[0].last_used_at.is_none());
    let nobody = operator.create_token(&parse_email("eve@example.org"), &NewToken::unnamed(Scope::Read, None)).await;
    assert!(matches!(nobody, Err(Error::NotFound("person"))));
}

async fn a_revoked_token_is_dead_in_every_process(test: TestTracker) {
    let operator = test.tracker.operator();
    operator.create_user(&new_user("ana@example.org", None)).await.unwrap();
    let secret =
        operator.create_token(&parse_email("ana@example.org"), &NewToken::unnamed(Scope::Write, None)).await.unwrap();
    let id = operator.list_tokens().await.unwrap()[0].id;
    let beside = test.another_tracker().await.unwrap();
    beside.operator().revoke_token(id).await.unwrap();
    assert_eq!(test.tracker.actor_by_token(secret.reveal()).await.unwrap(), None);
    let revoked_at = operator.list_tokens().await.unwrap()[0].revoked_at;
    beside.operator().revoke_token(id).await.unwrap();
    assert_eq!(operator.list_tokens().await.unwrap()[0].revoked_at, revoked_at, "revoked once");
    beside.close().await;
}

async fn signed_in(test: &TestTracker, address: &str) -> (Secret, Actor) {
    test.tracker.operator().create_user(&new_user(address, None)).await.unwrap();
    let session = test.tracker.sign_in(&parse_email(address), "tripod-lens-17", HOME).await.unwrap();
    let actor = test.tracker.actor_by_session(session.reveal()).await.unwrap().unwrap();
    (session, actor)
}

async fn people_change_their_own_password(test: TestTracker) {
    let tracker = &test.tracker;
    let (here, ana) = signed_in(&test, "ana@example.org").await;
    let there = tracker.sign_in(&ana.email, "tripod-lens-17", HOME).await.unwrap();
    let token = tracker.create_token(&ana, &NewToken::unnamed(Scope::Read, None)).await.unwrap();
    let new = Password::parse("another-lens-18").unwrap();

    let wrong = tracker.change_password(&ana, "tripod-lens-16", &new, HOME).await;
    assert!(matches!(wrong, Err(Error::Invalid(text)) if text == "this is not your current password"));
    assert!(tracker.actor_by_session(there.reveal()).await.unwrap().is_some(), "nothing changed");

    tracker.change_password(&ana, "tripod-lens-17", &new, HOME).await.unwrap();
    assert!(tracker.actor_by_session(here.reveal()).await.unwrap().is_some());
    assert_eq!(tracker.actor_by_session(there.reveal()).await.unwrap(), None);
    assert!(tracker.actor_by_token(token.reveal()).await.unwrap().is_some());
    assert!(tracker.sign_in(&ana.email, "tripod-lens-17", HOME).await.is_err());
    tracker.sign_in(&ana.email, "another-lens-18", HOME).await.unwrap();

    let mut guesses = 0;
    while !matches!(tracker.change_password(&ana, "guess", &new, HOME).await, Err(Error::TooMany { .. })) {
        guesses += 1;
        assert!(guesses < 20, "guessing goes on");
    }
}

async fn people_make_and_revoke_their_own_tokens(test: TestTracker) {
    let tracker = &test.tracker;
    let (_, ana) = signed_in(&test, "ana@example.org").await;
    let (_, bo) = signed_in(&test, "bo@example.org").await;
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
    let beside = test.another_tracker().await.unwrap();
    tracker.revoke_token(&ana, listed[1].id).await.unwrap();
    assert_eq!(beside.actor_by_token(secret.reveal()).await.unwrap(), None);
    assert_eq!(tracker.tokens(&ana).await.unwrap().len(), 1);
    beside.close().await;
}

async fn a_token_opens_no_account(test: TestTracker) {
    let tracker = &test.tracker;
    let (_, ana) = signed_in(&test, "ana@example.org").await;
    let script = test.actor_with_token(&ana.email, Scope::Write).await;
    let id = tracker.tokens(&ana).await.unwrap()[0].id;
    let password = Password::parse("another-lens-18").unwrap();
    let refusals = [
        tracker.tokens(&script).await.map(|_| ()),
        tracker.create_token(&script, &NewToken::unnamed(Scope::Read, None)).await.map(|_| ()),
        tracker.revoke_token(&script, id).await,
        tracker.change_password(&script, "tripod-lens-17", &password, HOME).await,
    ];
    for refusal in refusals {
        assert!(matches!(refusal, Err(Error::Forbidden(_))), "{refusal:?}");
    }
}

async fn there_is_an_end_to_tokens(test: TestTracker) {
    let tracker = &test.tracker;
    let (_, ana) = signed_in(&test, "ana@example.org").await;
    let new = NewToken::unnamed(Scope::Read, None);
    for _ in 0..500 {
        tracker.create_token(&ana, &new).await.unwrap();
    }
    assert!(matches!(tracker.create_token(&ana, &new).await, Err(Error::Conflict(_))));
    let id = tracker.tokens(&ana).await.unwrap()[0].id;
    tracker.revoke_token(&ana, id).await.unwrap();
    tracker.create_token(&ana, &new).await.unwrap();
}

async fn secrets_are_not_in_the_database(test: TestTracker) {
    let operator = test.tracker.operator();
    operator.create_user(&new_user("ana@example.org", None)).await.unwrap();
    let token =
        operator.create_token(&parse_email("ana@example.org"), &NewToken::unnamed(Scope::Write, None)).await.unwrap();
    let session = test.tracker.sign_in(&parse_email("ana@example.org"), "tripod-lens-17", HOME).await.unwrap();
    let everything = test.dump_credentials().await;
    assert!(everything.contains("ana@example.org"), "the dump shows what is stored");
    for secret in [token.reveal(), session.reveal(), "tripod-lens-17"] {
        assert!(!everything.contains(secret));
    }
}
