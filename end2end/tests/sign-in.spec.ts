// Signing in and out.

import type { Page } from '@playwright/test';

import { waitForHydration, visit } from '../fixtures/navigation.ts';
import { fillSignIn, createUser, owner, signIn } from '../fixtures/users.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { expect, test } from '../fixtures/test.ts';

const NEITHER = 'This e-mail address and password do not belong together.';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

test('the right password leads to the projects', async ({ page }) => {
  await visit(page, '/sign-in');
  await fillSignIn(page, owner.email, owner.password);
  await expect(heading(page)).toHaveText('Projects');
  await expect(page).toHaveURL(/\/organization\/[0-9a-f-]{36}$/);
});

test('a wrong password and an unknown person look the same', async ({ page, server, browserErrors }) => {
  const { email } = await createUser(server);
  browserErrors.expectStatus(422);
  await visit(page, '/sign-in');
  await fillSignIn(page, email, 'not the password');
  await expect(page.getByRole('alert')).toHaveText(NEITHER);
  await expect(page.getByLabel('E-mail')).toHaveValue(email);

  await visit(page, '/sign-in');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await fillSignIn(page, 'nobody@example.org', 'not the password');
  await expect(page.getByRole('alert')).toHaveText(NEITHER);
  await expect(page).toHaveURL(/\/sign-in$/);
});

test('after a wrong password the right one still works', async ({ page, server, browserErrors }) => {
  const { email, password } = await createUser(server);
  browserErrors.expectStatus(422);
  await visit(page, '/sign-in');
  await fillSignIn(page, email, 'not the password');
  await expect(page.getByRole('alert')).toHaveText(NEITHER);
  await fillSignIn(page, email, password);
  await expect(heading(page)).toHaveText('Projects');
});

test('guessing is slowed down, and says for how long', async ({ page, server, requestAs, browserErrors }) => {
  const { email } = await createUser(server);
  const request = await requestAs(undefined);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const answer = await request.post('/fn/sign-in', { form: { email, password: `guess ${attempt}` } });
    expect(answer.status()).toBe(422);
  }
  browserErrors.expectStatus(429);
  await visit(page, '/sign-in');
  await fillSignIn(page, email, 'one more guess');
  await expect(page.getByRole('alert')).toHaveText(/^Too many attempts; try again in \d+ seconds\.$/);
});

test('who is not signed in is led to sign in, and back to where they wanted to go', async ({ page, content }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  const address = `${experiment.path}/settings`;
  await page.goto(address);
  await waitForHydration(page);
  await expect(heading(page)).toHaveText('Sign in');
  await expect(page).toHaveURL(`/sign-in?next=${address}`);
  await fillSignIn(page, owner.email, owner.password);
  await expect(heading(page)).toHaveText(experiment.name);
  await expect(page).toHaveURL(address);
});

test('the page of a list is kept on the way through the sign-in', async ({ page, content }) => {
  const project = await content.createProject();
  await page.goto(`${project.path}?page=2`);
  await waitForHydration(page);
  await fillSignIn(page, owner.email, owner.password);
  await expect(heading(page)).toHaveText(project.name);
  await expect(page).toHaveURL(`${project.path}?page=2`);
});

for (const elsewhere of ['//evil.example/', 'https://evil.example/', '/\\evil.example', '/%09/evil.example', 'javascript:alert(1)']) {
  test(`the way back never leads off the house: ${elsewhere}`, async ({ page, server }) => {
    const { email, password } = await createUser(server);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).origin));
    await visit(page, `/sign-in?next=${encodeURIComponent(elsewhere)}`);
    await fillSignIn(page, email, password);
    await expect(disclosure(page, 'Account')).toBeAttached();
    expect(new URL(page.url()).origin).toBe(server.url);
    expect(asked.filter((origin) => origin !== server.url)).toEqual([]);
  });
}

test('signing out ends the session, in the browser and on the server', async ({ browser, openPage, server, playwright }) => {
  const somebody = await createUser(server);
  const storageState = await signIn(browser, server, somebody);
  const page = await openPage(undefined, { storageState });
  await visit(page, '/account');
  await disclosure(page, 'Account').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(heading(page)).toHaveText('Sign in');

  await visit(page, '/account');
  await expect(page).toHaveURL('/sign-in?next=/account');
  await page.goBack();
  await expect(page.getByText(somebody.email)).toHaveCount(0);

  // The cookie that somebody may have copied is worth nothing.
  const extraHTTPHeaders = { Accept: 'text/html' };
  const copied = await playwright.request.newContext({ baseURL: server.url, storageState, extraHTTPHeaders });
  const answer = await copied.get('/account', { maxRedirects: 0 });
  expect(answer.status()).toBe(302);
  expect(answer.headers()['location']).toBe('/sign-in?next=/account');
  await copied.dispose();
});

test('a session ended from another browser ends there at the next step', async ({ browser, openPage, server, browserErrors }) => {
  const somebody = await createUser(server);
  const there = await openPage(undefined, { storageState: await signIn(browser, server, somebody) });
  const here = await openPage(undefined, { storageState: await signIn(browser, server, somebody) });
  await visit(there, '/account');
  await visit(here, '/account');
  const sessions = here.getByRole('table').getByRole('row');
  // The heading, and one for each browser.
  await expect(sessions).toHaveCount(3);
  await here.getByRole('table').getByRole('button', { name: 'Sign out' }).click();
  await expect(sessions).toHaveCount(2);
  await expect(here.getByText('This browser')).toBeVisible();

  browserErrors.expectStatus(401);
  await there.getByRole('link', { name: 'Projects' }).click();
  await expect(heading(there)).toHaveText('Sign in');
});

test('the session cookie is out of reach of scripts and of other sites', async ({ browser, server }) => {
  const { cookies } = await signIn(browser, server, owner);
  const session = cookies.find(({ name }) => name.includes('session'));
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
});
